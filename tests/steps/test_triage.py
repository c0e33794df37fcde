"""Who of a batch is written to: what the ledger and the contacts know of each address."""

import pytest

from chalicelib.domain.delivery import Settling, UnknownOutcomes
from chalicelib.domain.parcel import Answer
from chalicelib.steps.clock import timestamp
from tests.fakes.mailer import Reply
from tests.steps.house import NONE, PAIRS, SETTLING, House, address, batch

EVERYONE = {"a": 1, "b": 1, "c": 1}
ABC = batch("abc")


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def holding() -> House:
    """A house whose owner would rather lose a mail than send it twice."""
    return House(settling=Settling(SETTLING.time, UnknownOutcomes.HOLD))


# --- who is not written to


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


# --- who has the mail, or was refused


def test_who_has_it_from_another_campaign_is_told_so_with_where_and_when(house):
    house.deliver(ABC)
    at = timestamp(house.clock.now())
    house.clock.turn(minutes=1)
    other = batch("bcd", campaign="c2")
    assert house.deliver(other) == NONE | {"accepted": 1, "already_sent": 2}
    outcome = house.outcomes(other)["b"]
    assert (outcome.message_id, outcome.reason) == ("message-2", f"Accepted {at} in campaign c1.")
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


# --- sends of which nobody knows how they ended


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("campaign", ["c1", "c2"])
def test_a_broken_send_is_waited_for_by_whoever_wants_to_write_to_the_address(house, campaign, arrives):
    house.mailer.for_address[address("b")] = [Reply(Answer.UNSURE, arrives)]
    house.deliver(batch("b"))
    other = batch("abc", campaign)
    for _ in range(14):
        assert house.deliver(other) == "OutcomeUnsettled"
        house.clock.turn(minutes=1)
    assert house.arrivals("abc") == {"a": 1, "b": int(arrives), "c": 1}, "the others need not wait"


@pytest.mark.parametrize("at_minute", [0, 14, 16])
def test_an_event_settles_a_broken_send_whenever_it_comes(house, at_minute):
    house.mailer.for_address[address("b")] = [Reply(Answer.UNSURE, arrives=True)]
    assert house.deliver(ABC) == "OutcomeUnsettled"
    house.clock.turn(minutes=at_minute)
    house.event("b")
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE


def test_a_broken_send_of_which_no_event_comes_is_sent_again_after_the_settling_time_and_not_before(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.UNSURE)]
    assert house.deliver(ABC) == "OutcomeUnsettled"
    house.clock.turn(minutes=15, seconds=-1)
    assert house.deliver(ABC) == "OutcomeUnsettled"
    assert house.arrivals("b") == {"b": 0}
    house.clock.turn(seconds=1)
    assert house.deliver(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == EVERYONE
    assert house.ledger.items["m1", address("b")]["attempt"] == 2


@pytest.mark.parametrize("arrives", [True, False])
def test_a_broken_send_that_is_held_is_unknown_after_the_settling_time_and_never_sent_again(holding, arrives):
    holding.mailer.for_address[address("b")] = [Reply(Answer.UNSURE, arrives)]
    assert holding.deliver(ABC) == "OutcomeUnsettled"
    holding.clock.turn(minutes=15, seconds=-1)
    assert holding.deliver(ABC) == "OutcomeUnsettled"
    holding.clock.turn(seconds=1)
    assert holding.deliver(ABC) == NONE | {"accepted": 2, "unknown": 1}
    assert "never became known" in holding.outcomes(ABC)["b"].reason
    assert holding.deliver(batch("b", campaign="c2")) == NONE | {"unknown": 1}
    assert holding.arrivals("abc") == EVERYONE | {"b": int(arrives)}


def test_a_held_send_of_which_an_event_comes_late_was_sent(holding):
    holding.mailer.for_address[address("b")] = [Reply(Answer.UNSURE, arrives=True)]
    holding.deliver(ABC)
    holding.clock.turn(minutes=15)
    holding.deliver(ABC)
    holding.event("b")
    assert holding.deliver(ABC) == NONE | {"accepted": 3}


def test_who_was_refused_in_another_campaign_is_tried_again_also_where_broken_sends_are_held(holding):
    holding.mailer.for_address[address("b")] = [Reply(Answer.REFUSED)]
    holding.deliver(ABC)
    assert holding.deliver(batch("b", campaign="c2")) == NONE | {"accepted": 1}


def test_a_send_that_broke_off_to_who_is_suppressed_now_is_unknown_and_never_sent_again(house):
    house.crash(ABC, "before record")
    house.contacts.mark_unreachable(address("b"), "complained_at", "t", "")
    assert house.deliver(ABC) == "OutcomeUnsettled"
    assert house.finish(ABC) == NONE | {"accepted": 2, "unknown": 1}
    assert house.arrivals("b") == {"b": 1}


# --- two who want to take a claim over


def test_an_event_that_comes_just_before_a_take_over_keeps_the_mail_from_being_sent_again(house):
    house.crash(ABC, "before record")
    house.clock.turn(minutes=16)
    house.moments.at("before take over", lambda: house.event("a"))
    assert house.deliver(ABC) == "OutcomeUnsettled"
    assert house.finish(ABC) == NONE | {"accepted": 3}
    assert house.arrivals("abc") == {"a": 1, "b": 2, "c": 2}


@pytest.mark.parametrize("moment", ["before reserve", "before send"])
def test_an_event_that_comes_between_a_take_over_and_its_send_keeps_the_mail_from_being_sent_again(moment):
    house = House(PAIRS)  # a and b are one call, c and d the next
    house.crash(batch("cd"), "before record")
    house.clock.turn(minutes=16)
    house.moments.at(moment, lambda: house.event("c"))
    assert house.deliver(batch("abcd")) == NONE | {"accepted": 4}
    assert house.arrivals("abcd") == {"a": 1, "b": 1, "c": 1, "d": 2}
    assert house.deliver(batch("abcd")) == NONE | {"accepted": 4}


def test_only_one_of_two_campaigns_takes_a_broken_send_over(house):
    house.crash(ABC, "before send")
    house.clock.turn(minutes=16)
    other = batch("abc", campaign="c2")
    house.moments.at("before take over", lambda: house.deliver(other))
    house.deliver(ABC)
    house.finish(ABC)
    house.finish(other)
    assert house.arrivals("abc") == EVERYONE


def test_who_is_given_back_while_another_claims_is_sent_to_by_one_of_them(house):
    house.mailer.for_address[address("b")] = [Reply(Answer.QUOTA)]
    house.moments.at("before release", lambda: house.deliver(batch("b", campaign="c2")))
    house.deliver(batch("b"))
    house.finish(batch("b"))
    house.finish(batch("b", campaign="c2"))
    assert house.arrivals("b") == {"b": 1}
