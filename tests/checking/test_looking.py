"""What a check finds in a list, and in the list together with a mail."""

import pytest

from chalicelib.domain.mail import Mail
from chalicelib.domain.mailing_list import read_rows
from chalicelib.domain.template import Template
from chalicelib.errors import ListEmpty, MergeFieldMissing
from hato.checking.looking import SHOWN, Look, look_through

MAIL = Mail("m-1", "Hello {{ name }}", "Hello {{ name }}.", '<a href="{{ url }}">{{ name }}</a>{{ unsubscribe_url }}')


def look(text: str, mail: Mail | None = None, encoding: str = "utf-8") -> tuple[Look, list[str]]:
    found, people = look_through(read_rows([text.encode(encoding)]), Template(mail) if mail else None)
    return found, [person.email for person in people]


def test_every_row_is_counted_and_the_refused_say_why() -> None:
    found, people = look("email,name\na@example.com,A\nnonsense,B\nA@example.com,C\n\nb@example.com,D\n")
    assert people == ["a@example.com", "b@example.com"]
    assert (found.rows, found.sendable, found.refused) == (4, 2, {"invalid": 1, "duplicate": 1})
    assert [(each.row, each.raw_email, each.kind) for each in found.refusals] == [
        (3, "nonsense", "invalid"),
        (4, "A@example.com", "duplicate"),
    ]
    assert all(each.reason.endswith(".") for each in found.refusals)


def test_an_address_that_was_written_in_another_form_is_said_so() -> None:
    found, people = look("email\nTaro <TARO@example.com>\n ｈａｎａ＠example.com\nplain@example.com\n")
    assert people == ["taro@example.com", "hana@example.com", "plain@example.com"]
    assert found.normalised == 2
    assert found.normalisations[0] == (2, "Taro <TARO@example.com>", "taro@example.com")


def test_only_some_of_many_rows_are_named_and_all_are_counted() -> None:
    found, _ = look("email\n" + "nonsense\n" * 100)
    assert len(found.refusals) == SHOWN
    assert found.refused["invalid"] == found.reasons.total() == 100


def test_a_row_that_the_mail_cannot_be_filled_in_for_is_refused_alone() -> None:
    rows = "a@example.com,A,https://example.com\nb@example.com,B,javascript:x\nc@example.com,C,\n"
    found, people = look(f"email,name,url\n{rows}", MAIL)
    assert people == ["a@example.com", "c@example.com"]
    assert found.refused == {"failed": 1}
    assert found.refusals[0].row == 3


def test_the_first_row_is_the_example() -> None:
    found, _ = look("email,name,url\nnonsense,A,\nb@example.com,B,\n", MAIL)
    assert found.example is not None
    person, mail = found.example
    assert (person.row, mail.subject) == (3, "Hello B")
    assert "https://" in mail.html


def test_a_field_that_the_list_lacks_is_named_at_once() -> None:
    with pytest.raises(MergeFieldMissing, match=r"{{ url }}"):
        look("email,name\na@example.com,A\n", MAIL)


def test_a_name_that_holds_a_web_address_is_told_of_for_mail_programs_make_links_of_it() -> None:
    rows = (
        "a@example.com,Win at www.evil.example,https://example.com,http://unused.example\n"
        "b@example.com,HTTP://evil.example,,\nc@example.com,http and www,,\n"
    )
    found, _ = look(f"email,name,url,note\n{rows}", MAIL)
    assert found.web_addresses == {"name": 2}


def test_whoever_said_no_to_tracking_is_counted() -> None:
    found, _ = look("email,Tracking\na@example.com,no\nb@example.com,yes\nc@example.com,\n")
    assert found.untracked == 1


def test_what_the_file_is_like_is_said() -> None:
    found, _ = look("氏名\tメール\n太郎\ta@example.com\n", encoding="cp932")
    assert (found.delimiter, found.columns, found.email_column) == ("\t", ("氏名", "メール"), "メール")
    assert found.encoding == "Shift_JIS"


def test_a_list_without_rows_is_no_list() -> None:
    with pytest.raises(ListEmpty):
        look("email,name\n")
