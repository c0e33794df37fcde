"""Addresses, templates and MIME."""

import email
import email.policy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hato.local.ses.address import BadAddress, Mailbox, read_mailbox
from hato.local.ses.draft import Content, Draft
from hato.local.ses.message import Message, accept, make_message_id
from hato.local.ses.template import MissingVariable, read_data, substitute

NOW = 1_790_000_000.25


def accepted(content: Content, sender: str = "鳩便り <news@example.com>", **more: object) -> Message:
    draft = Draft(read_mailbox(sender), [read_mailbox("ann@example.com")], content, "SendBulkEmail", **more)  # type: ignore[arg-type]
    return accept(draft, make_message_id(1, 1, NOW), NOW, "email.amazonses.com")


@pytest.mark.parametrize(
    "good",
    ["a@example.com", "o'brien+tag@sub.example.co.jp", "a@xn--r8jz45g.jp", '"two words"@example.com', "a@localhost"],
)
def test_an_address_that_ses_takes_is_taken(good: str) -> None:
    assert read_mailbox(good) == Mailbox("", good)


def test_a_display_name_is_read_apart_from_the_address() -> None:
    assert read_mailbox('"Ann \\"A.\\" Lee" <a@example.com>') == Mailbox('Ann "A." Lee', "a@example.com")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("", "Missing final '@domain'"),
        ("ann", "Missing final '@domain'"),
        ("ann@", "Missing final '@domain'"),
        ("@example.com", "Missing local name"),
        ("é@example.com", "Local address contains illegal character"),
        ("a b@example.com", "Local address contains control or whitespace"),
        (".a@example.com", "Local address starts with dot"),
        ("a..b@example.com", "Local address contains dot-dot"),
        ("a@例え.jp", "Domain contains illegal character"),
        ("a@.example.com", "Domain starts with dot"),
        ("a@example.com\r\nBcc: b@example.com", "Local address contains control or whitespace"),
        ("a" * 320 + "@example.com", "Address length is more than 320 characters long"),
    ],
)
def test_an_address_that_ses_refuses_says_why(bad: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why):
        read_mailbox(bad)


def test_a_value_is_put_in_as_it_is_and_never_looked_at_again() -> None:
    data = {"name": "{{secret}} <b>&", "secret": "no"}
    assert substitute("Hi {{name}}, {{ name }}!", data) == "Hi {{secret}} <b>&, {{secret}} <b>&!"


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text()))
def test_every_variable_becomes_its_value(data: dict[str, str]) -> None:
    template = "|".join(f"{{{{{name}}}}}" for name in data)
    assert substitute(template, read_data(json.dumps(data))) == "|".join(data.values())


def test_a_missing_variable_is_named_as_ses_names_it() -> None:
    with pytest.raises(MissingVariable, match=r"^Attribute 'name' is not present in the rendering data\.$"):
        substitute("{{name}}", {})


def test_template_data_must_be_an_object() -> None:
    assert read_data('{"n": 3, "yes": true, "none": null}') == {"n": "3", "yes": "true", "none": "null"}
    for bad in ("[]", "{", "3"):
        with pytest.raises(ValueError, match=r"."):
            read_data(bad)


def test_the_mime_has_both_parts_and_the_extra_headers_in_full() -> None:
    unsubscribe = "<https://example.com/unsubscribe/" + "x" * 600 + ">"
    headers = (("List-Unsubscribe", unsubscribe), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    message = accepted(Content("件名 {{x}}", "こんにちは\n", "<p>こんにちは</p>\n"), headers=headers)
    mail = email.message_from_bytes(message.source(), policy=email.policy.default)
    assert mail["Subject"] == "件名 {{x}}"
    assert mail["From"] == "鳩便り <news@example.com>"
    assert mail["List-Unsubscribe"] == unsubscribe
    assert mail["Message-ID"] == f"<{message.message_id}@email.amazonses.com>"
    assert mail.get_content_type() == "multipart/alternative"
    assert mail.get_body(("plain",)).get_content() == "こんにちは\r\n"  # type: ignore[union-attr]
    assert mail.get_body(("html",)).get_content() == "<p>こんにちは</p>\r\n"  # type: ignore[union-attr]


def test_the_source_of_a_mail_is_the_same_every_time() -> None:
    message = accepted(Content("s", "t", "h"))
    assert message.source() == message.source()
    assert message.record["headers"]["Content-Type"].encode() in message.source()


def test_a_subject_with_a_line_break_cannot_add_a_header() -> None:
    message = accepted(Content("hello\r\nBcc: x@example.com", "t"))
    assert email.message_from_bytes(message.source())["Bcc"] is None


def test_the_inbox_record_has_everything_a_test_wants() -> None:
    record = accepted(Content("s", "t"), tags={"mail": "m1"}, configuration_set="hato").record
    assert record["from"] == "鳩便り <news@example.com>"
    assert record["to"] == ["ann@example.com"]
    assert (record["subject"], record["text"], record["html"]) == ("s", "t", None)
    assert record["tags"] == {"mail": "m1"}
    assert record["accepted_at"] == "2026-09-21T14:13:20.250Z"


def test_a_mail_of_five_kilobytes_is_kept_in_less() -> None:
    message = accepted(Content("s", "t" * 100, " ".join(f"{number:x}" for number in range(1100))))
    assert len(message.packed) < 5000
