"""What there is to see of a campaign at one moment: no printing, no clock, no network."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.breaker import Breaker
from chalicelib.domain.campaign import ENDED, Status
from chalicelib.domain.duration import duration
from chalicelib.domain.report import Report
from hato.cli.watch.allowance import Allowance

_ORDER = ("preparing", "sending", "finishing", "finished")
_BREAKER = Breaker()
_NEAR = 0.5  # of the breaker's limit
_QUIET = 60.0


class Mark(StrEnum):
    """How far a phase is."""

    DONE = "done"
    NOW = "now"
    HELD = "held"
    FAILED = "failed"
    TO_COME = "to_come"


class Alarm(StrEnum):
    """How near to the circuit breaker's limit a number is."""

    NONE = "none"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase by its name, and how far it is."""

    name: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Harm:
    """How many mails bounced or were complained of, and of how many that were sent."""

    name: str
    count: int
    share: float
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class View:
    """A campaign at one moment; `rate` is None while it is not measured yet, `quiet` is for how many seconds no row
    has come to an end.
    """

    report: Report
    rate: float | None = None
    allowance: Allowance | None = None
    quiet: float = 0.0

    @property
    def phase(self) -> str:
        """The phase it is in, in a word."""
        report, status = self.report, self.report.status
        if report.has_ended:
            return status.value
        if status in ENDED:
            return "finishing"
        if status is Status.SENDING and report.rows and report.settled >= report.rows:
            return "finishing"
        return "waiting" if status is Status.SENDING and self._is_day_over else status.value

    @property
    def phases(self) -> list[Phase]:
        """All phases, as far as they are; one that is held, or came to nothing, stands for the one it held up."""
        place = self._place
        to_come = [] if self.report.has_ended else _ORDER[place + 1 :]
        done = [Phase(name, Mark.DONE) for name in _ORDER[:place]]
        return [*done, Phase(self.phase, self._mark), *(Phase(name, Mark.TO_COME) for name in to_come)]

    @property
    def why(self) -> str:
        """Why it does not go on, or not at full speed; empty where nothing holds it back."""
        if self.report.reason:
            return self.report.reason
        if self.phase == "waiting":
            return "The account's mails of today are used up; it goes on when SES takes more."
        return self._why_slowly if self.phase == "sending" else ""

    @property
    def _why_slowly(self) -> str:
        if self.allowance and self.allowance.is_throttled:
            part = self.allowance.rate / self.allowance.full_rate
            return f"SES throttled a moment ago: {part:.0%} of the rate is used for now."
        if self.quiet >= _QUIET:
            return f"Nothing has moved for {duration(self.quiet)}: batches wait to be tried again."
        return ""

    @property
    def share(self) -> float | None:
        """How much of the rows has come to an end; None while it is not known how many there are."""
        return min(1.0, self.report.settled / self.report.rows) if self.report.rows else None

    @property
    def seconds_left(self) -> float | None:
        """How long it takes from here; None where it cannot be said."""
        if self.phase != "sending" or not self.rate:
            return None
        return (self.report.rows - self.report.settled) / self.rate

    @property
    def harms(self) -> Iterator[Harm]:
        """Bounces and complaints so far."""
        events = self.report.events
        sent = max(self.report.ends["accepted"], events["delivered"] + events["bounced"])
        for name, limit in (("bounced", _BREAKER.bounces), ("complained", _BREAKER.complaints)):
            share = events[name] / sent if sent else 0.0
            yield Harm(name, events[name], share, _alarm(share, limit, sent))

    @property
    def _is_day_over(self) -> bool:
        return self.allowance is not None and self.allowance.is_day_over

    @property
    def _place(self) -> int:
        report, status = self.report, self.report.status
        if status is Status.FINISHED and report.has_ended:
            return 3
        if self.phase == "finishing":
            return 2
        return 1 if report.batches or status is Status.SENDING else 0

    @property
    def _mark(self) -> Mark:
        if self.report.status in {Status.FAILED, Status.STOPPED}:
            return Mark.FAILED
        if self.report.has_ended:
            return Mark.DONE
        return Mark.HELD if self.phase in {"paused", "waiting"} else Mark.NOW


def _alarm(share: float, limit: float, sent: int) -> Alarm:
    """Few mails say little: the breaker itself does not look before so many are sent."""
    if share > limit and sent >= _BREAKER.after:
        return Alarm.OVER
    return Alarm.NEAR if share > limit * _NEAR else Alarm.NONE
