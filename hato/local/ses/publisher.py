"""Publishes due events to the configuration set's topics: one at a time, in order, at a bearable pace."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from hato.local.ses.cloud import Cloud
from hato.local.ses.events import Event, EventLog
from hato.local.ses.notification import SUBJECT, notification
from hato.local.ses.pace import Pace

LOG = logging.getLogger(__name__)
TRIES = 3


class Workers(Protocol):
    def count(self) -> int | None: ...


@dataclass
class Counts:
    published: int = 0
    unwanted: int = 0  # no destination asked for this type
    lost: int = 0  # the emulator did not take it


class Publisher:
    """One thread, so that at most one publish is ever under way; what is due later waits in the log."""

    def __init__(
        self,
        log: EventLog,
        cloud: Cloud,
        workers: Workers,
        region: str,
        top_rate: Callable[[], float],
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._cloud, self._workers = log, cloud, workers
        self._region, self._top_rate = region, top_rate
        self._clock, self._monotonic = clock, monotonic
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self.pace = Pace(top_rate(), monotonic())
        self.counts = Counts()

    @property
    def pending(self) -> int:
        """Copies of events not yet dealt with, the one in hand included."""
        return self._log.pending

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._log.close()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while not self._stopping.is_set():
            event = self._log.next_due(self._clock())
            if event is None:
                self._log.wait(self._clock())
            else:
                self._publish(event)
                self._log.done(event)

    def _publish(self, event: Event) -> None:
        try:
            found = self._cloud.configuration_set(event.message.configuration_set)
            topics = found.topics_for(event.step.kind) if found else ()
        except (BotoCoreError, ClientError) as error:
            return self._give_up(event, error)
        if not topics:
            self.counts.unwanted += 1
            return None
        text = notification(event.message, event.recipient, event.step, event.at, self._region)
        for topic in topics:
            self._deliver(event, topic, text)
        return None

    def _deliver(self, event: Event, topic: str, text: str) -> None:
        for attempt in range(1, TRIES + 1):
            self._wait_for_slot()
            started = self._monotonic()
            try:
                self._cloud.publish(topic, SUBJECT, text)
            except (BotoCoreError, ClientError) as error:
                if attempt == TRIES:
                    return self._give_up(event, error)
            else:
                event.published_at = event.published_at or self._clock()
                self.counts.published += 1
                return None
            finally:
                self.pace.answered(self._monotonic() - started)
        return None

    def _wait_for_slot(self) -> None:
        self.pace.top = self._top_rate()
        if self.pace.wants_a_look(self._monotonic()):
            self.pace.look(self._workers.count(), self._monotonic())
        self._stopping.wait(self.pace.reserve(self._monotonic()))

    def _give_up(self, event: Event, error: Exception) -> None:
        self.counts.lost += 1
        LOG.warning("%s of %s was not published: %s", event.step.kind, event.message.message_id, error)
