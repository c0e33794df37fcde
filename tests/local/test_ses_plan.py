"""What becomes of a mail."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hato.local.ses.plan import plan
from hato.local.ses.settings import Behaviour, Settings
from hato.local.ses.step import Kind, Trackable

ALL, NOTHING = Trackable(opens=True, links=("https://a.example", "https://b.example")), Trackable(opens=False)
PEOPLE = [f"person{number}@example.com" for number in range(20_000)]


@given(st.emails(), st.text(), st.integers())
def test_the_same_seed_recipient_and_mail_have_the_same_plan(recipient: str, mail: str, seed: int) -> None:
    settings = Settings(seed=seed)
    assert plan(recipient, mail, settings, ALL) == plan(recipient, mail, settings, ALL)


@given(st.emails(), st.text(), st.integers())
def test_a_plan_starts_with_the_send_and_runs_forward_in_time(recipient: str, mail: str, seed: int) -> None:
    steps = plan(recipient, mail, Settings(seed=seed), ALL)
    assert steps[0].kind is Kind.SEND
    assert [step.after for step in steps] == sorted(step.after for step in steps)


@given(st.emails(), st.integers())
def test_a_mail_is_delivered_or_bounces_but_not_both(recipient: str, seed: int) -> None:
    kinds = [step.kind for step in plan(recipient, "m", Settings(seed=seed), ALL)]
    assert kinds.count(Kind.DELIVERY) + kinds.count(Kind.BOUNCE) == 1
    assert Kind.BOUNCE not in kinds or not {Kind.OPEN, Kind.CLICK, Kind.COMPLAINT} & set(kinds)


def test_the_shares_come_out_as_documented() -> None:
    plans = [plan(person, "mail", Settings(), ALL) for person in PEOPLE]
    details = Counter((step.kind, step.detail) for steps in plans for step in steps)
    delivered = details[Kind.DELIVERY, ""]
    openers = sum(any(s.kind is Kind.OPEN and not s.bot for s in steps) for steps in plans)
    clickers = sum(any(s.kind is Kind.CLICK and not s.bot for s in steps) for steps in plans)
    assert details[Kind.BOUNCE, "Permanent/General"] / len(PEOPLE) == pytest.approx(0.02, abs=0.005)
    assert details[Kind.BOUNCE, "Transient/MailboxFull"] / len(PEOPLE) == pytest.approx(0.01, abs=0.004)
    assert details[Kind.COMPLAINT, ""] / delivered == pytest.approx(0.001, abs=0.0008)
    assert openers / delivered == pytest.approx(0.35, abs=0.02)
    assert clickers / openers == pytest.approx(0.2, abs=0.02)


def test_another_seed_picks_other_people() -> None:
    def bounced(seed: int) -> set[str]:
        everything = Settings(seed=seed)
        return {who for who in PEOPLE[:3000] if plan(who, "m", everything, ALL)[1].kind is Kind.BOUNCE}

    assert bounced(1) != bounced(2)


def test_an_address_is_the_same_recipient_in_capitals() -> None:
    assert plan("Ann@Example.com", "m", Settings(), ALL) == plan("ann@example.com", "m", Settings(), ALL)


def test_opens_and_clicks_are_seen_only_where_they_can_be() -> None:
    eager = Settings(behaviour=Behaviour(0, 0, opens=1, clicks=1, bots=1, complaints=0, delays=0))
    assert {step.kind for step in plan("a@example.com", "m", eager, ALL)} >= {Kind.OPEN, Kind.CLICK}
    assert [step.kind for step in plan("a@example.com", "m", eager, NOTHING)] == [Kind.SEND, Kind.DELIVERY]


def test_without_delays_everything_happens_at_once_and_still_in_order() -> None:
    at_once = Settings(delivery_delay=0, engagement_delay=0, behaviour=Behaviour(0, 0, opens=1, clicks=1, delays=1))
    steps = plan("a@example.com", "m", at_once, ALL)
    assert {step.after for step in steps} == {0}
    assert [step.kind for step in steps[:3]] == [Kind.SEND, Kind.DELIVERY_DELAY, Kind.DELIVERY]


@pytest.mark.parametrize(
    ("mailbox", "happens"),
    [
        ("success", ["Send", "Delivery"]),
        ("bounce", ["Send", "Bounce Permanent/General"]),
        ("complaint", ["Send", "Delivery", "Complaint"]),
        ("suppressionlist", ["Send", "Bounce Permanent/Suppressed"]),
        ("ooto", ["Send", "Delivery", "Bounce Transient/General"]),
    ],
)
def test_the_mailbox_simulator_always_does_its_thing_and_never_opens(mailbox: str, happens: list[str]) -> None:
    eager = replace(Settings(), behaviour=Behaviour(hard_bounces=0, soft_bounces=1, opens=1, clicks=1))
    for address in (f"{mailbox}@simulator.amazonses.com", f"{mailbox}+label@Simulator.amazonses.com"):
        steps = plan(address, "m", eager, ALL)
        assert [f"{step.kind.value} {step.detail}".strip() for step in steps] == happens


def test_event_destinations_spell_the_types_their_own_way() -> None:
    assert Kind.RENDERING_FAILURE.matching_type == "RENDERING_FAILURE"
    assert Kind.DELIVERY_DELAY.matching_type == "DELIVERY_DELAY"
    assert Kind.BOUNCE.matching_type == "BOUNCE"
