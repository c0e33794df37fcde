"""The emulator, writing down what AWS would charge for, as lines of JSON in the file that COUNT_INTO names.

Each line is {"who": role or function, "what": service:operation, "on": table, state machine or queue, and amounts}.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import psutil
from ministack.app import main
from ministack.core import iam_evaluator
from ministack.core.lambda_runtime import Worker
from ministack.services import dynamodb, lambda_svc, s3, secretsmanager, ses, sns, sqs, stepfunctions

from bench.counting.units import Meter, Units
from hato.project import ROOT

COMMAND = ("-c", f"import sys; sys.path.append({str(ROOT)!r}); from bench.counting.emulator import run; run()")

_CHUNK = 64 * 1024  # of a message, a request each


class Record:
    """The file, and who is asking at the moment."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("a", buffering=1)  # noqa: SIM115 - open as long as the emulator runs
        self._lock = threading.Lock()

    def say(self, what: str, on: str, /, who: str = "", **amounts: float) -> None:
        """Write down a call."""
        line = json.dumps({"who": who or _who(), "what": what, "on": on, **amounts})
        with self._lock:
            self._file.write(line + "\n")


def run() -> None:
    """Run it until it is ended."""
    record = Record(os.environ["COUNT_INTO"])
    Meter(dynamodb, _dynamodb(record)).install()
    for name, module, read in (
        ("s3", s3, _s3),
        ("sns", sns, _named),
        ("ses", ses, _named),
        ("secretsmanager", secretsmanager, _named),
    ):
        module.handle_request = _requests(record, name, module.handle_request, read)
    sqs._act_send_message = sqs._HANDLERS["SendMessage"] = _messages(record, sqs._act_send_message)
    stepfunctions._add_event = _events(record, stepfunctions._add_event)
    stepfunctions._run_sub_machine = _children(record, stepfunctions._run_sub_machine)
    stepfunctions._execute_task = _states_of_children(record, stepfunctions._execute_task)
    stepfunctions._execute_wait = _states_of_children(record, stepfunctions._execute_wait)
    lambda_svc._emit_lambda_logs = _lines(record, lambda_svc._emit_lambda_logs)
    Worker.invoke = _invocations(record, Worker.invoke)
    sys.argv = ["ministack"]
    main()


def _who() -> str:
    """The last part of the caller's ARN: a function's name, "root" for who holds the account's key."""
    return str(iam_evaluator._request_caller_arn.get()).rpartition(":")[2].rpartition("/")[2] or "aws"


def _dynamodb(record: Record) -> Callable[[str, str, Units], None]:
    def say(operation: str, table: str, units: Units) -> None:
        if units.items:
            record.say(f"dynamodb:{operation}", table, reads=units.reads, writes=units.writes, items=units.items)

    return say


def _requests(record: Record, name: str, handle: Any, read: Callable[..., tuple[str, str]]) -> Any:
    async def handled(method: str, path: str, headers: Any, body: bytes, query: Any, **more: Any) -> Any:
        answer = await handle(method, path, headers, body, query, **more)
        what, on = read(method, path, headers, body)
        record.say(f"{name}:{what}", on, bytes=len(body))
        return answer

    return handled


def _s3(method: str, path: str, headers: Any, body: bytes) -> tuple[str, str]:
    """A bucket's own requests are lists, which S3 charges as it does PUT."""
    return f"{method} {'object' if path.strip('/').count('/') else 'bucket'}", ""


def _named(method: str, path: str, headers: Any, body: bytes) -> tuple[str, str]:
    """The operation's name, from the header or from the form, and the topic where there is one."""
    if target := headers.get("x-amz-target", ""):
        return str(target).rpartition(".")[2], ""
    form = parse_qs(body.decode())
    return form.get("Action", [path])[0], form.get("TopicArn", [""])[0].rpartition(":")[2]


def _messages(record: Record, send: Any) -> Any:
    def sent(payload: Any, url: str, *more: Any) -> Any:
        size = len(payload["MessageBody"].encode()) + len(json.dumps(payload.get("MessageAttributes") or {}))
        record.say("sqs:SendMessage", url.rpartition("/")[2], who="queue", chunks=-(-size // _CHUNK))
        return send(payload, url, *more)

    return sent


def _events(record: Record, add: Any) -> Any:
    """A state that is entered is a transition."""

    def added(execution: Any, kind: str, *more: Any, **named: Any) -> Any:
        if kind.endswith("StateEntered"):
            record.say(f"states:{kind}", "", who="states")
        return add(execution, kind, *more, **named)

    return added


def _children(record: Record, run: Any) -> Any:
    """So is an execution that a Distributed Map starts."""

    def ran(states: Any, start: Any, given: Any, execution: Any, ctx: Any, *more: Any, **named: Any) -> Any:
        if "mapRunArn" in execution:
            record.say("states:ChildStarted", "", who="states")
        return run(states, start, given, execution, ctx, *more, **named)

    return ran


def _states_of_children(record: Record, execute: Any) -> Any:
    """And each state of such an execution, of which the emulator keeps no history."""

    def executed(state: Any, given: Any, *more: Any) -> Any:
        if "Map" in more[-1]:
            record.say(f"states:Child{state['Type']}", "", who="states")
        return execute(state, given, *more)

    return executed


def _lines(record: Record, emit: Any) -> Any:
    """What a function wrote itself: CloudWatch adds 26 bytes to each line."""

    def emitted(function: Any, request: str, text: str, *more: Any, **named: Any) -> Any:
        lines = [line.encode() for line in (text or "").splitlines()]
        name = function.get("config", function)["FunctionName"]
        record.say("logs:Lines", "", who=name, bytes=sum(map(len, lines)) + 26 * len(lines), lines=len(lines))
        return emit(function, request, text, *more, **named)

    return emitted


def _invocations(record: Record, invoke: Any) -> Any:
    """How often each function ran, and the seconds of the processor that it took; ticks of 10 ms, right in the sum."""

    def invoked(worker: Any, *arguments: Any, **named: Any) -> Any:
        warm = worker._proc is not None and worker._proc.poll() is None
        before = _processor_seconds(worker) if warm else 0.0
        answer = invoke(worker, *arguments, **named)
        seconds = _processor_seconds(worker) - before
        record.say("lambda:Invoke", worker.func_name, who=worker.func_name, cpu=seconds, warm=int(warm))
        return answer

    return invoked


def _processor_seconds(worker: Any) -> float:
    try:
        times = psutil.Process(worker._proc.pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
