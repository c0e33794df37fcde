"""A batch becomes mail: each address once, whatever happens in between."""

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.parcel import Answer
from chalicelib.steps.clock import timestamp
from tests.fakes.mailer import Reply
from tests.fakes.moments import PowerCut
from tests.steps.house import SETTLING, House, address, batch

EVERYONE = {"a": 1, "b": 1, "c": 1}
ABC = batch("abc")
NONE = dict.fromkeys((kind.value for kind in OutcomeKind), 0)


@pytest.fixture
def house() -> House:
    return House()


# --- as it should be


def test_a_batch_is_sent_recorded_counted_and_told(house):
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE
    assert house.kinds(ABC) == dict.fromkeys("abc", "accepted")
    assert house.outcomes(ABC)["b"].message_id == "message-2"
    assert house.ledger.items["m1", address("b")]["message_id"] == "message-2"
    assert house.campaigns.counters["c1"]["accepted"] == 3
    assert house.tasks.told == [("token", NONE | {"accepted": 3})]


def test_everybody_gets_the_mail_filled_in_with_their_own_fields(house):
    house.deliver(ABC)
    assert [mail.subject for _, mail in house.mailer.inbox] == ["Hello A", "Hello B", "Hello C"]


def test_the_outcomes_are_in_the_order_of_the_rows(house):
    house.contacts.mark_unreachable(address("c"), "bounced_at", "t", "")  # known before a and b are sent
    house.deliver(batch("abcd"))
    assert list(house.kinds(ABC)) == ["a", "b", "c", "d"]


def test_calls_are_no_larger_than_the_rate_and_leave_when_their_slots_come():
    house = House(rate=2.0)
    left = []
    for _ in range(3):
        house.moments.at("before send", lambda: left.append(house.clock.seconds()))
    start = house.clock.seconds()
    house.deliver(batch("abcde"))
    assert [len(call) for call in house.mailer.calls] == [2, 2, 1]
    assert [moment - start for moment in left] == pytest.approx([0, 1, 2], abs=1e-3)


def test_a_batch_of_people_who_all_have_the_mail_makes_no_call(house):
    house.deliver(ABC)
    before = house.pacer.next_slot
    house.deliver(batch("abc", campaign="c2"))
    assert len(house.mailer.calls) == 1
    assert house.pacer.next_slot == before


# --- twice


def test_a_batch_delivered_twice_is_sent_once_and_counted_once(house):
    first, second = house.deliver(ABC), house.deliver(ABC, token="another")
    assert first == second == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE
    assert house.campaigns.counters["c1"]["accepted"] == 3
    assert house.outcomes(ABC)["a"].message_id == "message-1"
    assert [token for token, _ in house.tasks.told] == ["token", "another"]


@pytest.mark.parametrize(
    "moment", ["before claim", "after claim", "before reserve", "before send", "after send", "before record"]
)
def test_two_deliveries_at_the_same_time_send_each_mail_once(house, moment):
    house.moments.at(moment, lambda: house.deliver(ABC, token="meanwhile"))
    house.deliver(ABC)
    assert house.finish(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE
    assert house.campaigns.counters["c1"] == NONE | {"accepted": 3}


@pytest.mark.parametrize("answer", [Answer.THROTTLED, Answer.QUOTA])
def test_a_delivery_that_is_throttled_takes_nothing_from_one_that_sends(house, answer):
    # The first claims a; the second claims b and c and sends them; then SES throttles the first.
    house.moments.at("after claim", lambda: house.deliver(ABC, token="meanwhile"))
    house.mailer.for_address[address("a")] = [Reply(answer)]
    house.deliver(ABC)
    assert house.arrivals("abc") == {"a": 0, "b": 1, "c": 1}
    assert house.claims("abc") == {"b", "c"}
    assert house.finish(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE


@pytest.mark.parametrize("moment", ["before claim", "after claim", "before send", "after send", "before record"])
def test_two_campaigns_of_one_mail_at_the_same_time_send_each_mail_once(house, moment):
    other = batch("bcd", campaign="c2")
    house.moments.at(moment, lambda: house.deliver(other))
    house.deliver(ABC)
    house.finish(ABC)
    house.finish(other)
    assert house.arrivals("abcd") == EVERYONE | {"d": 1}
    both = [house.kinds(ABC), house.kinds(other)]
    assert all(sorted(kinds[name] for kinds in both) == ["accepted", "already_sent"] for name in "bc")


# --- crashes

BEFORE_THE_SEND = [("before claim", 0), ("after claim", 0), ("after claim", 1), ("after claim", 2)]
BEFORE_THE_SEND += [("before reserve", 0), ("before send", 0)]
AROUND_THE_RECORD = [("after send", 0), ("before record", 0), ("before record", 2), ("after record", 1)]
AFTER_THE_RECORD = [("after record", 2), ("before outcomes", 0), ("after outcomes", 0), ("before count", 0)]
AFTER_THE_RECORD += [("after count", 0), ("before success", 0)]


def crash(house: House, moment: str, nth: int) -> None:
    for _ in range(nth):
        house.moments.at(moment, lambda: None)
    house.moments.cut(moment)
    with pytest.raises(PowerCut):
        house.deliver(ABC)


@pytest.mark.parametrize(("moment", "nth"), BEFORE_THE_SEND + AFTER_THE_RECORD)
def test_after_a_crash_before_the_send_or_after_the_record_everybody_has_one_mail(house, moment, nth):
    crash(house, moment, nth)
    assert house.finish(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE
    assert house.campaigns.counters["c1"] == NONE | {"accepted": 3}


@pytest.mark.parametrize(("moment", "nth"), AFTER_THE_RECORD)
def test_a_batch_whose_sends_are_all_recorded_is_done_at_its_next_delivery(house, moment, nth):
    crash(house, moment, nth)
    assert house.deliver(ABC) == NONE | {"accepted": 3}


@pytest.mark.parametrize(("moment", "nth"), AROUND_THE_RECORD)
def test_a_send_without_record_is_waited_for_and_an_event_settles_it(house, moment, nth):
    crash(house, moment, nth)
    house.clock.turn(minutes=14)
    assert house.deliver(ABC) == "OutcomeUnsettled"
    for name in "abc":
        house.event(name)
    assert house.finish(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE


def test_a_send_without_record_and_without_event_is_sent_again_after_the_settling_time_and_not_before(house):
    crash(house, "before record", 1)
    house.clock.turn(seconds=SETTLING.total_seconds() - 1)
    assert house.deliver(ABC) == "OutcomeUnsettled"
    assert house.arrivals("abc") == EVERYONE
    house.clock.turn(seconds=1)
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == {"a": 1, "b": 2, "c": 2}


def test_an_event_that_comes_just_before_a_take_over_keeps_the_mail_from_being_sent_again(house):
    crash(house, "before record", 0)
    house.clock.turn(minutes=16)
    house.moments.at("before take over", lambda: house.event("a"))
    assert house.deliver(ABC) == "OutcomeUnsettled"
    assert house.finish(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == {"a": 1, "b": 2, "c": 2}


def test_only_one_of_two_campaigns_takes_a_broken_send_over(house):
    crash(house, "before send", 0)
    house.clock.turn(minutes=16)
    other = batch("abc", campaign="c2")
    house.moments.at("before take over", lambda: house.deliver(other))
    house.deliver(ABC)
    house.finish(ABC)
    house.finish(other)
    assert house.arrivals("abc") == EVERYONE


# --- what SES answers


def test_a_throttled_recipient_is_sent_on_the_next_delivery(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.THROTTLED)]
    assert house.deliver(ABC) == "SendingThrottled"
    assert house.arrivals("abc") == {"a": 1, "b": 0, "c": 1}
    assert house.claims("abc") == {"a", "c"}
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE


@pytest.mark.parametrize(
    ("answer", "told"), [(Answer.THROTTLED, "SendingThrottled"), (Answer.QUOTA, "DailyQuotaReached")]
)
def test_a_call_that_ses_did_not_take_ends_the_try_and_gives_every_claim_back(answer, told):
    house = House(rate=2.0)
    house.mailer.for_call = [Reply(Answer.ACCEPTED), Reply(answer)]
    everybody = batch("abcdef")
    assert house.deliver(everybody) == told
    assert house.mailer.calls == [[address("a"), address("b")], [address("c"), address("d")]]
    assert house.claims("abcdef") == {"a", "b"}
    assert house.deliver(everybody) == NONE | {"accepted": 6}
    assert house.arrivals("abcdef") == dict.fromkeys("abcdef", 1)


def test_no_outcome_is_written_and_nothing_counted_while_the_batch_is_not_done(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.THROTTLED)]
    house.deliver(ABC)
    assert house.files.outcome_files == {}
    assert house.campaigns.counters == {}


def test_the_daily_limit_goes_before_a_throttle(house):
    house.mailer.for_address = {address("a"): [Reply(Answer.THROTTLED)], address("b"): [Reply(Answer.QUOTA)]}
    assert house.deliver(ABC) == "DailyQuotaReached"


def test_a_stop_ends_the_campaign_and_no_batch_of_it_is_sent_any_more():
    house = House(rate=2.0)
    house.campaigns.create("c1", "s", "m1", "t")
    house.mailer.for_call = [Reply(Answer.ACCEPTED), Reply(Answer.STOPPED)]
    assert house.deliver(batch("abcdef")) == "CampaignStopped"
    assert house.campaigns.summary("c1")["status"] == "stopped"
    assert house.campaigns.summary("c1")["reason"] == "SES says STOPPED"
    assert house.claims("abcdef") == {"a", "b"}
    assert house.deliver(batch("xyz", number=1)) == "CampaignStopped"
    assert house.arrivals("abcdefxyz") == {"a": 1, "b": 1} | dict.fromkeys("cdefxyz", 0)


def test_a_refused_recipient_fails_alone_and_for_good(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.REFUSED)]
    assert house.deliver(ABC) == NONE | {"accepted": 2, "failed": 1}
    assert house.outcomes(ABC)["b"].reason == "SES says REFUSED"
    assert house.deliver(ABC) == NONE | {"accepted": 2, "failed": 1}
    assert house.arrivals("abc") == {"a": 1, "b": 0, "c": 1}


@pytest.mark.parametrize("arrives", [True, False])
def test_a_call_that_broke_off_is_waited_for(arrives):
    house = House(rate=2.0)
    house.mailer.for_call = [Reply(Answer.UNSURE, arrives)]
    everybody = batch("abcd")
    assert house.deliver(everybody) == "OutcomeUnsettled"
    assert house.arrivals("cd") == {"c": 1, "d": 1}, "the calls after it are made all the same"
    if arrives:
        house.event("a")
        house.event("b")
    assert house.finish(everybody) == NONE | {"accepted": 4}
    assert house.arrivals("abcd") == dict.fromkeys("abcd", 1)


def test_a_stop_in_the_same_answer_as_an_unsure_recipient_keeps_the_unsure_claim(house):
    house.mailer.for_address = {address("a"): [Reply(Answer.UNSURE)], address("b"): [Reply(Answer.STOPPED)]}
    assert house.deliver(ABC) == "CampaignStopped"
    assert house.claims("abc") == {"a", "c"}


# --- what is known of the address


def test_a_suppressed_contact_gets_no_mail_and_no_delivery(house):
    house.contacts.items[address("b")] = {"email": address("b"), "haserror": 1}
    assert house.deliver(ABC) == NONE | {"accepted": 2, "suppressed": 1}
    assert house.claims("abc") == {"a", "c"}
    assert house.outcomes(ABC)["b"].reason


def test_a_batch_of_suppressed_contacts_only_is_done(house):
    for name in "abc":
        house.contacts.mark_unreachable(address(name), "bounced_at", "t", "")
    assert house.deliver(ABC) == NONE | {"suppressed": 3}
    assert house.mailer.calls == []


@pytest.mark.parametrize("campaign", ["c1", "c2"])
def test_who_bounced_after_the_mail_is_not_said_to_be_suppressed_before_it(house, campaign):
    house.deliver(ABC)
    house.contacts.mark_unreachable(address("b"), "bounced_at", "t", "")
    house.deliver(batch("abc", campaign))
    assert set(house.kinds(batch("abc", campaign)).values()) == {"accepted" if campaign == "c1" else "already_sent"}


def test_who_has_it_from_another_campaign_is_told_so_with_where_and_when(house):
    house.deliver(ABC)
    other = batch("bcd", campaign="c2")
    assert house.deliver(other) == NONE | {"accepted": 1, "already_sent": 2}
    outcome = house.outcomes(other)["b"]
    assert (outcome.message_id, "c1" in outcome.reason) == ("message-2", True)
    assert house.arrivals("abcd") == EVERYONE | {"d": 1}


def test_who_is_in_two_batches_of_a_campaign_gets_one_mail(house):
    house.deliver(ABC)
    assert house.deliver(batch("cd", number=1)) == NONE | {"accepted": 1, "already_sent": 1}


def test_who_failed_in_another_campaign_is_tried_again(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.REFUSED)]
    house.deliver(ABC)
    other = batch("b", campaign="c2")
    assert house.deliver(other) == NONE | {"accepted": 1}
    assert house.deliver(ABC) == NONE | {"accepted": 2, "already_sent": 1}


def test_who_failed_in_another_campaign_and_is_suppressed_now_is_suppressed(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.REFUSED)]
    house.deliver(ABC)
    house.contacts.mark_unreachable(address("b"), "bounced_at", "t", "")
    assert house.deliver(batch("b", campaign="c2")) == NONE | {"suppressed": 1}
    assert house.deliver(ABC) == NONE | {"accepted": 2, "failed": 1}


def test_a_send_that_broke_off_to_who_is_suppressed_now_is_unknown_and_never_sent_again(house):
    crash(house, "before record", 0)
    house.contacts.mark_unreachable(address("b"), "complained_at", "t", "")
    assert house.deliver(ABC) == "OutcomeUnsettled"
    assert house.finish(ABC) == NONE | {"accepted": 2, "unknown": 1}
    assert house.arrivals("b") == {"b": 1}


# --- what is known of the mail


def test_a_row_whose_template_fails_fails_alone_and_is_not_sent(house):
    odd = batch("abc")
    odd.recipients[1].fields["n"] = "0"
    assert house.deliver(odd) == NONE | {"accepted": 2, "failed": 1}
    assert house.deliver(odd) == NONE | {"accepted": 2, "failed": 1}
    assert "division" in house.outcomes(odd)["b"].reason
    assert house.arrivals("abc") == {"a": 1, "b": 0, "c": 1}


def test_a_row_that_lacks_a_field_fails_alone(house):
    odd = batch("abc")
    del odd.recipients[1].fields["name"]
    assert house.deliver(odd) == NONE | {"accepted": 2, "failed": 1}
    assert "name" in house.outcomes(odd)["b"].reason


def test_a_corrected_list_reaches_who_failed_for_lack_of_a_field(house):
    odd = batch("b", n="0")
    house.deliver(odd)
    assert house.deliver(batch("b", campaign="c2")) == NONE | {"accepted": 1}


def test_a_batch_whose_mail_is_gone_claims_nobody(house):
    house.mails.items.clear()
    assert house.deliver(ABC) == "MailNotFound"
    assert house.claims("abc") == set()


# --- what is known of the campaign


@pytest.mark.parametrize(
    ("status", "told"),
    [(Status.PAUSED, "CampaignPaused")]
    + [(each, "CampaignStopped") for each in (Status.CANCELLED, Status.STOPPED, Status.FAILED, Status.FINISHED)],
)
def test_a_campaign_that_is_held_sends_nothing_and_claims_nobody(house, status, told):
    house.campaigns.create("c1", "s", "m1", "t")
    house.campaigns.items["c1"]["status"] = status.value
    assert house.deliver(ABC) == told
    assert house.claims("abc") == set()
    assert house.mailer.calls == []


def test_a_paused_campaign_sends_when_it_goes_on(house):
    house.campaigns.create("c1", "s", "m1", "t")
    house.campaigns.items["c1"]["status"] = Status.PAUSED.value
    house.deliver(ABC)
    house.campaigns.items["c1"]["status"] = Status.SENDING.value
    assert house.deliver(ABC) == NONE | {"accepted": 3}


# --- time, and all else


def test_a_batch_that_finds_no_sending_time_before_its_deadline_gives_its_claims_back(house):
    house.pacer.next_slot = house.clock.seconds() + 60
    assert house.deliver(ABC, seconds=30) == "SendingThrottled"
    assert house.claims("abc") == set()
    assert house.mailer.calls == []


def test_a_batch_that_ses_answers_too_slowly_for_stops_at_its_deadline_and_goes_on_later():
    house = House(rate=2.0)
    house.moments.at("after send", lambda: house.clock.turn(seconds=40))
    everybody = batch("abcd")
    assert house.deliver(everybody, seconds=30) == "SendingThrottled"
    assert house.claims("abcd") == {"a", "b"}
    assert house.deliver(everybody) == NONE | {"accepted": 4}
    assert house.arrivals("abcd") == dict.fromkeys("abcd", 1)


def test_who_cannot_be_sent_to_because_the_account_may_not_send_does_not_wait_for_the_settling_time(house):
    house.pacer.account_rate = 0
    assert house.deliver(ABC) == "DailyQuotaReached"
    assert house.claims("abc") == set()
    house.pacer.account_rate = 100
    assert house.deliver(ABC) == NONE | {"accepted": 3}


class Broken(Exception):
    """Something that nobody foresaw."""


def fail() -> None:
    raise Broken("the line is dead")


@pytest.mark.parametrize("moment", ["before claim", "before reserve", "before send", "after send", "before record"])
def test_an_unforeseen_error_is_told_to_the_state_machine_and_nobody_is_lost(house, moment):
    house.moments.at(moment, fail)
    assert house.deliver(ABC) == "BatchFailed"
    assert house.tasks.causes == ["Broken: the line is dead"]
    for name, count in house.arrivals("abc").items():
        if count:
            house.event(name)
    assert house.finish(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE


def test_an_unforeseen_error_in_a_call_keeps_the_claims_of_that_call_and_gives_the_others_back():
    house = House(rate=2.0)
    house.moments.at("after send", fail)
    house.deliver(batch("abcd"))
    assert house.claims("abcd") == {"a", "b"}


@pytest.mark.parametrize("moment", ["before outcomes", "before count", "before success"])
def test_an_unforeseen_error_after_the_record_is_told_too_and_counts_nothing_twice(house, moment):
    house.moments.at(moment, fail)
    assert house.deliver(ABC) == "BatchFailed"
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE
    assert house.campaigns.counters["c1"] == NONE | {"accepted": 3}


def test_the_ledger_has_the_times_of_the_clock(house):
    house.deliver(ABC)
    item = house.ledger.items["m1", address("a")]
    assert item["claimed_at"] == item["accepted_at"] == timestamp(house.clock.now())
