"""What SES answers, and what the rest of the batch makes of it."""

from itertools import pairwise

import pytest

from chalicelib.domain.pacing import call_interval
from chalicelib.domain.parcel import Answer
from tests.fakes.mailer import Reply
from tests.steps.house import GAP, NONE, PAIRS, House, address, batch

ABC = batch("abc")
EVERYONE = {"a": 1, "b": 1, "c": 1}
SIX = batch("abcdef")
FOR_EVER = 50  # times that SES declines


@pytest.fixture
def house() -> House:
    """A house whose batches of some letters are one call."""
    return House()


@pytest.fixture
def slow() -> House:
    """A house that sends two mails a call."""
    return House(PAIRS)


# --- SES throttles


def test_a_throttled_recipient_is_sent_to_by_the_same_try(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.THROTTLED)]
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.calls() == ["abc", "b"]
    assert house.arrivals("abc") == EVERYONE
    assert [told for _, told in house.tasks.told] == [NONE | {"accepted": 3}]


def test_a_throttled_call_cuts_the_pace_and_the_same_try_goes_on_more_slowly(slow):
    slow.mailer.for_call = [Reply(Answer.THROTTLED)]
    left = slow.departures()
    assert slow.deliver(batch("abcd")) == NONE | {"accepted": 4}
    assert slow.pacer.pace.cut == 0.7
    assert slow.calls() == ["ab", "c", "d", "a", "b"]
    assert slow.arrivals("abcd") == dict.fromkeys("abcd", 1)
    gaps = [later - earlier for earlier, later in pairwise(left[1:])]
    assert gaps == pytest.approx([call_interval(0.7 * PAIRS, 1)] * 3, abs=1e-3)
    assert [told for _, told in slow.tasks.told] == [NONE | {"accepted": 4}], "the state machine is not asked"


def test_the_rest_of_a_stretch_is_not_sent_at_the_pace_that_ses_throttled(slow):
    slow.mailer.for_call = [Reply(Answer.ACCEPTED), Reply(Answer.THROTTLED)]
    left = slow.departures()
    assert slow.deliver(SIX) == NONE | {"accepted": 6}
    assert slow.calls() == ["ab", "cd", "e", "f", "c", "d"], "who had no turn yet is not made to wait for the others"
    assert left[2] >= 3 * GAP - 1e-3, "behind the stretch that was reserved, for others may have the time after it"
    assert slow.arrivals("abcdef") == dict.fromkeys("abcdef", 1)


def test_a_batch_that_was_throttled_goes_on_more_slowly_in_its_own_stretch_and_not_beyond_it(slow):
    everybody, left, others = "abcdefghijklmnopqrst", slow.departures(), list[float]()
    slow.mailer.for_call = [Reply(Answer.THROTTLED)]
    slow.after_call(1, lambda: others.append(slow.pacer.reserve(1, 2, 2, 1e12).start - slow.clock.seconds()))
    assert slow.deliver(batch(everybody)) == NONE | {"accepted": 20}
    assert slow.arrivals(everybody) == dict.fromkeys(everybody, 1)
    gaps = [later - earlier for earlier, later in pairwise(left)]
    slower = call_interval(0.8 * PAIRS, 2)  # it has recovered by a tenth at the most
    assert min(gaps[:3]) >= slower - 1e-3 > GAP
    ends = left[0] + others[0]
    assert not [moment for moment in left if ends - 1e-3 <= moment < ends + GAP - 1e-3], "that time is another's"


def test_a_throttle_is_a_matter_of_all_who_send(slow):
    slow.mailer.for_call = [Reply(Answer.THROTTLED)]
    slow.deliver(batch("ab"))
    slow.deliver(batch("cd", number=1))
    assert slow.calls()[-2:] == ["c", "d"], "one mail a call, where it was two"


def test_recipients_throttled_one_by_one_are_one_cut(house):
    house.mailer.for_address = {address(name): [Reply(Answer.THROTTLED)] for name in "abc"}
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.pacer.pace.cut == 0.7


@pytest.mark.parametrize("answer", [Answer.THROTTLED, Answer.TRANSIENT])
def test_ses_may_decline_some_times_within_a_try(house, answer):
    house.mailer.for_call = [Reply(answer)] * 4
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.calls() == ["abc"] * 5
    assert house.arrivals("abc") == EVERYONE


@pytest.mark.parametrize("answer", [Answer.THROTTLED, Answer.TRANSIENT])
def test_what_ses_declines_again_and_again_goes_back_to_the_state_machine_and_its_claims_are_given_back(house, answer):
    house.mailer.for_address[address("b")] = [Reply(answer)] * FOR_EVER
    assert house.deliver(ABC) == "SendingThrottled"
    assert house.tasks.causes == [f"SES says {answer.name}"]
    assert 5 <= len(house.calls()) < FOR_EVER
    assert house.calls() == ["abc", *["b"] * (len(house.calls()) - 1)]
    assert house.claims("abc") == {"a", "c"}
    assert house.files.outcome_files == house.campaigns.counters == {}, "it is not done yet"
    house.mailer.for_address.clear()
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE


# --- SES is out of order for a moment


def test_what_ses_cannot_take_at_the_moment_is_tried_again_without_going_slower(slow):
    slow.mailer.for_call = [Reply(Answer.TRANSIENT)]
    left = slow.departures()
    assert slow.deliver(batch("abcd")) == NONE | {"accepted": 4}
    assert slow.calls() == ["ab", "cd", "ab"], "the rest of the stretch is used"
    assert left[1] - left[0] == pytest.approx(GAP, abs=1e-3)
    assert slow.pacer.pace.cut == 1.0


def test_a_throttle_beside_a_failure_of_the_moment_cuts_the_pace(house):
    house.mailer.for_address = {address("a"): [Reply(Answer.TRANSIENT)], address("b"): [Reply(Answer.THROTTLED)]}
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.pacer.pace.cut == 0.7


# --- the day's mails are used up


def test_a_daily_limit_parks_the_batch_and_is_told_to_all_who_send(slow):
    slow.mailer.for_call = [Reply(Answer.ACCEPTED), Reply(Answer.QUOTA)]
    assert slow.deliver(SIX) == "DailyQuotaReached"
    assert slow.tasks.causes == ["SES says QUOTA"]
    assert slow.calls() == ["ab", "cd"]
    assert slow.claims("abcdef") == {"a", "b"}
    assert slow.deliver(batch("xyz", number=1)) == "DailyQuotaReached"
    assert len(slow.mailer.calls) == 2, "SES is not asked by everybody"
    assert slow.claims("xyz") == set()


def test_a_parked_batch_goes_on_when_ses_takes_mail_again(slow):
    slow.mailer.for_call = [Reply(Answer.ACCEPTED), Reply(Answer.QUOTA)]
    slow.deliver(SIX)
    slow.clock.turn(minutes=1)
    assert slow.deliver(SIX) == NONE | {"accepted": 6}
    assert slow.arrivals("abcdef") == dict.fromkeys("abcdef", 1)
    assert slow.pacer.pace.cut == 1.0


@pytest.mark.parametrize("other", [Answer.THROTTLED, Answer.TRANSIENT])
def test_the_daily_limit_goes_before_what_could_be_tried_again(house, other):
    house.mailer.for_address = {address("a"): [Reply(other)], address("b"): [Reply(Answer.QUOTA)]}
    assert house.deliver(ABC) == "DailyQuotaReached"
    assert house.claims("abc") == {"c"}


def test_the_mails_of_a_batch_are_counted_once_for_a_day_however_often_a_try_of_it_is_declined(house):
    house.pacer.day_left = 10
    house.mailer.for_call = [Reply(Answer.THROTTLED), Reply(Answer.TRANSIENT)]
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.pacer.day_left == 7


def test_a_batch_for_which_the_day_has_too_few_mails_left_waits_for_the_next_whole(house):
    house.pacer.day_left = 2
    assert house.deliver(ABC) == "DailyQuotaReached"
    assert house.claims("abc") == set()
    assert house.mailer.calls == []
    house.pacer.day_left = 3
    assert house.deliver(ABC) == NONE | {"accepted": 3}


# --- SES stops the campaign, or refuses somebody


def test_a_stop_ends_the_campaign_and_no_batch_of_it_is_sent_any_more(slow):
    slow.begin_campaign()
    slow.mailer.for_call = [Reply(Answer.ACCEPTED), Reply(Answer.STOPPED)]
    assert slow.deliver(SIX) == "CampaignStopped"
    summary = slow.campaigns.summary("c1")
    assert (summary["status"], summary["reason"]) == ("stopped", "SES says STOPPED")
    assert slow.claims("abcdef") == {"a", "b"}
    assert slow.deliver(batch("xyz", number=1)) == "CampaignStopped"
    assert slow.arrivals("abcdefxyz") == {"a": 1, "b": 1} | dict.fromkeys("cdefxyz", 0)


@pytest.mark.parametrize("other", [Answer.QUOTA, Answer.THROTTLED, Answer.TRANSIENT])
def test_a_stop_goes_before_everything_else(house, other):
    house.begin_campaign()
    house.mailer.for_address = {address("a"): [Reply(other)], address("b"): [Reply(Answer.STOPPED)]}
    assert house.deliver(ABC) == "CampaignStopped"
    assert house.campaigns.summary("c1")["status"] == "stopped"
    assert house.claims("abc") == {"c"}


@pytest.mark.parametrize(("answer", "told"), [(Answer.STOPPED, "CampaignStopped"), (Answer.QUOTA, "DailyQuotaReached")])
def test_what_ends_the_sending_is_heeded_at_once_and_takes_no_more_time_from_others(house, answer, told):
    house.mailer.for_call = [Reply(answer)]
    house.moments.at("before reserve", lambda: None)
    house.moments.at("before reserve", lambda: pytest.fail("time was reserved to send no more"))
    assert house.deliver(ABC) == told


def test_a_stop_in_the_same_answer_as_an_unsure_recipient_keeps_the_unsure_claim(house):
    house.mailer.for_address = {address("a"): [Reply(Answer.UNSURE)], address("b"): [Reply(Answer.STOPPED)]}
    assert house.deliver(ABC) == "CampaignStopped"
    assert house.claims("abc") == {"a", "c"}


def test_a_refused_recipient_fails_alone_and_for_good(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.REFUSED)]
    assert house.deliver(ABC) == NONE | {"accepted": 2, "failed": 1}
    assert house.outcomes(ABC)["b"].reason == "SES says REFUSED"
    assert house.deliver(ABC) == NONE | {"accepted": 2, "failed": 1}
    assert house.arrivals("abc") == {"a": 1, "b": 0, "c": 1}


@pytest.mark.parametrize("arrives", [True, False])
def test_a_call_that_broke_off_is_waited_for_and_the_calls_after_it_are_made_all_the_same(slow, arrives):
    slow.mailer.for_call = [Reply(Answer.UNSURE, arrives)]
    everybody = batch("abcd")
    assert slow.deliver(everybody) == "OutcomeUnsettled"
    assert slow.claims("abcd") == set("abcd")
    assert slow.arrivals("cd") == {"c": 1, "d": 1}
    if arrives:
        slow.event("a")
        slow.event("b")
    assert slow.finish(everybody) == NONE | {"accepted": 4}
    assert slow.arrivals("abcd") == dict.fromkeys("abcd", 1)
