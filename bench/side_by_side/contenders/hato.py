"""Hato's send step whole: the function that Lambda calls, with a queue message of a full batch."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from typing import Any

from bench.side_by_side.letter import CAMPAIGN_ID, MAIL_ID, SENDER, Letter, Person


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda says of an invocation."""

    function_name: str = "hato-bench-send_batch"
    aws_request_id: str = "00000000-0000-4000-8000-000000000000"
    memory_limit_in_mb: str = "512"

    def get_remaining_time_in_millis(self) -> int:
        """It always has just begun."""
        return 90_000


class Hato:
    """Sends a batch at a time."""

    def __init__(self) -> None:
        os.environ.update({"STAGE": "bench", "SENDER": SENDER, "PAGES_URL": "https://example.com/api/"})
        self._send_batch = import_module("app").send_batch  # app reads the environment, once
        self._numbers = count()

    def ready(self, people: Sequence[Person]) -> Callable[[], object]:
        """A queue message, as the state machine puts it."""
        recipients = [
            {"row": row, "email": person.email, "fields": {"email": person.email, "name": person.name}}
            for row, person in enumerate(people, 2)
        ]
        batch = {
            "campaign_id": CAMPAIGN_ID,
            "mail_id": MAIL_ID,
            "batch": next(self._numbers),
            "recipients": recipients,
        }
        body = json.dumps({"task_token": "t" * 600, "batch": batch})
        event = {"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": body}]}
        return lambda: self._sent(event, len(people))

    def _sent(self, event: dict[str, Any], number: int) -> None:
        answer = self._send_batch(event, Context())
        if answer.get("accepted") != number:
            raise RuntimeError(f"Not all were sent: {answer}")


def contender(letter: Letter) -> Hato:
    """Make it; the letter comes from the stand-in, as campaigns keep theirs in S3."""
    return Hato()
