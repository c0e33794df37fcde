"""A mail and its text for one recipient: what comes from the list is text, in every part, whatever it looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from chalicelib.domain.mail import Mail, Rendered, parse_broadcast
from chalicelib.domain.template import Template, merge_fields
from chalicelib.domain.tracking import Tracking
from chalicelib.errors import ListUnreadable, MailInvalid, MergeFieldMissing

PIECES = [
    "{{ 7 * 7 }}",
    "{{ email }}",
    "{% if 1 %}",
    "{% raw %}",
    "{#",
    "}}",
    "{{",
    "<b>",
    '"',
    "'",
    "&",
    "&amp;",
    "太郎",
]
BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x7f"]
DATA = st.lists(st.sampled_from([*PIECES, *BREAKS, "\0"]) | st.text(max_size=3), max_size=8).map("".join)
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def template(subject: str = "Hello", body: str = "Hello", html: str = "") -> Template:
    return Template(Mail("m-1", subject, body, html))


# Rendering


@given(DATA)
def test_what_comes_from_the_list_is_text_and_never_a_template(value: str) -> None:
    mail = template("{{ x }}", "a {{ x }} b\n", "<p>{{ x }}</p>").render("taro@example.com", {"x": value})
    assert mail.text == f"a {value} b\n"
    assert mail.html == f"<p>{escape(value)}</p>"
    assert "49" not in mail.subject
    assert "taro@" not in mail.subject


@given(DATA)
def test_a_value_can_neither_open_a_tag_nor_end_an_attribute(value: str) -> None:
    html = template(html='<a title="{{ x }}">{{ x }}</a>').render("taro@example.com", {"x": value}).html
    assert html.count("<") == html.count(">") == html.count('"') == 2


@given(DATA, DATA)
def test_a_subject_is_one_line_whatever_is_filled_in(value: str, other: str) -> None:
    subject = template("{{ x }}: {{ y }}").render("taro@example.com", {"x": value, "y": other}).subject
    assert len(subject.splitlines()) == 1
    assert not any(character < " " or character == "\x7f" for character in subject)
    assert subject == subject.strip()


def test_a_line_break_in_a_field_makes_no_header_of_its_own() -> None:
    mail = template("News for {{ x }}").render("taro@example.com", {"x": "Taro\r\nBcc: all@example.com"})
    assert mail.subject == "News for Taro Bcc: all@example.com"


def test_a_mail_is_filled_in_part_by_part() -> None:
    mail = template("To {{ name }}", "{{ name }} <{{ email }}>\n", "<b>{{ name }}</b>")
    assert mail.render("taro@example.com", {"name": "T & J"}) == Rendered(
        "To T & J", "T & J <taro@example.com>\n", "<b>T &amp; J</b>"
    )


def test_a_mail_without_html_has_none_for_anybody() -> None:
    assert template("{{ x }}", "{{ x }}").render("taro@example.com", {"x": "1"}).html == ""


def test_the_address_is_the_recipients_whatever_the_column_says() -> None:
    assert template(body="{{ email }}").render("taro@example.com", {"email": "Jiro <x@y>"}).text == "taro@example.com"


def test_a_row_that_lacks_a_field_is_named_and_nothing_is_left_blank() -> None:
    with pytest.raises(MergeFieldMissing, match=r"^The row has no name, town\.$"):
        template("{{ town }}", "{{ name }}").render("taro@example.com", {"x": "1"})


@pytest.mark.parametrize(
    "body",
    ["{{ x.no }}", "{{ x | int // 0 }}", "{{ x.__class__.__mro__ }}", "{{ x() }}", "{{ [].append(x) }}", "{{ x[9] }}"],
)
def test_a_template_that_fails_on_a_row_fails_that_row(body: str) -> None:
    with pytest.raises(MailInvalid, match="cannot be filled in for this row"):
        template(body=body).render("taro@example.com", {"x": "1"})


def test_the_way_out_is_a_field_that_hato_gives_and_no_column_can_take_its_place() -> None:
    mail = template(body="{{ unsubscribe_url }}")
    assert mail.fields == frozenset()
    filled_in = mail.render("taro@example.com", {"unsubscribe_url": "https://evil.example"}, "https://example.com/out")
    assert filled_in.text == "https://example.com/out"


def test_a_mail_that_becomes_too_large_for_a_row_fails_that_row() -> None:
    mail = template(body="{{ x }}" * 100)
    assert len(mail.render("taro@example.com", {"x": "a" * 2_000}).text) == 200_000
    with pytest.raises(MailInvalid, match="longer than 200,000 characters for this row"):
        mail.render("taro@example.com", {"x": "a" * 2_001})


@pytest.mark.parametrize("no", ["no", "No ", "false", "0", 0, False, "off", "いいえ"])
def test_a_mail_may_say_that_it_is_not_tracked(no: object) -> None:
    document = {"mail_id": "m-1", "subject": "Hi", "body": "Hello", "track_opens": no}
    assert Mail.from_document(document).tracking == Tracking(opens=False, clicks=True)


def test_one_recipients_fields_do_not_stay_for_the_next() -> None:
    mail = template(body="{% set y = x %}{{ y }}")
    assert [mail.render("taro@example.com", {"x": x}).text for x in "12"] == ["1", "2"]


# What a mail asks of its list


def test_a_template_knows_the_fields_of_all_its_parts() -> None:
    assert template("{{ a }}", "{% for x in b %}{{ x }}{% endfor %}{{ email }}", "{{ c | upper }}").fields == {*"abc"}


def test_a_column_may_be_written_as_an_identifier() -> None:
    assert merge_fields({"First name": "Taro", "姓": "山田"}, "taro@example.com") == {
        "First name": "Taro",
        "First_name": "Taro",
        "姓": "山田",
        "email": "taro@example.com",
    }


def test_a_column_as_it_is_written_goes_before_one_made_into_an_identifier() -> None:
    for fields in ({"a_b": "1", "a b": "2"}, {"a b": "2", "a_b": "1"}):
        assert merge_fields(fields, "")["a_b"] == "1"


def test_columns_that_give_every_field_are_enough() -> None:
    template("{{ First_name }}", "{{ email }} {{ town }}").check_columns(["First name", "town", "more"])


def test_a_field_that_no_column_gives_is_named_before_anything_is_sent() -> None:
    with pytest.raises(MergeFieldMissing) as raised:
        template("{{ town }}", "{{ name }}", "{{ age }}").check_columns(iter(["mail", "age"]))
    assert str(raised.value) == "Mail 'm-1' uses {{ name }}, {{ town }}, but the list has only the columns mail, age."


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("one\n{{ x", "body, line 2: unexpected end of template"),
        ("{% if x %}", "body, line 1: Unexpected end of template"),
        ("{{ x | no_such_filter }}", "No filter named 'no_such_filter'"),
        ("{{ f(a=1, a=2) }}", "body: keyword argument repeated"),
        ("{% macro f() %}{% endmacro %}", "body, line 1: Macro is not part of a mail's language"),
        ("{{ " + "1" * 5000 + " }}", "body: Exceeds the limit"),
        ("{{ " + "(" * 5000 + "x" + ")" * 5000 + " }}", "body: maximum recursion depth"),
        ("{{ x" + ".a" * 5000 + " }}", "body: maximum recursion depth"),
    ],
)
def test_a_template_that_does_not_parse_says_where(body: str, why: str) -> None:
    with pytest.raises(MailInvalid, match=why) as raised:
        template(body=body)
    assert str(raised.value).startswith("Mail 'm-1', body")
    assert not str(raised.value).endswith("..")


@pytest.mark.parametrize("part", ["subject", "html"])
def test_a_template_that_does_not_parse_says_in_which_part(part: str) -> None:
    with pytest.raises(MailInvalid, match=f"{part}, line 1: "):
        template(**{part: "{% no_such_tag %}"})


# Documents


@given(TEXT.filter(str.strip), TEXT.filter(str.strip), st.text(), LINE, st.lists(LINE), st.text(), st.booleans())
def test_a_mail_round_trips_through_its_document(
    subject: str, body: str, html: str, sender: str, reply_to: list[str], mail_id: str, tracked: bool
) -> None:
    mail = Mail(mail_id, subject, body, html, sender, tuple(filter(None, reply_to)), tracked, not tracked)
    document = mail.to_document()
    assert Mail.from_document(document) == mail
    assert all(document.values())


def test_a_mail_of_the_articles_is_a_mail() -> None:
    assert Mail.from_document({"mail_id": "m-1", "subject": "Hi", "body": "Hello", "more": 1}) == Mail(
        "m-1", "Hi", "Hello"
    )


def test_html_alone_is_a_body() -> None:
    assert Mail.from_document({"mail_id": "m-1", "subject": "Hi", "html": "<p>Hello"}).body == ""


def test_one_reply_address_may_be_given_as_text() -> None:
    mail = Mail.from_document({"mail_id": "m-1", "subject": "Hi", "body": "Hello", "reply_to": "desk@example.com"})
    assert mail.reply_to == ("desk@example.com",)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": None}, "needs a subject and a body"),
        ({"subject": " \n"}, "needs a subject and a body"),
        ({"body": ""}, "needs a subject and a body"),
        ({"body": " ", "html": "\n"}, "needs a subject and a body"),
        ({"subject": 7}, "subject must be text"),
        ({"body": b"x", "from": ["a"]}, "body and from must be text"),
        ({"html": {"a": 1}}, "html must be text"),
        ({"reply_to": 7}, "reply_to must be"),
        ({"reply_to": True}, "reply_to must be"),
        ({"reply_to": {"a": "b"}}, "reply_to must be"),
        ({"reply_to": [7]}, "reply_to must be"),
        ({"from": "a@example.com\r\nBcc: all@example.com"}, "must each be one line"),
        ({"reply_to": ["a@example.com\nBcc: all@example.com"]}, "must each be one line"),
    ],
)
def test_what_is_no_mail_is_refused_and_told_why(changes: dict[str, object], why: str) -> None:
    with pytest.raises(MailInvalid, match=f"Mail 'm-1'.* {why}|Mail 'm-1': {why}"):
        Mail.from_document({"mail_id": "m-1", "subject": "Hi", "body": "Hello"} | changes)


# Broadcasts


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_text_is_a_subject_a_blank_line_and_a_body(encoding: str, end: str) -> None:
    content = end.join(["五月のお知らせ ", " ", "{{ username }}様", "", "こんにちは。", ""]).encode(encoding)
    mail = parse_broadcast("m-1", content)
    assert mail == Mail("m-1", "五月のお知らせ", "{{ username }}様\n\nこんにちは。\n")
    assert Template(mail).fields == {"username"}


@pytest.mark.parametrize(
    "content", [b"", b"Subject", b"Subject\n\n", b"Subject\n\n \n", b"Subject\nbody\nbody", b"\n\nbody", b" \n\nbody"]
)
def test_a_text_of_another_shape_is_refused_and_told_the_shape(content: bytes) -> None:
    with pytest.raises(MailInvalid, match="subject in line 1, a blank line 2"):
        parse_broadcast("m-1", content)


@pytest.mark.parametrize(
    "content",
    [
        "五月のお知らせ\n\nこんにちは。".encode() + b"\xff",
        "Hi\n\nHello \ud83d".encode("utf-16", "surrogatepass"),
        "Hi\n\nHello \udcff".encode("utf-16-le", "surrogatepass").join([b"\xff\xfe", b""]),
    ],
)
def test_a_text_with_bytes_that_are_no_characters_is_refused(content: bytes) -> None:
    with pytest.raises(MailInvalid, match="Save it as UTF-8"):
        parse_broadcast("m-1", content)


@given(st.binary() | st.binary().map(b"Hi\n\n".__add__) | st.binary().map(b"\xff\xfeH\0\n\0\n\0".__add__))
def test_no_file_at_all_is_anything_but_a_mail_that_can_be_stored_or_refused(content: bytes) -> None:
    try:
        mail = parse_broadcast("m-1", content)
    except (MailInvalid, ListUnreadable):
        return
    assert (mail.subject + mail.body).encode()
    assert Mail.from_document(mail.to_document()) == mail
