"""A batch's mails leave: call by call, each when its slot comes, several side by side where SES takes its time."""

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

from chalicelib.domain import pacing
from chalicelib.domain.delivery import Claim
from chalicelib.domain.mail import Mail
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.parcel import Answer, Parcel, SendResult
from chalicelib.errors import CampaignStopped, DailyQuotaReached, SendingThrottled
from chalicelib.steps.clock import Clock, timestamp
from chalicelib.steps.sending import Campaigns, Ledger, Mailer, Pacer
from chalicelib.steps.triage import Progress

# All the calls of a batch of 500: the fastest accounts have all of them under way at once.
MOST_UNDER_WAY = 10

_UnderWay = tuple[list[Parcel], Future[list[SendResult]]]

# A pause is noticed after so many seconds at the latest; looking before every call would cost a read a call.
_LOOK_EVERY = 2.0
# Looking takes a while, and a call that leaves late comes too close to the next: so it is done just before the slot.
_LOOK_BEFORE = 0.05
# How often a batch tries again by itself before the state machine waits for it.
_ROUNDS = 8
_ROUNDING = 1e-3
_HELD_UP = 0.1
_GLANCE_EVERY = 0.02


@dataclass(frozen=True, slots=True)
class Courier:
    """Takes claimed addresses' mails to SES, with what that needs."""

    campaigns: Campaigns
    ledger: Ledger
    pacer: Pacer
    mailer: Mailer
    clock: Clock
    side_by_side: Callable[[], Executor]

    def deliver(self, claim: Claim, mail: Mail, parcels: Sequence[Parcel], deadline: float, progress: Progress) -> None:
        """Send to all of them, and write down what became of each; whom SES did not take is given back.

        Raises what keeps the rest of the batch from being sent now: SendingThrottled, DailyQuotaReached,
        CampaignPaused or CampaignStopped.
        """
        Trip(self, claim, mail, deadline, progress, {each.recipient.email: each for each in parcels}).run()


@dataclass(slots=True)
class Trip:
    """One batch on its way: who waits, and what SES has said so far."""

    courier: Courier
    claim: Claim
    mail: Mail
    deadline: float
    progress: Progress
    waiting: dict[str, Parcel]
    looked_at: float = 0.0
    said: dict[Answer, str] = field(default_factory=dict)
    counted: bool = False
    heeded: int = 0
    under_way: list[_UnderWay] = field(default_factory=list)

    def run(self) -> None:
        """Send until nobody waits."""
        try:
            for _ in range(_ROUNDS):
                self._send_waiting()
                if not self.waiting:
                    return
            said = self.said.get(Answer.THROTTLED) or self.said.get(Answer.TRANSIENT)
            raise SendingThrottled(said or "SES takes mail too slowly to finish the batch in one go.")
        except Exception:  # whatever it was: who was not sent to must not wait for the settling time
            self.courier.ledger.release(self.claim, list(self.waiting))
            raise

    def _send_waiting(self) -> None:
        """Send to all who wait, in one stretch of time; whom SES did not take, or it was too short for, waits again."""
        parcels, size = list(self.waiting.values()), self.courier.pacer.call_size()
        calls = self.courier.mailer.fit(parcels, size)
        if len(calls) > math.ceil(len(parcels) / size):  # large mails: SES takes only so much in one request
            size = max(map(len, calls))
        stretch = self.courier.pacer.reserve(len(calls), size, self._not_counted(), self.deadline)
        try:
            with self.courier.side_by_side() as pool:
                self._send_calls(calls, size, stretch, pool)
        finally:  # the pool waits for the calls that are under way: what they did counts, whatever came between
            self._harvest(self.under_way)
            self.under_way = []
            self._heed()

    def _send_calls(
        self, calls: Iterable[list[Parcel]], size: int, stretch: pacing.Reservation, pool: Executor
    ) -> None:
        slot, interval, last = stretch.start, stretch.interval, stretch.slot(stretch.calls - 1)
        for call in calls:
            self._make_room()
            self._wait(slot)
            self._harvest_done()
            if self._heed():  # slower from here on, within the same stretch: the time after it is somebody else's
                slower = max(interval, self.courier.pacer.interval(size))
                slot, interval = slot - interval + slower, slower
                if slot > last + _ROUNDING:
                    return
                self._wait(slot)
            for parcel in call:
                del self.waiting[parcel.recipient.email]
            self.under_way.append((call, pool.submit(self._call, call)))
            late = self.courier.clock.now().timestamp() - slot
            # A worker that was held up does not make up for it: the slots that it missed are gone.
            slot += interval + (late if late > max(interval, _HELD_UP) else 0.0)
            if slot > last + _ROUNDING:
                return

    def _not_counted(self) -> int:
        """How many of those who wait the day's mails have not been asked for yet."""
        count, self.counted = len(self.waiting) if not self.counted else 0, True
        return count

    def _wait(self, slot: float) -> None:
        """Wait for the slot; look whether the campaign is still to be sent. Raises where it is not, or time is up."""
        clock = self.courier.clock
        clock.sleep_until(slot - _LOOK_BEFORE)
        now = clock.now().timestamp()
        if now - self.looked_at >= _LOOK_EVERY:
            self.courier.campaigns.check_sending(self.claim.batch.campaign_id)
            self.looked_at = now
        clock.sleep_until(slot)
        if clock.now().timestamp() > self.deadline:
            raise SendingThrottled("SES answers too slowly to finish the batch in one go.")

    def _call(self, call: Sequence[Parcel]) -> list[SendResult]:
        """One call, and at once the record of what it did: a crash between the two costs the settling time."""
        batch, ledger = self.claim.batch, self.courier.ledger
        settled = self._settled(call)
        to_send = [parcel for parcel in call if parcel.recipient.email not in settled]
        results = self.courier.mailer.send(self.mail, batch.campaign_id, to_send) if to_send else []
        answers = {each.recipient.email: result for each, result in zip(to_send, results, strict=True)}
        now = timestamp(self.courier.clock.now())
        if accepted := {who: each.message_id for who, each in answers.items() if each.answer is Answer.ACCEPTED}:
            ledger.accept(batch.mail_id, accepted, now)
        if refused := {who: each.reason for who, each in answers.items() if each.answer is Answer.REFUSED}:
            ledger.fail(batch.mail_id, refused, now)
        return [(settled | answers)[parcel.recipient.email] for parcel in call]

    def _settled(self, call: Sequence[Parcel]) -> dict[str, SendResult]:
        """Who of an earlier try that broke off was sent to, as an event says that came since this try began."""
        asked = [parcel.recipient.email for parcel in call if parcel.recipient.email in self.progress.taken_over]
        if not asked:
            return {}
        known = self.courier.ledger.read(self.claim.batch.mail_id, asked)
        return {
            email: SendResult(Answer.ACCEPTED, delivery.message_id)
            for email, delivery in known.items()
            if delivery.has_event
        }

    def _make_room(self) -> None:
        """Wait until another call can begin at once: one that waited for a thread would leave when nobody looks."""
        clock = self.courier.clock
        while len(self.under_way) >= MOST_UNDER_WAY:
            clock.sleep_until(clock.now().timestamp() + _GLANCE_EVERY)
            self._harvest_done()

    def _harvest_done(self) -> None:
        done = [each for each in self.under_way if each[1].done()]
        self.under_way = [each for each in self.under_way if each not in done]
        self._harvest(done)

    def _harvest(self, done: Iterable[_UnderWay]) -> None:
        """Take in what SES answered; who is to be tried again waits again. Raises what a call raised, after all."""
        errors = []
        for call, future in done:
            if error := future.exception():
                errors.append(error)
                continue
            results = future.result()
            self.progress.calls_throttled += any(each.answer is Answer.THROTTLED for each in results)
            for parcel, result in zip(call, results, strict=True):
                self._take(parcel, result)
        for error in errors:
            raise error

    def _take(self, parcel: Parcel, result: SendResult) -> None:
        match result.answer:
            case Answer.ACCEPTED:
                self.progress.end(parcel.recipient, OutcomeKind.ACCEPTED, message_id=result.message_id)
            case Answer.REFUSED:
                self.progress.end(parcel.recipient, OutcomeKind.FAILED, result.reason)
            case Answer.UNSURE:
                self.progress.unsettled += 1
            case _:
                self.waiting[parcel.recipient.email] = parcel
                self.said[result.answer] = result.reason

    def _heed(self) -> bool:
        """Do what SES's answers ask for: whether to go on more slowly.

        Raises for what concerns more than the recipients of a call.
        """
        if Answer.STOPPED in self.said:
            self.courier.campaigns.stop(self.claim.batch.campaign_id, self.said[Answer.STOPPED])
            self.progress.stopped = True
            raise CampaignStopped(self.said[Answer.STOPPED])
        if Answer.QUOTA in self.said:
            self.courier.pacer.quota_reached()
            raise DailyQuotaReached(self.said[Answer.QUOTA])
        if self.progress.calls_throttled == self.heeded:
            return False
        self.courier.pacer.throttled()
        self.heeded = self.progress.calls_throttled
        return True
