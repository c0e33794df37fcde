"""Two campaigns of one mail, three batches, six people: crashes, throttles, pauses and repetitions in any order."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chalicelib.domain.campaign import ENDED, PausedBy
from chalicelib.domain.delivery import Settling, UnknownOutcomes
from chalicelib.domain.mail import Rendered
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.parcel import Answer, Parcel, SendResult
from tests.fakes.mailer import FakeMailer, Reply
from tests.fakes.moments import PowerCut
from tests.steps.house import PAIRS, SETTLING, House, address, batch

NAMES = "abcdef"
CAMPAIGNS = ("c1", "c2")
BATCHES = (batch("abc"), batch("de", number=1), batch("bdf", campaign="c2"))
MOMENTS = (
    "before claim",
    "after claim",
    "before take over",
    "before reserve",
    "before send",
    "after send",
    "before record",
    "after record",
    "before release",
    "before outcomes",
    "after outcomes",
    "before count",
    "after count",
    "before success",
)
REPLIES = (
    Reply(Answer.THROTTLED),
    Reply(Answer.TRANSIENT),
    Reply(Answer.QUOTA),
    Reply(Answer.REFUSED),
    Reply(Answer.UNSURE, arrives=True),
    Reply(Answer.UNSURE, arrives=False),
)
GIVEN_UP = {"Error": "States.Timeout", "Cause": "It took too long."}
some_batch = st.sampled_from(BATCHES)
some_campaign = st.sampled_from(CAMPAIGNS)
some_name = st.sampled_from(NAMES)


class WatchedMailer(FakeMailer):
    """Looks into the ledger whenever somebody gets the mail."""

    house: House
    claims: dict[str, str]
    refused: set[str]
    holds: bool

    def _send(self, parcel: Parcel, whole: Reply | None) -> SendResult:
        email, before = parcel.recipient.email, len(self.inbox)
        result = super()._send(parcel, whole)
        if result.answer is Answer.REFUSED:
            self.refused.add(email[0])
        if len(self.inbox) > before:
            self._watch(email, self.house.ledger.items["m1", email])
        return result

    def _watch(self, email: str, item: dict[str, Any]) -> None:
        # Kept and not raised: an error in a call is something that the step bears.
        status = self.house.campaigns.summary(item["campaign_id"])["status"]
        wrong = {
            "the ledger knows that it was sent": "accepted_at" in item,
            "an event proves that it was sent": "first_event_at" in item,
            "nobody waited for the settling time": not (_is_first(self.inbox, email) or self._is_settled(email)),
            "the campaign has ended": status in ENDED and not self.house.looked_late,
        }
        self.house.wrongs += [f"{email} was sent to: {why}" for why, is_so in wrong.items() if is_so]
        self.claims[email] = item["claimed_at"]

    def _is_settled(self, email: str) -> bool:
        age = self.house.clock.now() - datetime.fromisoformat(self.claims[email])
        return not self.holds and age >= SETTLING.time


def _is_first(inbox: list[tuple[str, Rendered]], email: str) -> bool:
    return Counter(each for each, _ in inbox)[email] == 1


class WatchedHouse(House):
    """A house that knows whether a batch may not have had the time to see that its campaign has ended."""

    looked_late = False

    def __init__(self, rate: float, settling: Settling) -> None:
        super().__init__(rate, settling)
        self.wrongs: list[str] = []


class Sending(RuleBasedStateMachine):
    """Whatever happens on the way, at the end everybody has the mail and every row is accounted for."""

    then = UnknownOutcomes.RESEND

    def __init__(self) -> None:
        super().__init__()
        # Calls of two, so that a batch is sent in more than one.
        self.house = house = WatchedHouse(rate=PAIRS, settling=Settling(SETTLING.time, self.then))
        mailer = WatchedMailer(house.moments)
        mailer.house, mailer.claims, mailer.refused = house, {}, set()
        mailer.holds = self.then is UnknownOutcomes.HOLD
        house.mailer = mailer
        house.send_batch = replace(house.send_batch, courier=replace(house.send_batch.courier, mailer=mailer))
        self.refused = mailer.refused
        self.not_sent: dict[str, set[str]] = {}
        for campaign in CAMPAIGNS:
            self._create(campaign)

    def _create(self, campaign: str) -> None:
        house, ours = self.house, [each for each in BATCHES if each.campaign_id == campaign]
        rows = sum(len(each.recipients) for each in ours)
        house.files.write_batches(campaign, [each.to_line() for each in ours])
        house.files.write_rejected(campaign, [])
        house.campaigns.create(campaign, "s", "m1", "t")
        numbers = {"rows": rows, "invalid": 0, "duplicate": 0, "batches": len(ours)}
        house.campaigns.prepared(campaign, "m1", "arn", numbers)

    @rule(what=some_batch)
    def deliver(self, what: Any) -> None:
        self.house.deliver(what)

    @rule(what=some_batch, seconds=st.sampled_from([-1.0, 0.5, 1.5]))
    def deliver_with_little_time(self, what: Any, seconds: float) -> None:
        self.house.deliver(what, seconds=seconds)

    @rule(what=some_batch, count=st.integers(0, 25))
    def cut_the_power_while_it_is_sent(self, what: Any, count: int) -> None:
        self.house.moments.cut_after(count)
        with suppress(PowerCut):
            self.house.deliver(what)
        self.house.moments.cut_after(None)

    @rule(what=some_batch, other=some_batch, moment=st.sampled_from(MOMENTS), later=st.integers(0, 2))
    def deliver_another_meanwhile(self, what: Any, other: Any, moment: str, later: int) -> None:
        self._meanwhile(moment, later, lambda: self.house.deliver(other))
        self.house.deliver(what)
        self.house.moments.clear()

    @rule(what=some_batch, campaign=some_campaign, moment=st.sampled_from(MOMENTS), later=st.integers(0, 2))
    def give_the_campaign_up_meanwhile(self, what: Any, campaign: str, moment: str, later: int) -> None:
        self._meanwhile(moment, later, lambda: self._give_up(campaign))
        self.house.deliver(what)
        self.house.moments.clear()
        self.house.looked_late = False

    @rule(campaign=some_campaign)
    def give_the_campaign_up(self, campaign: str) -> None:
        self._give_up(campaign)
        self.house.looked_late = False

    @rule(campaign=some_campaign)
    def pause_or_resume(self, campaign: str) -> None:
        if not self.house.campaigns.pause(campaign, "a pause", PausedBy.OWNER):
            self._resume(campaign)

    @rule(name=some_name, reply=st.sampled_from(REPLIES))
    def ses_is_going_to_answer(self, name: str, reply: Reply) -> None:
        self.house.mailer.for_address.setdefault(address(name), []).append(reply)

    @rule(minutes=st.sampled_from([1, 14, 15]))
    def time_goes_by(self, minutes: int) -> None:
        self.house.clock.turn(minutes=minutes)

    @rule(name=some_name, attribute=st.sampled_from(["delivered_at", "bounced_at"]))
    def an_event_arrives(self, name: str, attribute: str) -> None:
        if address(name) in self.house.mailer.reached():
            self.house.event(name, attribute)

    @invariant()
    def nobody_was_sent_to_wrongly(self) -> None:
        assert self.house.wrongs == []

    def _meanwhile(self, moment: str, later: int, action: Any) -> None:
        for _ in range(later):
            self.house.moments.at(moment, lambda: None)
        self.house.moments.at(moment, action)

    def _give_up(self, campaign: str) -> None:
        """The state machine gave up and writes the report: what it says was not sent must stay so."""
        self.house.looked_late = True  # a call may be on its way already; the report waits for how it ends
        if "settling" not in self.house.close(campaign, GIVEN_UP):
            lines = self.house.files.reports[campaign]
            self.not_sent[campaign] = {line.email for line in lines if line.reason.startswith("Not sent")}

    def _resume(self, campaign: str) -> None:
        house, summary = self.house, self.house.campaigns.summary(campaign)
        reached = house.mailer.reached() if campaign in self.not_sent else []
        others = {item["email"] for item in house.ledger.items.values() if item["campaign_id"] != campaign}
        assert not (self.not_sent.pop(campaign, set()) & set(reached)) - others, "sent after the report said not"
        if not house.campaigns.unpause(campaign, summary):
            house.campaigns.reopen(campaign, summary)

    def teardown(self) -> None:
        self._finish_all()
        assert self.house.wrongs == []

    def _finish_all(self) -> None:
        self.house.mailer.for_address.clear()
        for campaign in CAMPAIGNS:
            self._resume(campaign)
        for each in BATCHES:
            self.house.finish(each)
        for campaign in CAMPAIGNS:
            self._check_report(campaign)
        self._check_arrivals()

    def _check_arrivals(self) -> None:
        arrivals = self.house.arrivals(NAMES)
        assert all(arrivals[name] for name in NAMES if name not in self.refused), f"somebody was lost: {arrivals}"

    def _check_report(self, campaign: str) -> None:
        house, totals = self.house, self.house.close(campaign)
        assert totals["status"] == "finished"
        assert house.campaigns.report(campaign).balanced
        rows = house.campaigns.summary(campaign)["rows"]
        assert sum(house.campaigns.counters[campaign].values()) == rows, "a batch was counted twice, or not at all"
        for line in house.files.reports[campaign]:
            self._check_line(line)

    def _check_line(self, line: Outcome) -> None:
        if line.kind in (OutcomeKind.ACCEPTED, OutcomeKind.ALREADY_SENT):
            assert line.email in self.house.mailer.reached(), "the report says sent of what was not sent"
        else:
            assert line.kind is OutcomeKind.FAILED
            assert line.email[0] in self.refused


class Holding(Sending):
    """Where unknown outcomes are held nobody ever gets the mail twice, and who may be lost is said to be unknown."""

    then = UnknownOutcomes.HOLD

    def _check_arrivals(self) -> None:
        arrivals = self.house.arrivals(NAMES)
        assert max(arrivals.values()) <= 1, f"somebody got it twice: {arrivals}"

    def _check_line(self, line: Outcome) -> None:
        if line.kind is not OutcomeKind.UNKNOWN:
            super()._check_line(line)


TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=100, stateful_step_count=15, deadline=None)
TestHolding = Holding.TestCase
TestHolding.settings = settings(max_examples=50, stateful_step_count=15, deadline=None)
