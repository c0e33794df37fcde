"""What the running invocation is about: every log line of it says so."""

import logging
from typing import Any

_LOG = logging.getLogger("hato")
_SHORTEST_SECRET = 16  # a shorter one opens nothing, and hiding it would blot out words


class Invocation:
    """The function, the request, and, once they are understood, the campaign and the batch.

    One object, for a Lambda handles one invocation at a time; the threads that call SES see it too, which a context
    variable would not give them.
    """

    def __init__(self) -> None:
        self.begin("", "")

    def begin(self, function: str = "", request_id: str = "") -> None:
        """Another invocation begins: nothing is known of it but these, whatever the one before was about."""
        self.function, self.request_id = function, request_id
        self.campaign = ""
        self.batch: int | None = None
        self.secrets: list[str] = []

    def about(self, campaign: str = "", batch: int | None = None) -> None:
        """What it deals with from now on, in the place of what it dealt with before."""
        self.campaign, self.batch = campaign, batch
        if campaign:
            _LOG.debug("understood")  # all that is left of an invocation that Lambda ends by force

    def keep_secret(self, text: str) -> None:
        """No line of this invocation will have this text in it: a task's token, a link's."""
        if len(text) >= _SHORTEST_SECRET:
            self.secrets.append(text)

    def fields(self) -> dict[str, Any]:
        """Its part of a log line; campaign and batch where they are known."""
        known = {"campaign": self.campaign or None, "batch": self.batch}
        return {
            "function": self.function,
            "request_id": self.request_id,
            **{name: value for name, value in known.items() if value is not None},
        }


invocation = Invocation()
