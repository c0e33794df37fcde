"""Every event of every mail: the simulator's own truth, and the queue of what is still to come."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from hato.local.ses.message import Message
from hato.local.ses.notification import timestamp
from hato.local.ses.step import Step


@dataclass(slots=True)
class Event:
    """One step of one recipient's mail.

    It happens at `at` in told time and is due at `due_at` in real time; `published_at` is when a topic had the first
    copy of it, 0 before that.
    """

    message: Message
    recipient: str
    step: Step
    at: float
    due_at: float
    published_at: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "message_id": self.message.message_id,
            "recipient": self.recipient,
            "kind": self.step.kind.value,
            "detail": self.step.detail,
            "bot": self.step.bot,
            "link": self.step.link,
            "at": timestamp(self.at),
            "published": bool(self.published_at),
            "published_at": timestamp(self.published_at) if self.published_at else "",
        }


class EventLog:
    """Events are added by the server and their copies taken by the publisher, in the order in which they are due."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._waiting: list[tuple[float, int, Event]] = []
        self._numbers = count()
        self._changed = threading.Condition()
        self._in_hand = 0
        self._closed = False

    def add(
        self,
        message: Message,
        recipient: str,
        steps: Iterable[tuple[Step, Sequence[float]]],
        time_lapse: float = 1.0,
    ) -> None:
        """Each step comes with how many real seconds after it is due each copy of its event is."""
        with self._changed:
            for step, waits in steps:
                start = message.accepted_at
                event = Event(message, recipient, step, start + step.after, start + step.after / time_lapse)
                self._events.append(event)
                message.events.append(event)
                # The number keeps what is due at one moment in the order in which it was made.
                for wait in waits:
                    heapq.heappush(self._waiting, (event.due_at + wait, next(self._numbers), event))
            self._changed.notify()

    def next_due(self, now: float) -> Event | None:
        """The event of the next copy if that is due; the copy is taken off the queue."""
        with self._changed:
            if self._closed or not self._waiting or self._waiting[0][0] > now:
                return None
            self._in_hand += 1
            return heapq.heappop(self._waiting)[2]

    def done(self, event: Event) -> None:
        """The copy that was taken has been dealt with."""
        with self._changed:
            self._in_hand -= 1

    def wait(self, now: float, at_most: float = 3600.0) -> None:
        """Sleep until the next copy is due, one is added, or the log is closed."""
        with self._changed:
            if not self._closed:
                until_due = self._waiting[0][0] - now if self._waiting else at_most
                self._changed.wait(min(max(0.0, until_due), at_most))

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def pending(self) -> int:
        """How many copies are still to come, one that is being published included."""
        with self._changed:
            return len(self._waiting) + self._in_hand

    def all(self) -> Sequence[Event]:
        with self._changed:
            return list(self._events)
