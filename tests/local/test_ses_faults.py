"""Faults on demand: of calls, of entries, of answers and of events."""

import http.client
import json
import select
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, HTTPClientError

from hato.local.ses.address import read_mailbox
from hato.local.ses.bulk import Refusal
from hato.local.ses.draft import Content, Draft
from hato.local.ses.draws import Draws
from hato.local.ses.errors import SesError
from hato.local.ses.faults import copies
from hato.local.ses.sending import AnswerDropped, Sending
from hato.local.ses.settings import BadSetting, Faults, Settings
from hato.local.ses.simulator import Simulator
from hato.local.ses.step import Kind, Step
from tests.local.test_ses_process import start
from tests.local.test_ses_server import AT_ONCE, FakeCloud, Running, bulk, entry, refused, serving, simple

NOWHERE = "http://127.0.0.1:9"
NOW = 1_790_000_000.0
PEOPLE = [f"person{number}@example.com" for number in range(2000)]


@pytest.fixture
def running() -> Iterator[Running]:
    with serving(NOWHERE) as simulator:
        yield simulator


def change(running: Running, **faults: float) -> None:
    assert running.http("PUT", "/_simulator/settings", json.dumps({"faults": faults}))[0] == 200


def status(running: Running) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(running.http("GET", "/_simulator/status")[2])
    return told


def wait_until(running: Running, name: str, number: int) -> None:
    deadline = time.monotonic() + 20
    while status(running)[name] != number:
        assert time.monotonic() < deadline, status(running)


def inbox(running: Running) -> list[str]:
    return [mail["to"][0] for mail in running.lines("/messages")]


def sending(seed: int = 1, rate: float = 1e9, **faults: Any) -> tuple[Sending, Simulator]:
    """The simulator without HTTP, at a moment that does not pass."""
    settings = replace(AT_ONCE, rate=rate, daily_quota=-1, seed=seed, faults=Faults(**faults))
    simulator = Simulator(settings, FakeCloud(), "us-east-1", clock=lambda: NOW)
    return Sending(simulator), simulator


def draft(*to: str) -> Draft:
    sender, html = read_mailbox("news@example.com"), "<a href='https://example.com'>x</a>"
    return Draft(sender, [read_mailbox(each) for each in to], Content("s", "t", html), "SendEmail")


def outcome(sends: Sending, to: str) -> str:
    try:
        sends.send_one(draft(to))
    except (SesError, AnswerDropped) as fault:
        return type(fault).__name__
    return "taken"


def published(simulator: Simulator, at: float) -> list[tuple[str, str, float]]:
    """(recipient, kind, when it happened) of all copies that are due by then, in the order they are due."""
    found = []
    while event := simulator.events.next_due(at):
        simulator.events.done(event)
        found.append((event.recipient, event.step.kind.value, event.at))
    return found


# Calls


def test_a_throttled_call_takes_nothing_and_is_counted_apart_from_a_real_throttle(running: Running) -> None:
    change(running, throttled_calls=1)
    refusal = refused(lambda: bulk(running, entry("ann@example.com")))
    assert refusal == ("TooManyRequestsException", 429, "Maximum sending rate exceeded.")
    assert refused(lambda: simple(running)) == refusal
    told = status(running)
    assert (told["injected_throttles"], told["throttled_calls"], told["accepted"]) == (2, 0, 0)
    assert running.ses.get_account()["SendQuota"]["SentLast24Hours"] == 0


def test_a_real_throttle_is_not_counted_as_a_fault(running: Running) -> None:
    running.http("PUT", "/_simulator/settings", '{"rate": 1}')
    refused(lambda: bulk(running, entry("ann@example.com"), entry("bob@example.com")))
    assert (status(running)["injected_throttles"], status(running)["throttled_calls"]) == (0, 1)


def test_a_dropped_answer_is_a_broken_connection_while_its_mails_are_taken(running: Running) -> None:
    change(running, dropped_answers=1)
    with pytest.raises(HTTPClientError) as broken:
        bulk(running, entry("ann@example.com"), entry("bob@example.com"))
    assert broken.type is ConnectionClosedError
    with pytest.raises(ConnectionClosedError):
        simple(running, "cid@example.com")
    assert inbox(running) == ["ann@example.com", "bob@example.com", "cid@example.com"]
    assert status(running)["dropped_answers"] == 2


def test_a_connection_that_was_in_use_breaks_as_well_and_the_next_call_goes_through(running: Running) -> None:
    ses = running.ses
    request = {
        "FromEmailAddress": "news@example.com",
        "Destination": {"ToAddresses": ["ann@example.com"]},
        "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
    }
    ses.send_email(**request)
    change(running, dropped_answers=1)
    with pytest.raises(ConnectionClosedError):
        ses.send_email(**request)
    change(running, dropped_answers=0)
    assert ses.send_email(**request)["MessageId"] == running.lines("/messages")[2]["message_id"]


def test_a_call_that_is_refused_for_its_own_mistake_says_so_and_is_not_dropped(running: Running) -> None:
    change(running, dropped_answers=1)
    assert refused(lambda: simple(running, "é@example.com"))[0] == "BadRequestException"
    assert refused(lambda: simple(running, ConfigurationSetName="nope"))[0] == "NotFoundException"
    assert status(running)["dropped_answers"] == 0


def test_dropped_and_late_answers_leave_no_word_in_the_log() -> None:
    process, url = start(NOWHERE, stderr=subprocess.PIPE)
    try:
        running = Running(int(url.rpartition(":")[2]), FakeCloud())
        # With no emulator beside it no event could be published, and the log would say so.
        change(running, dropped_answers=1, slow_answers=0.5, slow_seconds=0.01, lost_events=1)
        for number in range(6):
            with pytest.raises(ConnectionClosedError):
                simple(running, f"p{number}@example.com")
        assert (len(inbox(running)), 0 < status(running)["slow_answers"] < 6) == (6, True)
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=10)
    assert (process.returncode, log) == (0, "")


def test_every_second_failure_comes_after_the_mails_were_taken(running: Running) -> None:
    change(running, failed_calls=1)
    taken = []
    for name in ("ann", "bob", "cid", "dan"):
        assert refused(lambda to=f"{name}@example.com": bulk(running, entry(to)))[:2] == ("InternalFailure", 500)
        taken.append(inbox(running))
    assert taken == [[], ["bob@example.com"], ["bob@example.com"], ["bob@example.com", "dan@example.com"]]
    assert status(running)["failed_calls"] == 4


def test_a_call_refused_for_a_reason_of_its_own_is_no_failure_and_the_next_one_is() -> None:
    sends, simulator = sending(failed_calls=1)
    assert outcome(sends, "ann@example.com") == "InternalFailure"
    simulator.change({"sending_enabled": False})
    assert outcome(sends, "bob@example.com") == "SendingPaused"
    simulator.change({"sending_enabled": True})
    assert outcome(sends, "cid@example.com") == "InternalFailure"
    assert [mail.recipients[0] for mail in simulator.inbox.page()] == ["cid@example.com"]
    assert sends.counts.failed_calls == 2


def test_each_fault_of_calls_comes_in_its_own_share() -> None:
    sends, _ = sending(throttled_calls=0.3, failed_calls=0.2, dropped_answers=0.1)
    met = Counter(outcome(sends, who) for who in PEOPLE)
    shares = {what: count / len(PEOPLE) for what, count in met.items()}
    expected = {"TooManyRequests": 0.3, "InternalFailure": 0.2, "AnswerDropped": 0.1, "taken": 0.4}
    assert shares == pytest.approx(expected, abs=0.04)
    counts = sends.counts
    told = (counts.injected_throttles, counts.failed_calls, counts.dropped_answers)
    assert told == (met["TooManyRequests"], met["InternalFailure"], met["AnswerDropped"])


def test_the_same_seed_meets_the_same_faults_and_another_seed_others() -> None:
    def met(seed: int) -> list[str]:
        sends, _ = sending(seed, throttled_calls=0.2, failed_calls=0.2, dropped_answers=0.2)
        return [outcome(sends, who) for who in PEOPLE[:100]]

    assert met(1) == met(1)
    assert met(1) != met(2)


# Entries


def test_throttled_entries_are_refused_in_two_ways_by_turns(running: Running) -> None:
    change(running, throttled_entries=1)
    results = bulk(running, *(entry(f"p{number}@example.com") for number in range(3)))
    results += bulk(running, entry("p3@example.com"))
    assert [result["Status"] for result in results] == ["ACCOUNT_THROTTLED", "TRANSIENT_FAILURE"] * 2
    assert all(result["Error"] and "MessageId" not in result for result in results)
    assert inbox(running) == []


def test_the_other_entries_of_the_call_go_out(running: Running) -> None:
    change(running, throttled_entries=0.5)
    to = [f"p{number}@example.com" for number in range(50)]
    results = bulk(running, *map(entry, to))
    taken = [who for who, result in zip(to, results, strict=True) if result["Status"] == "SUCCESS"]
    assert inbox(running) == taken
    assert 10 < len(taken) < 40


def test_throttled_entries_use_up_nothing_and_single_mails_have_no_entries() -> None:
    sends, simulator = sending(rate=1, throttled_entries=1)
    refusals = sends.send_bulk([draft(who) for who in PEOPLE[:50]])
    assert all(isinstance(refusal, Refusal) for refusal in refusals)
    assert outcome(sends, PEOPLE[0]) == "taken"
    assert simulator.throttled_calls == 0


def test_an_entry_with_a_mistake_keeps_the_name_of_it(running: Running) -> None:
    change(running, throttled_entries=1)
    results = bulk(running, entry("ann@example.com"), entry("é@example.com"), entry("bob@example.com"))
    statuses = [result["Status"] for result in results]
    assert statuses == ["ACCOUNT_THROTTLED", "INVALID_PARAMETER", "TRANSIENT_FAILURE"]


# Late answers


def test_other_calls_go_on_while_an_answer_is_late(running: Running) -> None:
    change(running, slow_answers=1, slow_seconds=600)
    waiting = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    mail = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
    to = {"ToAddresses": ["ann@example.com"]}
    request = {"FromEmailAddress": "news@example.com", "Destination": to, "Content": mail}
    waiting.request("POST", "/v2/email/outbound-emails", json.dumps(request))
    wait_until(running, "slow_answers", 1)
    change(running, slow_answers=0)
    with ThreadPoolExecutor(4) as callers:
        list(callers.map(lambda number: simple(running, f"p{number}@example.com"), range(8)))
    assert inbox(running)[0] == "ann@example.com"
    assert len(inbox(running)) == 9
    assert select.select([waiting.sock], [], [], 0)[0] == []
    waiting.close()
    assert status(running)["slow_answers"] == 1


def test_a_late_answer_says_what_it_would_have_said_at_once(running: Running) -> None:
    change(running, slow_answers=1, slow_seconds=0.2)
    began = time.monotonic()
    message_id = simple(running)
    assert time.monotonic() - began >= 0.2
    assert running.lines("/messages")[0]["message_id"] == message_id
    assert refused(lambda: simple(running, "é@example.com"))[0] == "BadRequestException"
    assert status(running)["slow_answers"] == 2


def test_only_sends_are_answered_late() -> None:
    late = replace(AT_ONCE, faults=Faults(slow_answers=1, slow_seconds=600))
    with serving(NOWHERE, late) as running:
        assert running.ses.get_account()["SendingEnabled"]
        assert status(running)["slow_answers"] == 0


def test_answers_are_late_in_their_share_and_the_same_ones_each_time() -> None:
    def late(seed: int) -> list[float]:
        sends, _ = sending(seed, slow_answers=0.25, slow_seconds=2)
        return [sends.lateness() for _ in PEOPLE]

    answers = late(1)
    assert set(answers) == {0, 2}
    assert answers.count(2) / len(PEOPLE) == pytest.approx(0.25, abs=0.04)
    assert answers == late(1) != late(2)


# Events


def test_every_event_is_published_as_often_as_asked(running: Running) -> None:
    change(running, event_copies=3)
    bulk(running, entry("bounce@simulator.amazonses.com"))
    bulk(running, entry("ann@example.com", {"other": 1}))
    running.cloud.wait_for(6)
    wait_until(running, "events_pending", 0)
    assert Counter(running.cloud.wait_for(6)) == {("feedback", "Bounce"): 3, ("feedback", "Rendering Failure"): 3}
    assert len({message for _, _, message in running.cloud.published}) == 2
    events = [(event["kind"], event["published"]) for event in running.lines("/_simulator/events")]
    assert events == [("Send", False), ("Bounce", True), ("Rendering Failure", True)]


def test_what_is_pending_counts_the_copies_that_are_still_to_come(running: Running) -> None:
    change(running, event_copies=4, event_spread=1e9)
    bulk(running, entry("bounce@simulator.amazonses.com"))  # a Send and a Bounce
    assert (status(running)["events_pending"], status(running)["events_published"]) == (8, 0)
    assert len(running.lines("/_simulator/events")) == 2


def test_copies_come_late_and_out_of_order_but_say_when_it_happened() -> None:
    sends, simulator = sending(event_copies=2, event_spread=100)
    for who in PEOPLE[:50]:
        sends.send_one(draft(who))
    early = published(simulator, NOW + 50)
    late = published(simulator, NOW + 100)
    every = [(event.recipient, event.step.kind.value, event.at) for event in simulator.events.all()]
    assert sorted(early + late) == sorted(every * 2)
    assert {at for _, _, at in early + late} == {NOW}
    assert early + late != sorted(early + late, key=every.index)
    assert len(early) == pytest.approx(len(late), rel=0.4)
    assert simulator.events.pending == 0


def test_every_copy_of_every_event_has_a_wait_of_its_own() -> None:
    draw, faults = Draws(1, "ann@example.com", "bob@example.com", "m"), Faults(event_copies=3, event_spread=60)
    steps = (Step(Kind.SEND), Step(Kind.DELIVERY))
    planned = [*copies(draw, "ann@example.com", steps, faults), *copies(draw, "bob@example.com", steps, faults)]
    waits = [wait for _, held_back in planned for wait in held_back]
    assert [step for step, _ in planned] == [*steps, *steps]
    assert len(set(waits)) == 12
    assert 0 <= min(waits) < 30 < max(waits) < 60


def test_a_copy_is_held_back_as_long_in_every_run() -> None:
    def order(seed: int) -> list[tuple[str, str, float]]:
        sends, simulator = sending(seed, event_copies=2, event_spread=100)
        for who in PEOPLE[:20]:
            sends.send_one(draft(who))
        return published(simulator, NOW + 100)

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_no_event_of_a_lost_mail_is_ever_published(running: Running) -> None:
    change(running, lost_events=1, event_copies=2)
    bulk(running, entry("complaint@simulator.amazonses.com"), entry("ann@example.com", {"other": 1}))
    assert status(running)["events_pending"] == 0
    change(running, lost_events=0, event_copies=1)
    bulk(running, entry("bounce@simulator.amazonses.com"))
    running.cloud.wait_for(1)
    wait_until(running, "events_pending", 0)
    assert running.cloud.wait_for(1) == [("feedback", "Bounce")]
    events = [(event["kind"], event["published"]) for event in running.lines("/_simulator/events")]
    lost = [("Send", False), ("Delivery", False), ("Complaint", False), ("Rendering Failure", False)]
    assert events == [*lost, ("Send", False), ("Bounce", True)]


def test_a_mail_is_lost_with_all_its_events_or_not_at_all_and_in_every_run() -> None:
    def heard_of(seed: int) -> set[tuple[str, str]]:
        sends, simulator = sending(seed, lost_events=0.3)
        for number in range(0, len(PEOPLE), 2):
            sends.send_one(draft(*PEOPLE[number : number + 2]))
        found = published(simulator, NOW)
        pairs = {tuple(PEOPLE[number : number + 2]) for number in range(0, len(PEOPLE), 2)}
        heard = {who for who, _, _ in found}
        assert Counter(kind for _, kind, _ in found) == {"Send": len(heard), "Delivery": len(heard)}
        assert heard == {who for pair in pairs if heard & set(pair) for who in pair}
        return {(first, second) for first, second in pairs if first in heard}

    heard = heard_of(1)
    assert len(heard) / 1000 == pytest.approx(0.7, abs=0.05)
    assert heard == heard_of(1) != heard_of(2)


# Settings


def test_without_faults_all_is_taken_and_every_event_published_once_when_it_happens() -> None:
    sends, simulator = sending()
    assert {outcome(sends, who) for who in PEOPLE} == {"taken"}
    assert not any(isinstance(each, Refusal) for each in sends.send_bulk([draft(who) for who in PEOPLE]))
    assert {sends.lateness() for _ in PEOPLE} == {0}
    every = [(event.recipient, event.step.kind.value, event.at) for event in simulator.events.all()]
    assert published(simulator, NOW) == every


def test_a_change_of_one_fault_leaves_the_rest_as_it_was(running: Running) -> None:
    change(running, dropped_answers=0.5, event_copies=2)
    change(running, throttled_calls=0.25)
    settings = json.loads(running.http("GET", "/_simulator/settings")[2])
    assert settings["faults"] == {
        "throttled_calls": 0.25,
        "throttled_entries": 0,
        "dropped_answers": 0.5,
        "failed_calls": 0,
        "slow_answers": 0,
        "slow_seconds": 3.0,
        "event_copies": 2,
        "event_spread": 0,
        "lost_events": 0,
    }
    assert Settings().changed({"behaviour": {"opens": 1}, "faults": {"lost_events": 1}}).behaviour.opens == 1


@pytest.mark.parametrize(
    ("faults", "sentence"),
    [
        (1, "faults must be a JSON object."),
        ({"fires": 1}, "There is no fault 'fires'; there are throttled_calls, "),
        ({"throttled_calls": 1.1}, "faults.throttled_calls must be a share from 0 to 1."),
        ({"lost_events": True}, "faults.lost_events must be a share from 0 to 1."),
        ({"slow_seconds": -1}, "faults.slow_seconds must be a number of seconds, 0 or more."),
        ({"event_spread": "1"}, "faults.event_spread must be a number of seconds, 0 or more."),
        ({"event_copies": 0}, "faults.event_copies must be a whole number, 1 or more."),
        ({"event_copies": 1.5}, "faults.event_copies must be a whole number, 1 or more."),
        (
            {"throttled_calls": 0.4, "failed_calls": 0.4, "dropped_answers": 0.4},
            "faults: throttled_calls, failed_calls and dropped_answers together must be at most 1.",
        ),
    ],
)
def test_a_bad_fault_is_refused_with_a_clear_sentence(faults: object, sentence: str) -> None:
    with pytest.raises(BadSetting) as bad:
        Settings().changed({"faults": faults})
    assert str(bad.value).startswith(sentence)


def test_a_setting_of_faults_is_none_of_the_simulator_itself() -> None:
    with pytest.raises(BadSetting, match="There is no setting 'slow_seconds'"):
        Settings().changed({"slow_seconds": 1})
