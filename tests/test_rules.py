"""How checkov's reports are judged, and how the state machine is read for statelint."""

import json
from pathlib import Path
from typing import Any

import pytest

from hato.project import ROOT
from tests import rules

TEMPLATE = "template.json"
COPY = "unsuppressed-template.json"


def record(file: str = TEMPLATE, comment: str | None = None) -> dict[str, Any]:
    return {
        "check_id": "CKV_AWS_27",
        "check_name": "Queues are encrypted",
        "resource": "AWS::SQS::Queue.SendQueue",
        "file_path": f"/build/{file}",
        "check_result": {"result": "SKIPPED", "suppress_comment": comment} if comment is not None else {},
    }


def report(**kinds: list[Any]) -> dict[str, list[Any]]:
    return {"passed_checks": [], "failed_checks": [], "skipped_checks": [], "parsing_errors": [], **kinds}


REASON = "SQS encrypts it"
PASSED = report(passed_checks=[record(), record(COPY)])
FAILED = report(failed_checks=[record(), record(COPY)])
SUPPRESSED = report(skipped_checks=[record(comment=REASON)], failed_checks=[record(COPY)])


@pytest.mark.parametrize("each", [PASSED, SUPPRESSED], ids=["passed", "suppressed"])
def test_what_passes_or_is_suppressed_with_a_reason_is_no_finding(each: dict[str, list[Any]]) -> None:
    assert rules.judge(each, [TEMPLATE]) == []


def test_a_failed_check_is_a_finding() -> None:
    wanted = "template.json: CKV_AWS_27 of AWS::SQS::Queue.SendQueue: Queues are encrypted"
    assert rules.judge(FAILED, [TEMPLATE]) == [wanted]


def test_a_template_that_checkov_could_not_read_is_a_finding() -> None:
    unread = PASSED | {"parsing_errors": ["broken.json"]}
    assert rules.judge(unread, [TEMPLATE, "broken.json"]) == ["checkov could not read broken.json"]


def test_a_suppression_of_what_would_pass_is_a_finding() -> None:
    needless = SUPPRESSED | {"failed_checks": [], "passed_checks": [record(COPY)]}
    (finding,) = rules.judge(needless, [TEMPLATE])
    assert finding.endswith("is suppressed and would pass")


@pytest.mark.parametrize("comment", ["", "No comment provided", "see above"])
def test_a_suppression_without_a_reason_is_a_finding(comment: str) -> None:
    (finding,) = rules.judge(SUPPRESSED | {"skipped_checks": [record(comment=comment)]}, [TEMPLATE])
    assert finding.endswith("is suppressed without a reason")


def test_suppressions_are_told_by_their_reasons() -> None:
    assert rules.suppressed(SUPPRESSED) == {("CKV_AWS_27", REASON): {"SendQueue"}}


@pytest.mark.parametrize(
    "text",
    [
        '{"Metadata": {"checkov": {"skip": []}}}',
        "Metadata: { checkov: { skip: [] } }",
        "Metadata:\n  checkov:\n    skip: []",
        "# checkov:skip=CKV_AWS_27:SQS encrypts it",
    ],
)
def test_a_copy_of_a_template_suppresses_nothing(text: str) -> None:
    assert "checkov" not in rules.without_suppressions(text)


# ── secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_file_of_the_project_is_searched_and_nothing_that_is_made() -> None:
    files = {file.relative_to(ROOT) for file in rules.project_files()}
    assert {Path("app.py"), Path("Makefile"), Path(".chalice/config.json"), Path(".ci/run")} <= files
    assert not {file for file in files if file.parts[0] in {".git", ".venv", "build"} or file.suffix == ".pyc"}


# ── the state machine ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_definition_is_read_in_the_words_of_the_specification() -> None:
    text = '{"Label": "A", "Retry": [{"BackoffRate": 2, "MaxAttempts": 2}], "Resource": "${Function}"}'
    definition, _ = rules.read_definition(text)
    assert json.dumps(definition["Retry"]) == '[{"BackoffRate": 2.0, "MaxAttempts": 2}]'
    assert definition["Resource"].startswith("arn:")
    assert "Label" not in definition


def test_a_name_that_stands_twice_in_the_definition_is_found() -> None:
    _, twice = rules.read_definition('{"States": {"Send": {"Type": "Task"}, "Send": {"Type": "Pass"}}}')
    assert twice == ["Send"]
