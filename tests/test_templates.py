"""The package's templates: as Hato makes them they pass every check, and each check finds what it looks for."""

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.settings import Settings
from hato.packaging import Package
from hato.policies import narrowed
from hato.project import ROOT
from tests import templates as checks
from tests.templates import Templates
from tests.templates.linting import lint

APP = ("app.py", "chalicelib", "requirements.txt", "statemachine", ".chalice/config.json")
Change = Callable[[Templates], None]


@pytest.fixture(scope="session")
def templates(made_package: Package) -> Templates:
    return checks.read_templates(made_package.folder)


@pytest.fixture
def changed(templates: Templates) -> Callable[[Change], Templates]:
    """A copy of the templates with something spoilt."""

    def spoil(change: Change) -> Templates:
        spoilt = copy.deepcopy(templates)
        change(spoilt)
        return spoilt

    return spoil


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
def test_the_package_passes(check: Callable[[Templates], list[str]], templates: Templates) -> None:
    assert check(templates) == []


# ── chalice package ─────────────────────────────────────────────────────────────────────────────────────────────────


def run_chalice_package(folder: Path, *arguments: str) -> None:
    """What a user types in a copy of the project; pip takes the wheels that were fetched, where they were."""
    for part in APP:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for policy in (ROOT / ".chalice").glob("policy-*.json"):
        shutil.copy(policy, folder / ".chalice")
    wheels = Path(sys.prefix) / "wheels"
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)} if wheels.is_dir() else {}
    done = subprocess.run(
        [sys.executable, "-c", "from chalice.cli import main; main()", "package", *arguments],
        cwd=folder,
        env={"AWS_DEFAULT_REGION": "us-east-1", **os.environ, **offline},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_plain_chalice_package_makes_the_template_that_hato_makes_but_for_wider_policies(
    tmp_path: Path, templates: Templates
) -> None:
    merge = ("--merge-template", "statemachine/resources.yaml", "--template-format", "yaml")
    run_chalice_package(tmp_path, *merge, "--stage", "local", "OUT")
    made = yaml.safe_load((tmp_path / "OUT" / "sam.yaml").read_text())
    assert made != templates.sam
    for resource in made["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                policy["PolicyDocument"] = narrowed(policy["PolicyDocument"])
    assert made == templates.sam


def test_the_upload_handler_is_packaged_as_a_function_that_the_bucket_notifies(templates: Templates) -> None:
    on_upload = templates.sam["Resources"]["OnUpload"]["Properties"]
    assert on_upload["Handler"] == "app.on_upload"
    assert on_upload["Events"] == {
        "Upload": {"Type": "S3", "Properties": {"Bucket": {"Ref": "UploadBucket"}, "Events": "s3:ObjectCreated:*"}}
    }


# ── parameters and settings ─────────────────────────────────────────────────────────────────────────────────────────

# Each parameter that becomes a setting, and the variable that it is told by.
SETTINGS = {
    "SendingShare": "SENDING_SHARE",
    "SendConcurrency": "SEND_CONCURRENCY",
    "SettlingMinutes": "SETTLING_MINUTES",
    "UnknownOutcomes": "UNKNOWN_OUTCOMES",
    "BounceLimit": "BOUNCE_LIMIT",
    "ComplaintLimit": "COMPLAINT_LIMIT",
    "BreakerAfter": "BREAKER_AFTER",
    "LogLevel": "LOG_LEVEL",
}


@pytest.mark.parametrize(("parameter", "variable"), SETTINGS.items())
def test_a_stack_that_is_told_nothing_has_the_settings_own_defaults(
    templates: Templates, parameter: str, variable: str
) -> None:
    default = str(templates.sam["Parameters"][parameter]["Default"])
    assert Settings.from_environment({variable: default}) == Settings.from_environment({})


@pytest.mark.parametrize(("parameter", "variable"), SETTINGS.items())
def test_a_stack_takes_no_value_that_its_functions_refuse(templates: Templates, parameter: str, variable: str) -> None:
    # A setting that cannot be used keeps every function of the stack from starting.
    rules = templates.sam["Parameters"][parameter]
    values = rules.get("AllowedValues") or [rules["MinValue"], rules["MaxValue"]]
    for value in values:
        Settings.from_environment({variable: str(value)})


@pytest.mark.parametrize(("parameter", "variable"), SETTINGS.items())
def test_every_function_is_told_what_the_stack_was_told(templates: Templates, parameter: str, variable: str) -> None:
    if parameter == "SendConcurrency":  # not a function but its queue goes by it
        source = templates.sam["Resources"]["SendBatch"]["Properties"]["Events"]["SendBatchSqsEventSource"]
        told = source["Properties"]["ScalingConfig"]["MaximumConcurrency"]["Fn::If"][2]
    else:
        told = templates.sam["Globals"]["Function"]["Environment"]["Variables"][variable]
    assert told == {"Ref": parameter}


def test_the_pace_is_refreshed_every_minute(templates: Templates) -> None:
    (schedule,) = templates.sam["Resources"]["RefreshPace"]["Properties"]["Events"].values()
    assert schedule["Type"] == "Schedule"
    assert schedule["Properties"]["Schedule"] == "rate(1 minute)"


# ── each check finds what it looks for ──────────────────────────────────────────────────────────────────────────────


def resource(templates: Templates, name: str) -> Any:
    return templates.plain["Resources"][name]["Properties"]


def statements(templates: Templates, role: str) -> Any:
    return resource(templates, role)["Policies"][0]["PolicyDocument"]["Statement"]


def rewrite_definition(templates: Templates, change: Callable[[dict[str, Any]], object]) -> None:
    definition = copy.deepcopy(templates.definition)
    change(definition)
    resource(templates, "CampaignStateMachine")["DefinitionString"] = json.dumps(definition)


def alone(template: dict[str, Any], name: str) -> dict[str, Any]:
    """The template with nothing but this resource: to lint all of it takes several seconds."""
    return {**template, "Resources": {name: template["Resources"][name]}, "Outputs": {}}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda machine: machine.update(States=[]), id="a list where the states belong"),
        pytest.param(lambda machine: machine.update(StartAt="Nowhere"), id="a first state that is none"),
        pytest.param(lambda machine: machine["States"]["LoadMail"].pop("Resource"), id="a task without its resource"),
        pytest.param(
            lambda machine: machine["States"]["SendBatches"]["ItemProcessor"]["States"]["SendBatch"].update(Type="Tsk"),
            id="an unknown type inside of the Map",
        ),
    ],
)
def test_a_broken_state_machine_is_found_by_cfn_lint(
    change: Callable[[dict[str, Any]], object], changed: Callable[[Change], Templates]
) -> None:
    spoilt = changed(lambda each: rewrite_definition(each, change))
    found = lint(alone(spoilt.plain, "CampaignStateMachine"))
    assert any(finding.startswith("E3601") for finding in found), found


def test_a_circle_is_found_by_cfn_lint_in_the_transformed_template(changed: Callable[[Change], Templates]) -> None:
    def refer(templates: Templates) -> None:
        resource(templates, "OnUpload")["Environment"]["Variables"]["UPLOAD_BUCKET"] = {"Ref": "UploadBucket"}

    spoilt = changed(refer)
    assert any(finding.startswith("E3004") for finding in checks.check_plain_lint(spoilt))
    assert "OnUpload refers to the bucket" in checks.check_no_circle(spoilt)


def test_a_mistake_in_the_sam_template_is_found_by_cfn_lint(changed: Callable[[Change], Templates]) -> None:
    spoilt = changed(lambda each: each.sam["Resources"]["SendQueue"]["Properties"].update(Visibility=1))
    assert any("Visibility" in finding for finding in lint(alone(spoilt.sam, "SendQueue")))


def test_a_suppressed_rule_without_a_reason_is_found(templates: Templates, tmp_path: Path) -> None:
    (tmp_path / "statemachine").mkdir()
    text = "cfn-lint: { config: { ignore_checks: [W3037] } }"
    (tmp_path / "statemachine" / "resources.yaml").write_text(f"{text} # AWS says so\n{text}\n{text} #\n")
    (tmp_path / ".cfnlintrc.yaml").touch()
    assert len(checks.check_suppressions(replace(templates, project=tmp_path))) == 3


SPOILT: list[tuple[str, Callable[[Templates], list[str]], Change]] = [
    ("no output StateMachine", checks.check_outputs, lambda each: each.plain["Outputs"].pop("StateMachine")),
    (
        "the bucket's notifications are []",
        checks.check_upload_event,
        lambda each: resource(each, "UploadBucket").pop("NotificationConfiguration"),
    ),
    ("SendBatch is named None", checks.check_names, lambda each: resource(each, "SendBatch").pop("FunctionName")),
    (
        "UploadBucket does not block all public access",
        checks.check_bucket_is_private,
        lambda each: resource(each, "UploadBucket")["PublicAccessBlockConfiguration"].update(BlockPublicAcls=False),
    ),
    (
        "UploadBucket takes plain HTTP",
        checks.check_bucket_is_private,
        lambda each: each.plain["Resources"].pop("UploadBucketPolicy"),
    ),
    (
        "UploadBucket does not encrypt",
        checks.check_bucket_is_private,
        lambda each: resource(each, "UploadBucket").pop("BucketEncryption"),
    ),
    (
        "OnlySesOfThisAccount lets {'Service': 'ses.amazonaws.com'} do sns:Publish",
        checks.check_topic_policies,
        lambda each: resource(each, "TopicsPolicy")["PolicyDocument"]["Statement"][0]["Condition"].clear(),
    ),
    (
        "OnlySesOfThisAccount lets * do sns:Publish",
        checks.check_topic_policies,
        lambda each: resource(each, "TopicsPolicy")["PolicyDocument"]["Statement"][0].update(Principal="*"),
    ),
    (
        "FeedbackTopic has no policy",
        checks.check_topic_policies,
        lambda each: resource(each, "TopicsPolicy")["Topics"].remove({"Ref": "FeedbackTopic"}),
    ),
    (
        "SendQueue takes plain HTTP",
        checks.check_queue_policies,
        lambda each: each.plain["Resources"].pop("SendQueuesPolicy"),
    ),
    (
        "WhatSnsCouldNotHandOver lets {'Service': 'sns.amazonaws.com'} do sqs:SendMessage",
        checks.check_queue_policies,
        lambda each: resource(each, "EventDeadLetterQueuePolicy")["PolicyDocument"]["Statement"][0]["Condition"].pop(
            "ArnEquals"
        ),
    ),
    (
        "SendQueue does not encrypt",
        checks.check_queue_policies,
        lambda each: resource(each, "SendQueue").pop("SqsManagedSseEnabled"),
    ),
    (
        "LinkKey goes with its stack",
        checks.check_data_is_kept,
        lambda each: each.plain["Resources"]["LinkKey"].pop("DeletionPolicy"),
    ),
    (
        "MailsTable lacks DeletionProtectionEnabled",
        checks.check_data_is_kept,
        lambda each: resource(each, "MailsTable").pop("DeletionProtectionEnabled"),
    ),
    (
        "Sender replaces MailsTable",
        checks.check_nothing_is_replaced,
        lambda each: resource(each, "MailsTable").update(TableName={"Fn::Sub": "hato-${Stage}-${Sender}"}),
    ),
    (
        "ContactsTable is not what it was",
        checks.check_data_has_the_shape_it_had,
        lambda each: resource(each, "ContactsTable")["KeySchema"].append({"AttributeName": "x", "KeyType": "RANGE"}),
    ),
    (
        "OnUpload loses what it fails on",
        checks.check_failures_are_kept,
        lambda each: each.plain["Resources"].pop("OnUploadFailures"),
    ),
    (
        "OnFeedbackOnFeedbackSnsSubscription loses what it cannot hand over",
        checks.check_failures_are_kept,
        lambda each: resource(each, "OnFeedbackOnFeedbackSnsSubscription").pop("RedrivePolicy"),
    ),
    (
        "ThrottlesAlarm tells nobody, or of nothing",
        checks.check_alarms,
        lambda each: resource(each, "ThrottlesAlarm").update(TreatMissingData="breaching"),
    ),
    (
        "nobody sees that SendBatch fails",
        checks.check_alarms,
        lambda each: each.plain["Resources"].pop("SendBatchErrorsAlarm"),
    ),
    (
        "ThrottlesAlarm has no runbook nothing",
        checks.check_alarms,
        lambda each: resource(each, "ThrottlesAlarm").update(AlarmName={"Fn::Sub": "hato-${Stage}-nothing"}),
    ),
    (
        "MailsTable is in neither",
        checks.check_stacks_are_whole,
        lambda each: each.stacks["foundation"]["Resources"].pop("MailsTable"),
    ),
    (
        "nobody exports hato-${Stage}-foundation:SendQueueArn",
        checks.check_stacks_are_whole,
        lambda each: each.stacks["foundation"]["Outputs"].pop("SendQueueArn"),
    ),
    (
        "SendQueue hides a message for 539 s, its function may run for 90 s",
        checks.check_visibility,
        lambda each: resource(each, "SendQueue").update(VisibilityTimeout=539),
    ),
    (
        "PrepareBatches depends on itself",
        checks.check_no_circle,
        lambda each: resource(each, "PrepareBatches").update(X={"Fn::Sub": "${CampaignStateMachine.Arn}"}),
    ),
    (
        "SendBatch shares OnUploadRole with OnUpload",
        checks.check_roles,
        lambda each: resource(each, "SendBatch").update(Role={"Fn::GetAtt": ["OnUploadRole", "Arn"]}),
    ),
    (
        "OnUploadRole is not what policy-on-upload.json says",
        checks.check_roles,
        lambda each: statements(each, "OnUploadRole").pop(),
    ),
    (
        "SendBatchRole/Send allows ses:*",
        checks.check_policies,
        lambda each: statements(each, "SendBatchRole")[9].update(Sid="Send", Action="ses:*"),
    ),
    (
        "SendBatchRole/All allows dynamodb:GetItem on all resources",
        checks.check_policies,
        lambda each: statements(each, "SendBatchRole").append(
            {"Sid": "All", "Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": ["*"]}
        ),
    ),
    (
        "SendBatchRole/All allows logs:PutLogEvents on all resources",
        checks.check_policies,
        lambda each: statements(each, "SendBatchRole").append(
            {"Sid": "All", "Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:*:*:*"}
        ),
    ),
    (
        "LocalCloudPolicy/ allows dynamodb:BatchExecuteStatement, which AWS does not know",
        checks.check_policies,
        lambda each: each.plain["Resources"]["LocalCloudPolicy"].pop("Condition"),
    ),
    (
        "OnUploadRole reads objects and may not list",
        checks.check_missing_is_told_from_forbidden,
        lambda each: [
            statement.update(Action="s3:GetObject")
            for statement in statements(each, "OnUploadRole")
            if statement["Action"] == "s3:ListBucket"
        ],
    ),
    (
        "MailNotFound is never reached",
        checks.check_states_are_reachable,
        lambda each: each.definition["States"]["MailFound"].update(Default="PrepareBatches"),
    ),
    (
        "there is no state Nowhere",
        checks.check_states_are_reachable,
        lambda each: each.definition["States"]["LoadMail"]["Catch"][0].update(Next="Nowhere"),
    ),
    (
        "MailFound never ends",
        checks.check_states_are_reachable,
        lambda each: each.definition["States"].update(
            MailFound={"Type": "Pass", "Next": "MailNotFound"}, MailNotFound={"Type": "Pass", "Next": "MailFound"}
        ),
    ),
    (
        "Retry of SendBatch names SendingThrotled",
        checks.check_errors_are_known,
        lambda each: retries(each)[1].update(ErrorEquals=["SendingThrotled"]),
    ),
    (
        "Retry of SendBatch has States.ALL before others",
        checks.check_errors_are_known,
        lambda each: retries(each).reverse(),
    ),
    (
        "SendBatch does not wait for CampaignPaused",
        checks.check_errors_are_told_apart,
        lambda each: [
            rule.update(MaxAttempts=0) for rule in retries(each) if rule["ErrorEquals"] == ["CampaignPaused"]
        ],
    ),
    (
        "SendBatch tries CampaignStopped again",
        checks.check_errors_are_told_apart,
        lambda each: retries(each)[0].update(MaxAttempts=1),
    ),
    (
        "${MailsTable} is not given",
        checks.check_substitutions,
        lambda each: resource(each, "CampaignStateMachine")["DefinitionSubstitutions"].pop("MailsTable"),
    ),
    (
        "Unused is given and not used",
        checks.check_substitutions,
        lambda each: resource(each, "CampaignStateMachine")["DefinitionSubstitutions"].update(Unused="x"),
    ),
]


def retries(templates: Templates) -> Any:
    return dict(templates.states())["SendBatch"]["Retry"]


@pytest.mark.parametrize(("finding", "check", "change"), SPOILT, ids=[finding for finding, _, _ in SPOILT])
def test_a_check_finds(
    finding: str,
    check: Callable[[Templates], list[str]],
    change: Change,
    changed: Callable[[Change], Templates],
) -> None:
    assert finding in check(changed(change))


def test_the_reasons_for_all_resources_are_all_needed(templates: Templates) -> None:
    used = {
        action
        for _, statement in checks.allowed(templates)
        for action in checks.listed(statement["Action"])
        if checks.listed(statement["Resource"]) == ["*"]
    }
    assert used == set(checks.ON_ALL_RESOURCES)
