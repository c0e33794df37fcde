"""The campaigns' executions: the fake and Step Functions promise the same."""

import json
from typing import Any

import pytest

from chalicelib.aws.stepfunctions import Executions
from tests.fakes.executions import FakeExecutions

DONE = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
ROLE = "arn:aws:iam::123456789012:role/hato"
INPUT = {"file_name": "lists/五月/名簿.csv", "mail_id": "五月"}


def started(executions: Any) -> dict[str, Any]:
    """The input of every execution, by its name."""
    if isinstance(executions, FakeExecutions):
        return executions.inputs
    states = executions._stepfunctions
    listed = states.list_executions(stateMachineArn=executions._arn)["executions"]
    inputs = (states.describe_execution(executionArn=each["executionArn"])["input"] for each in listed)
    return {each["name"]: json.loads(text) for each, text in zip(listed, inputs, strict=True)}


class TestExecutions:
    @pytest.fixture(params=["fake", "stepfunctions"])
    def executions(self, request: pytest.FixtureRequest) -> Any:
        if request.param == "fake":
            return FakeExecutions()
        states = request.getfixturevalue("moto")["stepfunctions"]
        machine = states.create_state_machine(name="hato-campaign", definition=json.dumps(DONE), roleArn=ROLE)
        return Executions(states, machine["stateMachineArn"])

    def test_a_campaign_is_started_with_what_it_needs(self, executions):
        executions.start("c1", "lists/五月/名簿.csv", "五月", "")
        executions.start("c2", "lists/五月/名簿.csv", "五月", "v7")
        assert started(executions) == {"c1": INPUT, "c2": INPUT | {"version_id": "v7"}}

    def test_a_later_round_is_started_with_what_it_is_told(self, executions):
        executions.run("c1-r2", INPUT | {"campaign": {"id": "c1", "round": 2}})
        assert started(executions) == {"c1-r2": INPUT | {"campaign": {"id": "c1", "round": 2}}}

    @pytest.mark.parametrize("version", ["", "another"])
    def test_what_was_started_before_is_not_started_again(self, executions, version):
        for each in ("", version):
            executions.start("c1", "lists/五月/名簿.csv", "五月", each)
        assert started(executions) == {"c1": INPUT}

    def test_what_was_started_and_ended_is_not_started_again(self, executions):
        executions.run("c1", INPUT)
        executions.end("c1", "Cancelled.")
        executions.run("c1", INPUT | {"more": 1})
        assert started(executions) == {"c1": INPUT}
        assert not executions.is_running("c1")

    def test_an_execution_runs_until_it_is_ended(self, executions):
        for name in ("c1", "c2"):
            executions.run(name, INPUT)
        assert executions.is_running("c1")
        executions.end("c1", "Cancelled.")
        assert (executions.is_running("c1"), executions.is_running("c2")) == (False, True)

    def test_one_that_never_was_does_not_run(self, executions):
        assert not executions.is_running("c1")

    def test_ending_what_never_was_or_has_ended_is_no_error(self, executions):
        executions.end("c1", "Cancelled.")
        executions.run("c1", INPUT)
        executions.end("c1", "Cancelled.")
        executions.end("c1", "Cancelled again.")
        assert not executions.is_running("c1")
