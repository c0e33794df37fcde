"""Told time and real time: a day of opens within seconds."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from hato.local.ses.address import read_mailbox
from hato.local.ses.draft import Content, Draft
from hato.local.ses.events import Event
from hato.local.ses.notification import notification
from hato.local.ses.settings import BadSetting, Behaviour, Faults, Settings
from hato.local.ses.simulator import Simulator
from hato.local.ses.step import Kind
from tests.local.test_ses_process import end, get, start
from tests.local.test_ses_server import AT_ONCE, FakeCloud

NOW, DAY = 1_790_000_000.0, 24 * 60 * 60.0
READERS = Behaviour(hard_bounces=0, soft_bounces=0.1, delays=0.1, opens=1, clicks=1, bots=0.2, complaints=0.2)
SLOW = replace(AT_ONCE, rate=1e9, delivery_delay=60, engagement_delay=DAY, behaviour=READERS)


def simulated(settings: Settings) -> Simulator:
    """A hundred mails that were all sent at one moment."""
    simulator = Simulator(settings, FakeCloud(), "us-east-1", clock=lambda: NOW)
    html = "<a href='https://example.com'>x</a>"
    sender = read_mailbox("news@example.com")
    for number in range(100):
        to = [read_mailbox(f"p{number}@example.com")]
        simulator.send_one(Draft(sender, to, Content("s", None, html), "SendEmail", configuration_set="hato"))
    return simulator


def due(simulator: Simulator, at: float) -> Iterator[Event]:
    while event := simulator.events.next_due(at):
        simulator.events.done(event)
        yield event


def test_a_day_of_opens_is_told_in_ten_seconds_and_dated_over_the_day() -> None:
    simulator = simulated(replace(SLOW, time_lapse=8640 + 6))
    told = list(due(simulator, NOW + 10))
    assert len(told) == len(simulator.events.all())
    opens = [event.at - NOW for event in told if event.step.kind is Kind.OPEN]
    assert min(opens) < 0.1 * DAY < 0.9 * DAY < max(opens)
    assert list(due(simulated(SLOW), NOW + 10)) != told


def test_every_event_is_due_by_its_share_of_the_real_time_and_in_the_order_of_what_is_told() -> None:
    for event in simulated(replace(SLOW, time_lapse=3600.0)).events.all():
        assert event.at == NOW + event.step.after
        assert event.due_at == pytest.approx(NOW + event.step.after / 3600, abs=1e-6)
    told = [event.at for event in due(simulated(replace(SLOW, time_lapse=3600.0)), NOW + DAY)]
    assert told == sorted(told)


def test_the_lapse_changes_no_event_but_when_it_comes() -> None:
    def told(lapse: float) -> list[str]:
        events = simulated(replace(SLOW, time_lapse=lapse)).events.all()
        return [notification(each.message, each.recipient, each.step, each.at, "us-east-1") for each in events]

    assert told(1) == told(1000)
    assert "complaint" in "".join(told(1000))


def test_copies_are_held_back_by_real_seconds() -> None:
    spread = Faults(event_copies=2, event_spread=100)
    simulator = simulated(replace(SLOW, time_lapse=1e6, faults=spread))
    early, late = list(due(simulator, NOW + 50)), list(due(simulator, NOW + 101))
    assert len(early) == pytest.approx(len(late), rel=0.2)
    assert simulator.events.pending == 0


def test_a_link_stands_in_the_account_of_events() -> None:
    events = [event.as_json() for event in simulated(SLOW).events.all()]
    assert {event["link"] for event in events if event["kind"] == "Click"} == {"https://example.com"}
    assert {event["link"] for event in events if event["kind"] != "Click"} == {""}


@pytest.mark.parametrize("bad", [0, -1, "1", True, float("inf")])
def test_time_must_pass(bad: object) -> None:
    with pytest.raises(BadSetting, match=r"^time_lapse must be a number above 0\.$"):
        Settings().changed({"time_lapse": bad})


def test_the_option_of_the_process_is_the_setting() -> None:
    process, url = start("http://127.0.0.1:9", "--time-lapse", "3600")
    try:
        settings = json.loads(get(f"{url}/_simulator/settings"))
    finally:
        assert end(process) == 0
    assert (settings["time_lapse"], settings["behaviour"]["bot_verdicts"]) == (3600.0, 1.0)
