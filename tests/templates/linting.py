"""What cfn-lint says, and what of it is left out with which reason."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from tests.templates.reading import Templates


def lint(template: dict[str, Any]) -> list[str]:
    """cfn-lint's errors and warnings."""
    with tempfile.TemporaryDirectory(prefix="hato-lint-") as folder:
        file = Path(folder) / "template.json"
        file.write_text(json.dumps(template, indent=1))
        found = lint_file(file, config=ManualArgs(regions=["us-east-1"]))
    return [f"{each.rule.id} {each.message} (at {'/'.join(map(str, each.path or ()))})" for each in found]


def check_sam_lint(templates: Templates) -> list[str]:
    """cfn-lint finds nothing in the SAM template, not even a warning"""
    return lint(templates.sam)


def check_plain_lint(templates: Templates) -> list[str]:
    """cfn-lint finds nothing in the CloudFormation template, the state machine's definition included"""
    return lint(templates.plain)


def check_stacks_lint(templates: Templates) -> list[str]:
    """cfn-lint finds nothing in the two stacks around `chalice deploy`"""
    return [f"{name}: {each}" for name, template in templates.stacks.items() for each in lint(template)]


def check_suppressions(templates: Templates) -> list[str]:
    """every suppressed rule of cfn-lint has its reason beside it, and no rule is suppressed elsewhere"""
    lines = (templates.project / "statemachine" / "resources.yaml").read_text().splitlines()
    bare = [line.strip() for line in lines if "ignore_checks" in line and not re.search(r"\s# \S+ \S+", line)]
    settings = [file.name for name in (".cfnlintrc*", ".checkov.y*ml") for file in templates.project.glob(name)]
    return [f"no reason: {line}" for line in bare] + [f"settings outside of the template: {name}" for name in settings]
