"""Two campaigns of one mail, three batches, six people: crashes, throttles and repeated deliveries in any order."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from chalicelib.domain.mail import Rendered
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.parcel import Answer, Parcel, SendResult
from chalicelib.steps.finish_campaign import FinishCampaign
from tests.fakes.mailer import FakeMailer, Reply
from tests.fakes.moments import PowerCut
from tests.steps.house import SETTLING, House, address, batch

NAMES = "abcdef"
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
    Reply(Answer.QUOTA),
    Reply(Answer.REFUSED),
    Reply(Answer.UNSURE, arrives=True),
    Reply(Answer.UNSURE, arrives=False),
)
some_batch = st.sampled_from(BATCHES)


class WatchedMailer(FakeMailer):
    """Looks into the ledger whenever somebody gets the mail."""

    house: House
    claims: dict[str, str]
    refused: set[str]

    def _send(self, parcel: Parcel, whole: Reply | None) -> SendResult:
        email, before = parcel.recipient.email, len(self.inbox)
        result = super()._send(parcel, whole)
        if result.answer is Answer.REFUSED:
            self.refused.add(email[0])
        if len(self.inbox) > before:
            self._watch(email, self.house.ledger.items["m1", email])
        return result

    def _watch(self, email: str, item: dict[str, Any]) -> None:
        assert "accepted_at" not in item, "the ledger knows that it was sent"
        assert "first_event_at" not in item, "an event proves that it was sent"
        assert _is_first(self.inbox, email) or self._is_settled(email), "nobody waited for the settling time"
        self.claims[email] = item["claimed_at"]

    def _is_settled(self, email: str) -> bool:
        return self.house.clock.now() - datetime.fromisoformat(self.claims[email]) >= SETTLING


def _is_first(inbox: list[tuple[str, Rendered]], email: str) -> bool:
    return Counter(each for each, _ in inbox)[email] == 1


class Sending(RuleBasedStateMachine):
    """Whatever happens on the way, at the end everybody has the mail and every row is accounted for."""

    def __init__(self) -> None:
        super().__init__()
        self.house = House(rate=2.0)  # calls of two, so that a batch is sent in more than one
        mailer = WatchedMailer(self.house.moments)
        mailer.house, mailer.claims, mailer.refused = self.house, {}, set()
        self.house.mailer = mailer
        self.house.send_batch = replace(self.house.send_batch, mailer=mailer)
        self.refused = mailer.refused

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
        for _ in range(later):
            self.house.moments.at(moment, lambda: None)
        self.house.moments.at(moment, lambda: self.house.deliver(other))
        self.house.deliver(what)
        self.house.moments.clear()

    @rule(name=st.sampled_from(NAMES), reply=st.sampled_from(REPLIES))
    def ses_is_going_to_answer(self, name: str, reply: Reply) -> None:
        self.house.mailer.for_address.setdefault(address(name), []).append(reply)

    @rule(minutes=st.sampled_from([1, 14, 15]))
    def time_goes_by(self, minutes: int) -> None:
        self.house.clock.turn(minutes=minutes)

    @rule(name=st.sampled_from(NAMES), attribute=st.sampled_from(["delivered_at", "bounced_at"]))
    def an_event_arrives(self, name: str, attribute: str) -> None:
        if address(name) in self.house.mailer.reached():
            self.house.event(name, attribute)

    def teardown(self) -> None:
        self.house.mailer.for_address.clear()
        for each in BATCHES:
            self.house.finish(each)
        arrivals = self.house.arrivals(NAMES)
        assert all(arrivals[name] for name in NAMES if name not in self.refused), f"somebody was lost: {arrivals}"
        for campaign in ("c1", "c2"):
            self._check_report(campaign)

    def _check_report(self, campaign: str) -> None:
        house, ours = self.house, [each for each in BATCHES if each.campaign_id == campaign]
        rows = sum(len(each.recipients) for each in ours)
        house.files.write_batches(campaign, [each.to_line() for each in ours])
        house.files.write_rejected(campaign, [])
        house.campaigns.create(campaign, "s", "m1", "t")
        house.campaigns.prepared(
            campaign, "m1", "arn", {"rows": rows, "invalid": 0, "duplicate": 0, "batches": len(ours)}
        )
        totals = FinishCampaign(house.files, house.campaigns, house.ledger, house.clock)(campaign)
        assert totals["status"] == "finished"
        assert house.campaigns.report(campaign).balanced
        assert sum(house.campaigns.counters[campaign].values()) == rows, "a batch was counted twice, or not at all"
        for line in house.files.reports[campaign]:
            self._check_line(line)

    def _check_line(self, line: Outcome) -> None:
        if line.kind in (OutcomeKind.ACCEPTED, OutcomeKind.ALREADY_SENT):
            assert line.email in self.house.mailer.reached(), "the report says sent of what was not sent"
        else:
            assert line.kind is OutcomeKind.FAILED
            assert line.email[0] in self.refused


TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=100, stateful_step_count=15, deadline=None)
