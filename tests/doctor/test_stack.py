"""What is said of the stack, its functions and its configuration set."""

import tomllib
from typing import Any

import pytest

from hato.doctor.asking.ses import ask_configuration_set
from hato.doctor.asking.stack import ask_functions, ask_stack
from hato.doctor.finding import Mark, NotKnown
from hato.doctor.judging.stack import (
    SUPPORTED_PYTHONS,
    Function,
    Stack,
    judge_configuration_set,
    judge_functions,
    judge_stack,
)
from hato.project import ROOT
from tests.fakes.aws import FakeAws, refusal

STACK = Stack("hato-dev", "CREATE_COMPLETE")


def describe_stacks(answer: dict[str, Any] | Exception) -> Stack:
    return ask_stack(FakeAws({("cloudformation", "DescribeStacks"): answer}).client("cloudformation"), "hato-dev")


def stack_answer(status: str) -> dict[str, Any]:
    return {
        "Stacks": [
            {
                "StackName": "hato-dev",
                "StackStatus": status,
                "CreationTime": 0,
                "Parameters": [{"ParameterKey": "Sender", "ParameterValue": "news@example.com"}],
                "Outputs": [{"OutputKey": "SendQueue", "OutputValue": "the queue"}],
            }
        ]
    }


@pytest.mark.parametrize(
    ("status", "mark", "mend"),
    [
        ("CREATE_COMPLETE", Mark.OK, ""),
        ("UPDATE_COMPLETE", Mark.OK, ""),
        ("UPDATE_ROLLBACK_COMPLETE", Mark.WARNING, "hato deploy --stage dev"),
        ("UPDATE_IN_PROGRESS", Mark.WARNING, "Look again"),
        ("ROLLBACK_COMPLETE", Mark.FAILED, "describe-stack-events --stack-name hato-dev"),
        ("UPDATE_ROLLBACK_FAILED", Mark.FAILED, "describe-stack-events --stack-name hato-dev"),
    ],
)
def test_the_stack_is_marked_by_its_status(status: str, mark: Mark, mend: str) -> None:
    stack = describe_stacks(stack_answer(status))
    finding = judge_stack(stack, "eu-west-1")
    assert finding.mark is mark
    assert mend in finding.mend
    assert (stack.parameters["Sender"], stack.output("SendQueue")) == ("news@example.com", "the queue")


@pytest.mark.parametrize(
    "answer",
    [
        refusal("DescribeStacks", "ValidationError", "Stack with id hato-dev does not exist"),
        stack_answer("REVIEW_IN_PROGRESS"),
    ],
)
def test_a_stack_that_was_never_made_fails_with_the_command_that_makes_it(answer: dict[str, Any] | Exception) -> None:
    stack = describe_stacks(answer)
    finding = judge_stack(stack, "eu-west-1")
    assert (finding.mark, finding.text) == (Mark.FAILED, "There is no stack hato-dev in eu-west-1.")
    assert "`hato deploy --stage dev --sender ADDRESS`" in finding.mend
    with pytest.raises(NotKnown, match=r"There is no stack yet\."):
        stack.output("SendQueue")


def test_an_output_that_an_older_stack_lacks_is_not_known_until_it_is_deployed_again() -> None:
    with pytest.raises(NotKnown, match="has no output EventDeadLetterQueue") as why:
        STACK.output("EventDeadLetterQueue")
    assert "hato deploy --stage dev" in why.value.mend


def function(name: str, **variables: str) -> dict[str, Any]:
    return {"FunctionName": name, "Runtime": "python3.12", "Environment": {"Variables": variables}}


def test_only_functions_of_the_stage_are_looked_at() -> None:
    functions = [
        function("hato-dev-send_batch", STAGE="dev", SENDER="news@example.com"),
        function("hato-dev", STAGE="dev"),
        function("hato-dev-eu-send_batch", STAGE="dev-eu"),
        function("hato-development", STAGE="development"),
        function("other"),
    ]
    found = ask_functions(FakeAws({("lambda", "ListFunctions"): {"Functions": functions}}).client("lambda"), "dev")
    assert found == [
        Function("hato-dev-send_batch", "python3.12", "news@example.com"),
        Function("hato-dev", "python3.12"),
    ]


def test_functions_on_a_python_that_hato_knows_are_good() -> None:
    finding = judge_functions(STACK, [Function("a", "python3.12"), Function("b", "python3.12")])
    assert (finding.mark, finding.text) == (Mark.OK, "2 functions run on python3.12.")


def test_a_function_on_another_python_is_a_warning() -> None:
    finding = judge_functions(STACK, [Function("a", "python3.12"), Function("b", "python3.9")])
    assert finding.mark is Mark.WARNING
    assert "python3.9" in finding.text


def test_a_stack_without_functions_fails() -> None:
    assert judge_functions(STACK, []).mark is Mark.FAILED


def test_the_pythons_that_hato_knows_are_those_of_its_package() -> None:
    lowest, too_high = SUPPORTED_PYTHONS[0], f"3.{int(SUPPORTED_PYTHONS[-1].split('.')[1]) + 1}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={lowest},<{too_high}"


def configuration_set(**options: Any) -> list[tuple[str, Mark]]:
    answer = {
        "ConfigurationSetName": "hato-dev",
        "ReputationOptions": {"ReputationMetricsEnabled": True},
        "SendingOptions": {"SendingEnabled": True},
        **options,
    }
    ses = FakeAws({("sesv2", "GetConfigurationSet"): answer}).client("sesv2")
    found = judge_configuration_set("hato-dev", ask_configuration_set(ses, "hato-dev"))
    return [(finding.subject, finding.mark) for finding in found]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, [("configuration set", Mark.OK)]),
        ({"SendingOptions": {"SendingEnabled": False}}, [("configuration set", Mark.FAILED)]),
        ({"ReputationOptions": {"ReputationMetricsEnabled": False}}, [("configuration set", Mark.WARNING)]),
        ({"SuppressionOptions": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}}, [("configuration set", Mark.OK)]),
        (
            {"SuppressionOptions": {"SuppressedReasons": ["BOUNCE"]}},
            [("configuration set", Mark.OK), ("set's suppression", Mark.WARNING)],
        ),
        (
            {"SuppressionOptions": {"SuppressedReasons": []}},
            [("configuration set", Mark.OK), ("set's suppression", Mark.WARNING)],
        ),
    ],
)
def test_the_configuration_set_is_marked_by_its_options(options: Any, found: list[tuple[str, Mark]]) -> None:
    assert configuration_set(**options) == found


def test_a_configuration_set_that_is_not_there_fails() -> None:
    ses = FakeAws({("sesv2", "GetConfigurationSet"): refusal("GetConfigurationSet", "NotFoundException")})
    (finding,) = judge_configuration_set("hato-dev", ask_configuration_set(ses.client("sesv2"), "hato-dev"))
    assert (finding.mark, finding.text) == (Mark.FAILED, "There is no configuration set hato-dev.")
