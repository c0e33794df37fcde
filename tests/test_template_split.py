"""The one template, taken apart: what refers to a function goes one way, all else the other."""

from typing import Any

import pytest

from hato.policies import narrowed
from hato.template import Source, references, resolved

FUNCTION = {"Properties": {"FunctionName": {"Fn::Sub": "hato-${Stage}-send_batch"}}}
QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "hato-${Stage}-send"}}}
ALARM = {
    "Type": "AWS::CloudWatch::Alarm",
    "Properties": {"AlarmName": {"Ref": "SendBatch"}, "Queue": {"Fn::GetAtt": ["Queue", "Arn"]}},
}
ON_ALARM = {"Type": "AWS::X::Y", "Properties": {"Text": {"Fn::Sub": "${Alarm}, ${Queue.Arn}, ${AWS::Region}"}}}
ROLE = {"Type": "AWS::IAM::Policy", "Condition": "Locally", "Properties": {"Roles": [{"Ref": "SendBatchRole"}]}}


@pytest.fixture
def source() -> Source:
    return Source(
        {
            "Parameters": {"Stage": {"Type": "String"}, "Local": {"Type": "String"}, "Unused": {"Type": "String"}},
            "Conditions": {"Locally": {"Fn::Equals": [{"Ref": "Local"}, "true"]}},
            "Globals": {"Function": {"Environment": {"Variables": {"STAGE": {"Ref": "Stage"}}}}},
            "Resources": {"SendBatch": FUNCTION, "Queue": QUEUE, "Alarm": ALARM, "OnAlarm": ON_ALARM, "Policy": ROLE},
            "Outputs": {"Queue": {"Value": {"Ref": "Queue"}}, "Alarm": {"Value": {"Ref": "Alarm"}}},
        }
    )


def test_what_stands_on_a_function_straight_or_by_another_is_orchestration(source: Source) -> None:
    assert source.orchestration()["Resources"].keys() == {"Alarm", "OnAlarm", "Policy"}
    assert source.foundation()["Resources"].keys() == {"Queue"}


def test_what_the_one_stack_needs_of_the_other_is_exported_and_imported(source: Source) -> None:
    exported = {name: each["Export"]["Name"]["Fn::Sub"] for name, each in source.foundation()["Outputs"].items()}
    assert exported == {
        "Queue": "hato-${Stage}-foundation:Queue",
        "QueueArn": "hato-${Stage}-foundation:QueueArn",
    }
    assert imported("QueueArn") == source.orchestration()["Resources"]["Alarm"]["Properties"]["Queue"]
    assert source.foundation()["Outputs"]["QueueArn"]["Value"] == {"Fn::GetAtt": ["Queue", "Arn"]}


def test_what_is_imported_into_a_text_becomes_a_variable_of_it(source: Source) -> None:
    text, variables = source.orchestration()["Resources"]["OnAlarm"]["Properties"]["Text"]["Fn::Sub"]
    assert text == "${Alarm}, ${QueueArn}, ${AWS::Region}"
    assert variables == {"QueueArn": imported("QueueArn")}


def imported(name: str) -> dict[str, Any]:
    return {"Fn::ImportValue": {"Fn::Sub": f"hato-${{Stage}}-foundation:{name}"}}


def test_functions_and_their_roles_go_by_the_names_that_chalice_gives_them(source: Source) -> None:
    resources = source.orchestration()["Resources"]
    assert resources["Alarm"]["Properties"]["AlarmName"] == {"Fn::Sub": "hato-${Stage}-send_batch"}
    assert resources["Policy"]["Properties"]["Roles"] == [{"Fn::Sub": "hato-${Stage}-send_batch"}]


def test_each_stack_has_the_parameters_and_conditions_that_it_uses(source: Source) -> None:
    foundation, orchestration = source.foundation(), source.orchestration()
    assert (foundation["Parameters"].keys(), foundation["Conditions"].keys()) == ({"Stage"}, set())
    assert orchestration["Conditions"].keys() == {"Locally"}
    assert orchestration["Parameters"].keys() == {"Stage", "Local", "EndpointURL", "PagesURL", "RestAPIId"}


def test_the_orchestration_has_every_output(source: Source) -> None:
    outputs = source.orchestration()["Outputs"]
    assert outputs["Queue"] == {"Value": imported("Queue")}
    assert outputs["Alarm"] == {"Value": {"Ref": "Alarm"}}
    assert outputs.keys() == {"Queue", "Alarm", "EndpointURL", "PagesURL", "RestAPIId"}


def test_a_reference_is_found_wherever_it_stands() -> None:
    part = {"DependsOn": "A", "X": [{"Ref": "B"}, {"Fn::Sub": ["${C.Arn} ${D}", {"D": {"Fn::GetAtt": ["E", "Arn"]}}]}]}
    assert references(part) >= {"A", "B", "C", "E"}


def test_names_are_put_in_for_what_they_stand_for() -> None:
    part = {"a": {"Fn::Sub": "hato-${Stage}-${AWS::Region}"}, "b": [{"Ref": "Stage"}, 1]}
    assert resolved(part, {"Stage": "dev", "AWS::Region": "r"}) == {"a": "hato-dev-r", "b": ["dev", 1]}


def test_a_name_without_a_value_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        resolved({"Fn::Sub": "${Nobody}"}, {})


@pytest.mark.parametrize(
    ("pattern", "narrow"),
    [
        (
            "arn:aws:dynamodb:*:*:table/hato-*-mails",
            "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/hato-${Stage}-mails",
        ),
        (
            "arn:aws:s3:::hato-*-uploads-*/campaigns/*",
            "arn:${AWS::Partition}:s3:::hato-${Stage}-uploads-${AWS::AccountId}-${AWS::Region}/campaigns/*",
        ),
        (
            "arn:aws:logs:*:*:log-group:/aws/lambda/hato-*:*",
            "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/hato-${Stage}:*",
        ),
    ],
)
def test_a_pattern_over_stages_and_accounts_becomes_one_of_each(pattern: str, narrow: str) -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "x:Y", "Resource": [pattern, "*"]}]}
    assert narrowed(document)["Statement"][0]["Resource"] == [{"Fn::Sub": narrow}, "*"]
