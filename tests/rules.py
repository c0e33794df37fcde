"""What others' rules find: checkov in the templates, and in every file that may hold a secret; statelint in the state
machine, which cfn-lint looks at only from afar.

Both live in an environment of their own, .venv-check: they bring 300 MB and old pins. By itself checkov is content with
a template that is missing or broken, and with a suppression that nothing needs; so its report is judged here.

.venv-check/bin/python -m tests.rules FOLDER    the package's folder; prints what was looked at; exit 1 on any finding
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

TEMPLATES = ("template.plain.json", "foundation.yaml", "orchestration.yaml")
DEFINITION = "campaign.asl.json"

# What AWS has added to the States Language; statelint goes by the specification alone.
ADDED_BY_AWS = {"Label", "InputType"}
# The one format that is only guessed, from how mixed the letters are: it takes names for secrets.
GUESSED = "CKV_SECRET_6"
# The project's own among the names that start with a dot.
DOTTED = {".chalice", ".ci", ".gitignore"}

_UNSUPPRESSED = "unsuppressed-"  # before the name of a template's copy that suppresses nothing
_NO_REASON = "No comment provided"  # what checkov puts where there is none
_SUBSTITUTION = re.compile(r"\$\{\w+\}")
_ANY_ARN = "arn:aws:lambda:us-east-1:123456789012:function:any"

Record = dict[str, Any]


def checkov(*arguments: str) -> dict[str, list[Record]]:
    """What checkov reports of each kind (`failed_checks`, `passed_checks`, …); it asks no server."""
    command = [Path(sys.executable).with_name("checkov"), "--skip-download", "--output", "json", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        reports = json.loads(done.stdout)
    except ValueError:
        sys.exit(f"checkov made no report:\n{done.stdout}{done.stderr}")
    records = defaultdict[str, list[Record]](list)
    for report in reports if isinstance(reports, list) else [reports]:
        for kind, found in report.get("results", {}).items():
            records[kind] += found
    return records


# ── templates ───────────────────────────────────────────────────────────────────────────────────────────────────────


def report_on(templates: Iterable[Path]) -> dict[str, list[Record]]:
    """checkov's report on the templates, and on a copy of each that suppresses nothing."""
    with tempfile.TemporaryDirectory(prefix="hato-rules-") as folder:
        copies = [Path(folder) / (_UNSUPPRESSED + template.name) for template in templates]
        for template, copy in zip(templates, copies, strict=True):
            if template.exists():
                copy.write_text(without_suppressions(template.read_text()))
        return checkov("--framework", "cloudformation", "--file", *map(str, [*templates, *copies]))


def without_suppressions(text: str) -> str:
    """The template with all that checkov would heed said to nobody."""
    return re.sub(r"\bcheckov(?=['\"]?:)", "nobody", text)


def judge(report: dict[str, list[Record]], names: Iterable[str]) -> list[str]:
    """The failed checks, the templates that were not read, and the suppressions without a reason or a need."""
    looked_at = {_file(each) for records in report.values() for each in records if isinstance(each, dict)}
    found = [f"checkov could not read {name}" for name in names if name not in looked_at]
    needed = {_what(each).removeprefix(_UNSUPPRESSED) for each in report["failed_checks"] if _is_copy(each)}
    found += [f"{_what(each)}: {each['check_name']}" for each in report["failed_checks"] if not _is_copy(each)]
    for each in report["skipped_checks"]:
        if _what(each) not in needed:
            found.append(f"{_what(each)} is suppressed and would pass")
        elif len(_reason(each).split()) < 3:
            found.append(f"{_what(each)} is suppressed without a reason")
    return found


def suppressed(report: dict[str, list[Record]]) -> dict[tuple[str, str], set[str]]:
    """The resources for which each check is suppressed, by check and reason."""
    reasons = defaultdict[tuple[str, str], set[str]](set)
    for each in report["skipped_checks"]:
        reasons[each["check_id"], _reason(each)].add(each["resource"].rsplit(".", 1)[-1])
    return reasons


def _file(record: Record) -> str:
    return Path(record["file_path"]).name


def _is_copy(record: Record) -> bool:
    return _file(record).startswith(_UNSUPPRESSED)


def _what(record: Record) -> str:
    return f"{_file(record)}: {record['check_id']} of {record['resource']}"


def _reason(record: Record) -> str:
    return str(record["check_result"].get("suppress_comment") or "").removeprefix(_NO_REASON)


# ── secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_secrets(files: Iterable[Path]) -> list[str]:
    """Keys, tokens and passwords in the files; and whether checkov looked, by a key that is planted for it to find."""
    with tempfile.TemporaryDirectory(prefix="hato-rules-") as folder:
        planted = Path(folder) / "planted"
        planted.write_text("key = " + "AKIA" + "7Q2WX5ZR" * 2)
        looking = ("--framework", "secrets", "--enable-secret-scan-all-files", "--skip-check", GUESSED)
        secrets = checkov(*looking, "--file", str(planted), *map(str, files))["failed_checks"]
    found = [f"{each['check_name']} in {each['file_path']}, line {each['file_line_range'][0]}" for each in secrets]
    others = [each for each in found if f"/{planted.name}," not in each]
    return others if len(others) < len(found) else [*others, "checkov did not look for secrets"]


def project_files() -> list[Path]:
    """Every file but what is made from others: builds, environments, caches."""
    tops = [top for top in ROOT.iterdir() if top.name in DOTTED or not top.name.startswith((".", "build"))]
    files = [file for top in tops for file in (top.rglob("*") if top.is_dir() else [top])]
    return sorted(file for file in files if file.is_file() and file.suffix != ".pyc")


# ── the state machine ───────────────────────────────────────────────────────────────────────────────────────────────


def lint_definition(text: str) -> list[str]:
    """What statelint says of the state machine, and which names stand twice in one object."""
    from statelint.linter import Linter  # only .venv-check has it

    definition, twice = read_definition(text)
    return [f"{name} stands twice in one object" for name in twice] + Linter.validate(definition)


def read_definition(text: str) -> tuple[dict[str, Any], list[str]]:
    """The definition in the specification's words, every substitution filled in; and the names that stand twice."""
    twice: list[str] = []

    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        twice.extend(sorted({name for name in names if names.count(name) > 1}))
        return as_specified(dict(pairs))

    return json.loads(_SUBSTITUTION.sub(_ANY_ARN, text), object_pairs_hook=read), twice


def as_specified(part: dict[str, Any]) -> dict[str, Any]:
    """An object of the definition without what AWS has added, and with a factor that is a fraction, as 2.0 is."""
    kept = {name: value for name, value in part.items() if name not in ADDED_BY_AWS}
    if isinstance(kept.get("BackoffRate"), int):
        kept["BackoffRate"] = float(kept["BackoffRate"])
    return kept


def main(folder: str) -> int:
    """Look at everything and say what was found; returns how the process is to exit."""
    report = report_on([Path(folder).resolve() / name for name in TEMPLATES])
    results = {
        "checkov finds nothing in the templates but what they suppress, each with its reason": judge(report, TEMPLATES),
        "no file of the project holds a secret": find_secrets(project_files()),
        "statelint finds nothing in the state machine": lint_definition((Path(folder) / DEFINITION).read_text()),
    }
    for promise, findings in results.items():
        sys.stdout.write(f"{'WRONG' if findings else 'ok   '} {promise}\n")
        sys.stdout.writelines(f"      - {finding}\n" for finding in findings)
    sys.stdout.write("suppressed in the templates:\n")
    for (check, reason), names in sorted(suppressed(report).items()):
        sys.stdout.write(f"      {check} ({', '.join(sorted(names))}): {reason}\n")
    return 1 if any(results.values()) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
