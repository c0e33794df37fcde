"""Each role may do what its function does, and nothing that none of the end-to-end tests needed.

What the roles asked for is written down by the emulator through the whole run, so these tests come last in it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from hato.access import Access
from hato.project import ROOT

pytestmark = [pytest.mark.cloud, pytest.mark.last]

# What is granted though no call here asks the emulator for it, and why.
NOT_SEEN = {
    "ses:GetAccount": "asked of the SES simulator, which checks no rights",
    "ses:SendBulkEmail": "asked of the SES simulator, which checks no rights",
    "ses:ApplyTrackingConfigurationOverrides": "asked of the SES simulator, which checks no rights",
    "ses:SendBulkTemplatedEmail": "what SES itself checks under a SendBulkEmail of its second version",
    "sqs:ReceiveMessage": "Lambda's poller asks for it in the role's name, the emulator's does not ask",
    "sqs:DeleteMessage": "Lambda's poller asks for it in the role's name, the emulator's does not ask",
    "sqs:GetQueueAttributes": "Lambda's poller asks for it in the role's name, the emulator's does not ask",
    "logs:CreateLogStream": "Lambda writes the log in the role's name, the emulator's does not ask",
    "logs:PutLogEvents": "Lambda writes the log in the role's name, the emulator's does not ask",
    "dynamodb:PartiQLInsert": "the emulator calls it BatchExecuteStatement",
    "dynamodb:PartiQLUpdate": "the emulator calls it BatchExecuteStatement",
    "kms:GenerateDataKey": "SNS asks for it in the role's name, and the emulator's topics are not encrypted",
    "kms:Decrypt": "SNS asks for it in the role's name, and the emulator's topics are not encrypted",
    "s3:ListBucket": "decides whether S3 calls an object that is not there missing or forbidden",
    "s3:AbortMultipartUpload": "only where writing a long file breaks off",
}
HANDED_OVER = "sqs:SendMessage"  # by Lambda itself, when a function of events has failed for the last time
EVENT_FUNCTIONS = {"on_upload", "on_feedback", "on_delivery", "on_engagement"}


@pytest.fixture
def all_end_to_end(request: pytest.FixtureRequest) -> None:
    here = Path(__file__).parent
    collected = {Path(item.path).name for item in request.session.items if Path(item.path).parent == here}
    missing = {file.name for file in here.glob("test_*.py")} - collected
    if missing:
        pytest.skip(f"What is used shows in all end-to-end tests together; {len(missing)} files of them are not run.")


@pytest.fixture
def asked(deployed: Access, recorded_calls: Path) -> dict[str, dict[str, set[str]]]:
    """What each function asked for: {function: {action: {decision}}}; S3's own policy is asked after the role's."""
    functions = {arn.rsplit("/", 1)[1]: name for name, arn in roles(deployed).items()}
    found: dict[str, dict[str, set[str]]] = {name: {} for name in functions.values()}
    for line in recorded_calls.read_text().splitlines():
        principal, action, _, decision = json.loads(line)
        role = principal.split("/")[1] if ":assumed-role/" in principal else ""
        if role in functions:
            calls = found[functions[role]]
            calls.setdefault(action, set()).add(decision)
    return found


def roles(deployed: Access) -> dict[str, str]:
    configurations = deployed.client("lambda").list_functions()["Functions"]
    named = {each["FunctionName"]: each["Role"] for each in configurations}
    ours = {name.removeprefix(f"{deployed.stack}-"): role for name, role in named.items()}
    return {name: role for name, role in ours.items() if name not in named} | {"api_handler": named[deployed.stack]}


def granted() -> dict[str, set[str]]:
    """What each function may do, by its policy file."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    found: dict[str, set[str]] = {}
    for function, settings in config["lambda_functions"].items():
        policy: dict[str, Any] = json.loads((ROOT / ".chalice" / settings["iam_policy_file"]).read_text())
        actions = [statement["Action"] for statement in policy["Statement"]]
        found[function] = {each for action in actions for each in ([action] if isinstance(action, str) else action)}
    return found


@pytest.mark.usefixtures("all_end_to_end")
def test_every_right_is_used(asked: dict[str, dict[str, set[str]]]) -> None:
    unused = {
        function: unseen
        for function, actions in granted().items()
        if function in asked and (unseen := actions - asked[function].keys() - NOT_SEEN.keys() - handed_over(function))
    }
    assert unused == {}


def handed_over(function: str) -> set[str]:
    return {HANDED_OVER} if function in EVENT_FUNCTIONS else set()


def test_nothing_is_asked_for_that_is_not_granted(asked: dict[str, dict[str, set[str]]]) -> None:
    refused = {
        function: denied
        for function, calls in asked.items()
        if (denied := {action for action, decisions in calls.items() if "Allow" not in decisions})
    }
    assert refused == {}
    assert any(asked.values())
