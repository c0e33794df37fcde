"""python -m tests.templates FOLDER [STAGE]"""

import json
import sys
from pathlib import Path

from hato.packaging import package
from tests.templates import CHECKS, ON_ALL_RESOURCES, read_templates

PLAIN = "template.plain.json"  # what SAM made, left in the package's folder for tests.rules


def main(folder: str, stage: str = "dev") -> int:
    """Make the package, check it, and say what was checked; returns how the process is to exit."""
    made = package(Path(folder).resolve(), stage).folder
    templates = read_templates(made)
    (made / PLAIN).write_text(json.dumps(templates.plain, indent=1))
    wrong = 0
    for check in CHECKS:
        findings = check(templates)
        wrong += len(findings)
        sys.stdout.write(f"{'WRONG' if findings else 'ok   '} {check.__doc__}\n")
        sys.stdout.writelines(f"      - {finding}\n" for finding in findings)
    sys.stdout.write("`Resource: *` where IAM has nothing finer:\n")
    sys.stdout.writelines(f"      {action}: {reason}\n" for action, reason in ON_ALL_RESOURCES.items())
    return 1 if wrong else 0


sys.exit(main(*sys.argv[1:3]))
