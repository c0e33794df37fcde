"""The page of one recipient: who it is, whether they may be written to, and what became of each mail."""

import pytest

from chalicelib.domain.history import Moment
from chalicelib.web.recipient_page import Person, recipient_page
from tests.web.showing import Shown

AT = "2026-05-01T08:00:05.123Z"
HOSTILE = "<script>alert(1)</script>\"'&"


def page(*moments: Moment, suppressed: str = "", language: str = "en", back: str = "", **contact: object) -> Shown:
    person = Person("taro@example.com", contact or None, suppressed, [("m-1", "c-1", moments)])
    return Shown(recipient_page(person, language, back=back))


def test_it_says_whether_the_address_may_be_written_to() -> None:
    assert "Nothing is against writing to this address." in page().text
    text = page(suppressed=f"The contact bounced {AT}.").text
    assert "Must not be written to. The contact bounced 1 May 2026 08:00 UTC ." in text


def test_why_not_is_told_in_japanese() -> None:
    text = page(suppressed=f"The contact bounced {AT}.", language="ja").text
    assert "送信できません。 不達になりました（ 2026年5月1日 08:00 UTC ）。" in text


def test_what_a_list_brought_comes_before_what_hato_keeps() -> None:
    text = page(email="x", bounced_at=AT, plan="pro", username="Taro", empty="").text
    assert "plan pro Name Taro Bounced for good 1 May 2026 08:00 UTC" in text
    assert "empty" not in text


def test_a_stranger_has_no_contact() -> None:
    assert "the address is in no list of contacts" in page().text


def test_moments_are_told_in_their_order_to_the_second() -> None:
    text = page(Moment(AT, "accepted", "0100"), Moment("2026-05-01T09:00:00.000Z", "delivered", "250 OK")).text
    assert "1 May 2026 08:00:05 UTC Accepted by SES 0100 1 May 2026 09:00:00 UTC Delivered" in text


@pytest.mark.parametrize(("is_human", "who"), [(True, ""), (None, ""), (False, " by a program")])
def test_programs_are_told_apart_from_people(is_human: bool | None, who: str) -> None:
    assert page(Moment(AT, "opened", "", is_human)).text.endswith(f"Opened{who}")


def test_of_a_moment_that_nobody_knows_its_name_is_shown() -> None:
    assert page(Moment(AT, "rebounced")).text.endswith("rebounced")


def test_without_any_mail_that_is_said() -> None:
    assert "No mail of any campaign" in Shown(recipient_page(Person("a@b.c", None, "", ()), "en", back="")).text
    assert "Nothing is known of it yet." in page().text


def test_it_leads_back_where_there_is_a_way() -> None:
    assert [each["href"] for each in page(back="../c-1?token=t").all("a")] == ["../c-1?token=t"]
    assert list(page().all("a")) == []


def test_hostile_values_are_text() -> None:
    person = Person(HOSTILE, {HOSTILE: HOSTILE}, HOSTILE, [(HOSTILE, HOSTILE, [Moment(HOSTILE, HOSTILE, HOSTILE)])])
    found = Shown(recipient_page(person, "ja", back="x"))
    assert list(found.all("script")) == []
    assert found.text.count(HOSTILE) == 10
