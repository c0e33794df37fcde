"""The emulator, writing down every call of a role, as a line of JSON in the file that RECORD_CALLS names:
[principal, action, resource, decision]. Started in its place by the tests' local cloud.
"""

import json
import os
from pathlib import Path
from typing import Any

from ministack.app import main
from ministack.core import iam_evaluator

_record = Path(os.environ["RECORD_CALLS"]).open("a", buffering=1)  # noqa: SIM115 - open as long as the emulator runs
_evaluate = iam_evaluator.evaluate


def evaluate(context: Any, *policies: Any, **more: Any) -> Any:
    result = _evaluate(context, *policies, **more)
    call = [context.principal_arn, context.action, context.resource_arn, result.decision]
    _record.write(json.dumps(call) + "\n")
    return result


iam_evaluator.evaluate = evaluate
main()
