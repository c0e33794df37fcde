"""What is counted: each metric from what a real step answers, and the form in which CloudWatch reads it."""

import copy
import json
import time
from collections import Counter
from typing import Any

import pytest

from chalicelib.domain.batch import Batch, BatchMessage
from chalicelib.domain.campaign import Status
from chalicelib.domain.delivery import Settling, UnknownOutcomes
from chalicelib.domain.parcel import Answer
from chalicelib.metrics import embedded, metrics_of, says_no_more
from tests.emf import counted, problems
from tests.fakes.mailer import Reply
from tests.fakes.moments import PowerCut
from tests.steps.ending import FIRST, SECOND, TOO_MANY, Ending
from tests.steps.house import PAIRS, SETTLING, House, address, batch, fail

ABC, SIX = batch("abc"), batch("abcdef")
STOPPED = {"Error": "CampaignStopped", "Cause": "The account is suspended."}


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def slow() -> House:
    """A house that sends two mails a call."""
    return House(PAIRS)


def send(house: House, batch: Batch) -> dict[str, int]:
    """What one try of the batch counts."""
    return metrics_of("hato-dev-send_batch", house.send_batch(BatchMessage("token", batch), house.clock.seconds() + 60))


def send_until_done(house: House, batch: Batch) -> Counter[str]:
    """What all tries of the batch count together."""
    counts: Counter[str] = Counter()
    for _ in range(60):
        counts.update(send(house, batch))
        if isinstance(house.tasks.told[-1][1], dict):
            return counts
        house.clock.turn(minutes=1)
    raise AssertionError("The batch was never done.")


# --- send_batch


def test_mails_that_ses_accepts_are_counted(house):
    assert send(house, ABC) == {"MailsAccepted": 3}


def test_a_batch_that_comes_twice_counts_its_mails_once(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.REFUSED)]
    assert send(house, ABC) == {"MailsAccepted": 2, "MailsFailed": 1}
    assert send(house, ABC) == {}


def test_who_is_suppressed_or_has_the_mail_already_is_not_counted(house):
    house.contacts.mark_unreachable(address("c"), "bounced_at", "t", "")
    assert send(house, batch("a", campaign="c0")) == {"MailsAccepted": 1}
    assert send(house, ABC) == {"MailsAccepted": 1}


def test_a_row_that_the_mail_cannot_be_filled_in_for_is_a_failed_mail(house):
    assert send(house, batch("ab", n="0")) == {"MailsFailed": 2}


def test_throttled_calls_are_counted_call_by_call_and_not_by_recipients(slow):
    slow.mailer.for_call = [Reply(Answer.THROTTLED), Reply(Answer.THROTTLED)]
    assert send(slow, SIX) == {"MailsAccepted": 6, "CallsThrottled": 2}


def test_a_try_that_breaks_off_counts_what_it_sent_and_the_next_one_the_rest(slow):
    slow.mailer.for_call = [Reply(Answer.ACCEPTED), Reply(Answer.QUOTA)]
    first = send(slow, SIX)
    assert 0 < first["MailsAccepted"] < 6
    slow.clock.turn(days=1)
    assert first["MailsAccepted"] + send(slow, SIX)["MailsAccepted"] == 6


@pytest.mark.parametrize("answer", [Answer.THROTTLED, Answer.TRANSIENT])
def test_however_often_a_batch_is_tried_each_mail_is_counted_once(slow, answer):
    for name in "bd":
        slow.mailer.for_address[address(name)] = [Reply(answer)] * 20
    slow.mailer.for_address[address("f")] = [Reply(Answer.REFUSED)]
    counts = send_until_done(slow, SIX)
    assert (counts["MailsAccepted"], counts["MailsFailed"]) == (5, 1)
    assert (counts["CallsThrottled"] > 20) is (answer is Answer.THROTTLED)
    assert len(slow.tasks.told) > 1


def test_an_error_after_the_send_counts_what_was_sent(house):
    house.moments.at("before outcomes", fail)
    assert send(house, ABC) == {"MailsAccepted": 3}
    assert send(house, ABC) == {}


def test_a_send_that_is_held_as_unknown_is_counted_when_its_batch_is_done():
    house = House(settling=Settling(SETTLING.time, UnknownOutcomes.HOLD))
    house.mailer.for_address[address("b")] = [Reply(Answer.UNSURE)]
    assert send(house, ABC) == {"MailsAccepted": 2}
    assert send_until_done(house, ABC) == {"MailsUnknown": 1}


def test_a_campaign_that_ses_stops_is_counted_as_paused_and_its_next_batches_are_not(house):
    house.begin_campaign()
    house.mailer.for_call = [Reply(Answer.STOPPED)]
    assert send(house, ABC) == {"CampaignsPaused": 1}
    assert send(house, batch("d", number=1)) == {}


def test_a_batch_of_a_paused_campaign_counts_nothing(house):
    house.begin_campaign()
    house.campaigns.items["c1"]["status"] = Status.PAUSED.value
    assert send(house, ABC) == {}


def test_an_invocation_that_ends_by_force_counts_nothing_twice(house):
    house.moments.cut("after record")
    with pytest.raises(PowerCut):
        send(house, ABC)
    assert send(house, ABC) == {}, "its own line is lost, and with it what it would have counted"


# --- finish_campaign


def end(house: Ending, error: Any = None) -> dict[str, int]:
    return metrics_of("finish_campaign", house.end(error))


def test_a_campaign_that_was_sent_to_its_end_is_counted_as_finished():
    house = Ending()
    for each in (FIRST, SECOND):
        house.deliver(each)
    assert end(house) == {"CampaignsFinished": 1}, "the mails were counted when they were sent"


@pytest.mark.parametrize("error", [TOO_MANY, STOPPED], ids=["failed", "stopped"])
def test_a_campaign_that_could_not_go_on_is_counted_as_failed(error):
    house = Ending()
    house.deliver(FIRST)
    assert end(house, error) == {"CampaignsFailed": 1}


def test_a_campaign_that_its_owner_cancelled_is_neither():
    house = Ending()
    house.campaigns.cancel("c1", "Wrong list.")
    assert end(house, STOPPED) == {}


def test_a_campaign_is_counted_once_however_often_its_end_is_asked_for():
    house = Ending()
    house.break_off("b")
    house.deliver(FIRST)
    house.deliver(SECOND)
    assert end(house, TOO_MANY) == {}, "a send is still settling"
    house.clock.turn(minutes=16)
    assert end(house, TOO_MANY) == {"CampaignsFailed": 1}


# --- answers that count nothing


@pytest.mark.parametrize(
    ("function", "answer"),
    [
        ("hato-dev-prepare_batches", {"status": "sending", "batches": 3, "accepted": 1}),
        ("hato-dev-refresh_pace", {"asked": True, "stopped": "The account is suspended."}),
        ("/campaigns/{campaign_id}", {"accepted": 5}),
        ("hato-dev", {"accepted": 5}),
        ("", {"accepted": 5}),
        ("hato-dev-send_batch", None),
        ("hato-dev-send_batch", {}),
        ("hato-dev-send_batch", {"malformed": "The batch has no number."}),
        ("hato-dev-on_upload", {"started": [{"campaign": "c1", "mail": "m1"}, {"ignored": "campaigns/x"}]}),
        ("hato-dev-on_feedback", {"recorded": []}),
    ],
)
def test_other_answers_count_nothing(function: str, answer: object) -> None:
    assert metrics_of(function, answer) == {}


def test_kinds_of_event_that_are_one_metric_are_added_up() -> None:
    answer = {"recorded": [{"new": {"bounced_transiently": 2, "bounced_undetermined": 1, "delayed": 5}}]}
    assert metrics_of("on_feedback", answer) == {"SoftBounces": 3}


def test_a_functions_name_is_known_with_any_stage_and_without() -> None:
    answer = {"accepted": 2}
    for name in ("send_batch", "hato-dev-send_batch", "hato-my-own-stage-send_batch"):
        assert metrics_of(name, answer) == {"MailsAccepted": 2}


# --- the form


def line() -> dict[str, Any]:
    return {"level": "info", **embedded({"MailsAccepted": 3, "CallsThrottled": 1}, "dev", time.time_ns() // 1_000_000)}


def test_the_metrics_of_a_stage_are_in_the_form_that_cloudwatch_reads() -> None:
    assert problems(json.loads(json.dumps(line()))) == []
    assert counted(line()) == {"MailsAccepted": 3, "CallsThrottled": 1}
    (directive,) = line()["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"], line()["Stage"]) == ("Hato", [["Stage"]], "dev")
    assert {each["Unit"] for each in directive["Metrics"]} == {"Count"}


def directive_of(changed: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = changed["_aws"]["CloudWatchMetrics"][0]
    return found


BROKEN = {
    "no envelope": lambda each: each.pop("_aws"),
    "no time": lambda each: each["_aws"].pop("Timestamp"),
    "a time in seconds": lambda each: each["_aws"].update(Timestamp=int(time.time())),
    "a time in microseconds": lambda each: each["_aws"].update(Timestamp=int(time.time() * 1e6)),
    "a time as text": lambda each: each["_aws"].update(Timestamp="2026-01-31T08:15:30Z"),
    "no directive": lambda each: each["_aws"].update(CloudWatchMetrics=[]),
    "no namespace": lambda each: directive_of(each).update(Namespace=""),
    "dimensions in one list": lambda each: directive_of(each).update(Dimensions=["Stage"]),
    "a dimension that is not there": lambda each: each.pop("Stage"),
    "a dimension that is a number": lambda each: each.update(Stage=1),
    "31 dimensions": lambda each: directive_of(each).update(Dimensions=[["Stage"] * 31]),
    "no metric": lambda each: directive_of(each).update(Metrics=[]),
    "101 metrics": lambda each: directive_of(each).update(Metrics=[{"Name": "MailsAccepted"}] * 101),
    "a metric that is not there": lambda each: each.pop("MailsAccepted"),
    "a metric that is a text": lambda each: each.update(MailsAccepted="3"),
    "a metric that is a truth": lambda each: each.update(MailsAccepted=True),
    "a unit of nobody's": lambda each: directive_of(each)["Metrics"][0].update(Unit="Mails"),
    "a member too many": lambda each: directive_of(each).update(Campaign="c1"),
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN)
def test_the_judge_of_the_form_sees_what_is_wrong(damage: Any) -> None:
    changed = copy.deepcopy(line())
    damage(changed)
    assert problems(changed)


DELIVERED = {"events": {"delivered": 1}, "campaign": "c1", "new": {"delivered": 1}}


@pytest.mark.parametrize(
    ("recorded", "all_told"),
    [
        ([DELIVERED], True),
        ([DELIVERED, DELIVERED], True),
        ([DELIVERED | {"paused": ["c1"]}], False),
        ([{"events": {"delivered": 1}, "campaign": "c1"}], False),
        ([DELIVERED | {"events": {"delivered": 2}}], False),
        ([DELIVERED | {"events": {"delayed": 1}, "new": {"delayed": 1}}], False),
        ([DELIVERED, {"unreadable": "no JSON"}], False),
        ([], False),
    ],
)
def test_only_an_event_that_its_metrics_tell_of_wholly_needs_no_result_in_its_line(
    recorded: Any, all_told: bool
) -> None:
    answer = {"recorded": recorded}
    assert says_no_more(answer, metrics_of("hato-dev-on_delivery", answer)) is all_told
