"""The bytes of a SendBulkEmail request, against what `json` makes of the same mails."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.aws.bulk_request import BulkRequest, content_of, escaped
from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.parcel import Parcel
from chalicelib.domain.recipient import Recipient

MAIL = Mail("spring", "Hello", "Text", "<p>HTML</p>")
TEXTS = st.text(max_size=60)
AWKWARD = ['"', "\\", "\n", "\r\n", "\t", "\b\f", "\x00", "\x7f\x85", "\u2028", "山田", "😀", "\ud83d", '\\"\\n', ""]


def parcel(subject: str = "s", text: str = "t", html: str = "h", url: str = "") -> Parcel:
    return Parcel(Recipient(2, "a@example.com", {}), Rendered(subject, text, html), url)


@given(TEXTS)
@pytest.mark.parametrize("around", ["{}", '"{}"', "\\{}"])
def test_a_text_reads_the_same_after_both_layers_of_json(around: str, text: str) -> None:
    text = around.format(text)
    assert json.loads(json.loads(b'"\\"' + escaped(text) + b'\\""')) == text


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_characters_read_the_same(text: str) -> None:
    assert json.loads(json.loads(b'"\\"' + escaped(text) + b'\\""')) == text


@given(TEXTS, TEXTS, TEXTS)
@example('say "hi"', "line\nline", "\\\\")
def test_a_mails_content_is_a_json_object_within_a_json_text(subject: str, text: str, html: str) -> None:
    read = json.loads(json.loads(b'"' + content_of(parcel(subject, text, html)) + b'"'))
    assert read == {"s": subject, "t": text, "h": html}


@given(TEXTS, TEXTS)
def test_a_parcel_takes_no_more_of_the_request_than_was_reckoned(text: str, url: str) -> None:
    request, some = BulkRequest("set", "from@example.com"), [parcel(text=text, html=text * 3, url="u" * len(url))]
    (most,) = request.sizes(some)
    one, two = (len(request.body(MAIL, "c" * 256, some * count)) for count in (1, 2))
    assert two - one <= most


def test_what_was_made_for_one_mail_is_not_sent_for_another_to_the_same_address() -> None:
    request = BulkRequest("set", "from@example.com")
    request.sizes([parcel(text="first")])
    body = json.loads(request.body(MAIL, "c1", [parcel(text="second")]))
    (entry,) = body["BulkEmailEntries"]
    data = json.loads(entry["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"])
    assert data["t"] == "second"
