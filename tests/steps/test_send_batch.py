"""A batch becomes mail: each address once, whatever happens in between."""

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.parcel import Answer
from chalicelib.errors import SendingThrottled
from chalicelib.steps.clock import timestamp
from tests.fakes.mailer import Reply
from tests.steps.house import NONE, SETTLING, House, address, batch, fail

EVERYONE = {"a": 1, "b": 1, "c": 1}
ABC = batch("abc")


@pytest.fixture
def house() -> House:
    return House()


def table_is_busy() -> None:
    raise SendingThrottled("The table of deliveries is too busy for more.")


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


def test_a_batch_of_people_who_all_have_the_mail_makes_no_call_and_takes_no_time_from_others(house):
    house.deliver(ABC)
    before = house.pacer.next_slot
    house.deliver(batch("abc", campaign="c2"))
    assert len(house.mailer.calls) == 1
    assert house.pacer.next_slot == before


def test_the_ledger_has_the_times_of_the_clock(house):
    begun = timestamp(house.clock.now())
    house.moments.at("before send", lambda: house.clock.turn(seconds=3))
    house.deliver(ABC)
    item = house.ledger.items["m1", address("a")]
    assert (item["claimed_at"], item["accepted_at"]) == (begun, timestamp(house.clock.now()))
    assert begun != timestamp(house.clock.now())


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


@pytest.mark.parametrize("answer", [Answer.THROTTLED, Answer.TRANSIENT, Answer.QUOTA])
def test_a_delivery_that_ses_does_not_serve_takes_nothing_from_one_that_sends(house, answer):
    # The first claims a; the second claims b and c and sends them; then SES will not take the first's.
    house.moments.at("after claim", lambda: house.deliver(ABC, token="meanwhile"))
    house.mailer.for_address[address("a")] = [Reply(answer)] * 50
    house.deliver(ABC)
    assert house.arrivals("abc") == {"a": 0, "b": 1, "c": 1}
    assert house.claims("abc") == {"b", "c"}
    house.mailer.for_address.clear()
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


@pytest.mark.parametrize(("moment", "nth"), BEFORE_THE_SEND + AFTER_THE_RECORD)
def test_after_a_crash_before_the_send_or_after_the_record_everybody_has_one_mail(house, moment, nth):
    house.crash(ABC, moment, nth)
    assert house.finish(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE
    assert house.campaigns.counters["c1"] == NONE | {"accepted": 3}


@pytest.mark.parametrize(("moment", "nth"), AFTER_THE_RECORD)
def test_a_batch_whose_sends_are_all_recorded_is_done_at_its_next_delivery(house, moment, nth):
    house.crash(ABC, moment, nth)
    assert house.deliver(ABC) == NONE | {"accepted": 3}


@pytest.mark.parametrize(("moment", "nth"), AROUND_THE_RECORD)
def test_a_send_without_record_is_waited_for_and_an_event_settles_it(house, moment, nth):
    house.crash(ABC, moment, nth)
    house.clock.turn(minutes=14)
    assert house.deliver(ABC) == "OutcomeUnsettled"
    for name in "abc":
        house.event(name)
    assert house.finish(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE


def test_a_send_without_record_and_without_event_is_sent_again_after_the_settling_time_and_not_before(house):
    house.crash(ABC, "before record", 1)
    house.clock.turn(seconds=SETTLING.time.total_seconds() - 1)
    assert house.deliver(ABC) == "OutcomeUnsettled"
    assert house.arrivals("abc") == EVERYONE
    house.clock.turn(seconds=1)
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == {"a": 1, "b": 2, "c": 2}


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

HELD = [(Status.PAUSED, "CampaignPaused")]
HELD += [(each, "CampaignStopped") for each in (Status.CANCELLED, Status.STOPPED, Status.FAILED, Status.FINISHED)]


@pytest.mark.parametrize(("status", "told"), HELD)
def test_a_campaign_that_is_held_sends_nothing_and_claims_nobody(house, status, told):
    house.campaigns.create("c1", "s", "m1", "t")
    house.campaigns.items["c1"]["status"] = status.value
    house.moments.at("before claim", lambda: pytest.fail("somebody was claimed"))
    assert house.deliver(ABC) == told
    assert house.claims("abc") == set()
    assert house.mailer.calls == []


@pytest.mark.parametrize(("status", "told"), HELD)
@pytest.mark.parametrize("moment", ["before claim", "after claim", "before reserve"])
def test_a_campaign_that_is_held_while_its_batch_claims_sends_nothing_and_gives_the_claims_back(
    house, moment, status, told
):
    house.campaigns.create("c1", "s", "m1", "t")
    house.moments.at(moment, lambda: house.campaigns.items["c1"].update(status=status.value))
    assert house.deliver(ABC) == told
    assert house.claims("abc") == set()
    assert house.mailer.calls == []


def test_a_paused_campaign_sends_when_it_goes_on(house):
    house.campaigns.create("c1", "s", "m1", "t")
    house.campaigns.items["c1"]["status"] = Status.PAUSED.value
    house.deliver(ABC)
    house.campaigns.items["c1"]["status"] = Status.SENDING.value
    assert house.deliver(ABC) == NONE | {"accepted": 3}


# --- what nobody foresaw


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


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_a_claim_that_fails_half_way_is_given_back_at_once(house, nth):
    for _ in range(nth):
        house.moments.at("after claim", lambda: None)
    house.moments.at("after claim", fail)
    assert house.deliver(ABC) == "BatchFailed"
    assert house.claims("abc") == set()
    assert house.deliver(ABC) == NONE | {"accepted": 3}


def test_where_the_ledger_takes_no_more_all_go_on_more_slowly_and_the_claims_are_given_back(house):
    house.moments.at("after claim", lambda: None)
    house.moments.at("after claim", table_is_busy)
    assert house.deliver(ABC) == "SendingThrottled"
    assert house.claims("abc") == set()
    assert house.pacer.pace.cut < 1
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE


def test_a_claim_that_fails_half_way_leaves_what_others_hold(house):
    house.deliver(batch("a", campaign="c2"))
    house.crash(batch("b", campaign="c2", number=1), "before send")
    house.moments.at("after claim", lambda: None)
    house.moments.at("after claim", lambda: None)
    house.moments.at("after claim", fail)
    assert house.deliver(batch("abcd")) == "BatchFailed"
    assert house.claims("abcd") == {"a", "b"}
    assert {house.ledger.items["m1", address(name)]["campaign_id"] for name in "ab"} == {"c2"}


def test_claims_taken_over_are_given_back_too_when_a_later_one_fails(house):
    house.crash(ABC, "before record")
    house.clock.turn(minutes=15)
    house.moments.at("before take over", lambda: None)
    house.moments.at("before take over", fail)
    assert house.deliver(ABC) == "BatchFailed"
    assert house.claims("abc") == {"b", "c"}, "a was taken over, b and c were not"
    assert house.deliver(ABC) == NONE | {"accepted": 3}


@pytest.mark.parametrize("moment", ["before outcomes", "before count", "before success"])
def test_an_unforeseen_error_after_the_record_is_told_too_and_counts_nothing_twice(house, moment):
    house.moments.at(moment, fail)
    assert house.deliver(ABC) == "BatchFailed"
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE
    assert house.campaigns.counters["c1"] == NONE | {"accepted": 3}
