"""Step Functions: campaigns are executions, and batches are tasks that it waits for."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

# The token's task ended without us: it timed out, was retried, or its execution was stopped. Nobody waits any more.
_NOBODY_WAITS = {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"}


class Executions:
    """The campaign state machine."""

    def __init__(self, stepfunctions: Any, state_machine_arn: str) -> None:
        self._stepfunctions = stepfunctions
        self._arn = state_machine_arn

    def start(self, campaign_id: str, file_name: str, mail_id: str, version: str) -> None:
        """Start the campaign's execution for this version of the file; nothing where it was started before."""
        document = {"file_name": file_name, "mail_id": mail_id}
        self.run(campaign_id, document | ({"version_id": version} if version else {}))

    def run(self, name: str, document: Mapping[str, object]) -> None:
        """Start an execution; nothing where it was started before."""
        try:
            self._stepfunctions.start_execution(
                stateMachineArn=self._arn, name=name, input=json.dumps(document, ensure_ascii=False)
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def is_running(self, name: str) -> bool:
        """Whether there is an execution of this name that has not ended."""
        try:
            answer = self._stepfunctions.describe_execution(executionArn=self._execution(name))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionDoesNotExist":
                raise
            return False
        return bool(answer["status"] in {"RUNNING", "PENDING_REDRIVE"})

    def end(self, name: str, reason: str) -> None:
        """End an execution; nothing where it has ended, or never was."""
        if self.is_running(name):
            self._stepfunctions.stop_execution(executionArn=self._execution(name), cause=reason)

    def _execution(self, name: str) -> str:
        return f"{self._arn.replace(':stateMachine:', ':execution:')}:{name}"


class Tasks:
    """The tasks that the state machine waits for."""

    def __init__(self, stepfunctions: Any) -> None:
        self._stepfunctions = stepfunctions

    def succeed(self, token: str, result: Mapping[str, Any]) -> None:
        """Tell it that the batch is done; a token that it no longer waits for is no error."""
        self._tell(self._stepfunctions.send_task_success, taskToken=token, output=json.dumps(result))

    def fail(self, token: str, error: str, cause: str) -> None:
        """Tell it that the batch is not done, and why; a token that it no longer waits for is no error."""
        self._tell(self._stepfunctions.send_task_failure, taskToken=token, error=error, cause=cause[:32_000])

    def _tell(self, call: Any, **arguments: str) -> None:
        try:
            call(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOBODY_WAITS:
                raise
