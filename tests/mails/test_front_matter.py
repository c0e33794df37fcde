"""What a mail's file may say of the mail, and how it is told what is wrong."""

from pathlib import Path

import pytest

from chalicelib.errors import MailInvalid
from hato.mails.front_matter import FrontMatter
from hato.mails.mail_file import KINDS, Kind, parse_mail_file, read_mail_file
from hato.mails.utm import Utm


def front(*lines: str) -> FrontMatter:
    return parse_mail_file("letter.md", Kind.MARKDOWN, "\n".join(["---", "subject: S", *lines, "---", "Body"])).front


@pytest.mark.parametrize(
    ("line", "attribute", "value"),
    [
        ("mail_id: 2026-10-01", "mail_id", "2026-10-01"),
        ("mail_id: 007", "mail_id", "007"),
        ("from: Hato <a@example.com>", "sender", "Hato <a@example.com>"),
        ("reply_to: a@example.com", "reply_to", ("a@example.com",)),
        ("reply_to:\n  - a@example.com\n  - b@example.com", "reply_to", ("a@example.com", "b@example.com")),
        ("track_opens: no", "track_opens", False),
        ("track_clicks: true", "track_clicks", True),
        ("lang: no", "lang", "no"),
        ("lang: pt-BR", "lang", "pt-BR"),
        ("layout: false", "layout", False),
        ("footer: |\n  a\n  b", "footer", "a\nb"),
        ("preheader:", "preheader", ""),
        ("utm: true", "utm", Utm()),
        ("utm: false", "utm", None),
        ("utm: {utm_campaign: 2026}", "utm", Utm((("utm_campaign", "2026"),))),
    ],
)
def test_a_key_is_read(line: str, attribute: str, value: object) -> None:
    assert getattr(front(line), attribute) == value


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("reply-to: a@example.com", "line 3: there is no reply-to; did you mean reply_to? Known are mail_id, subject,"),
        ("colour: red", "line 3: there is no colour. Known are"),
        ("subject: again", "line 3: subject is there twice."),
        ("track_opens: maybe", "line 3: track_opens must be true or false."),
        ("track_opens: 'false'", "line 3: track_opens must be true or false."),
        ("from: nobody", "line 3: from must be an address"),
        ("from: '{{ owner }}@example.com'", "line 3: from must be an address"),
        ('from: "a@example.com\\nBcc: b@example.com"', "line 3: from must be one line"),
        ("reply_to: [a@example.com, b]", "line 3: reply_to must be an address"),
        ("reply_to: {a: b}", "line 3: reply_to begins with a brace"),
        ("preheader: {{ name }}様", "line 3: the front matter is no YAML"),
        ("preheader: {{ name }}", "line 3: preheader begins with a brace"),
        ("preheader: {name}", "line 3: preheader begins with a brace, so YAML needs quotation marks around it."),
        ("preheader: Hello: you", "line 3: the front matter is no YAML"),
        ("preheader: [a]", "line 3: preheader must be text."),
        ("mail_id: a/b", "line 3: mail_id must be a name without /"),
        ("mail_id: ''", "line 3: mail_id must be a name"),
        ("lang: '\"><script>'", "line 3: lang must be a language's code"),
        ("utm: yes please", "line 3: utm must be true, or hold lines"),
        ("utm: {utm_colour: red}", "line 3: utm has no utm_colour; known are utm_source,"),
        ("utm: {utm_campaign: '{{ x }}'}", "line 3: utm has a utm_campaign that is empty or a merge field."),
        ("- a", "the front matter is no YAML"),
        ("? [a, b]\n: c", "line 3: a key of the front matter must be a plain word."),
        ("footer: !!python/object/apply:os.system ['true']", "line 3: footer must be text."),
        ("footer: \x07", "the front matter has a character that YAML does not take."),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_key(line: str, said: str) -> None:
    with pytest.raises(MailInvalid) as wrong:
        front(line)
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello", "line 1: a mail's file begins with its front matter"),
        ("---\nmail_id: a\n---\nHello", "needs a `subject"),
        ("---\nsubject: a\nHello", "no second line of ---"),
        ("---\nsubject: a\n---\n  \n", "line 4: the mail has no body."),
        ("---\njust words\n---\nHello", "line 2: the front matter must be lines of `key: value`."),
        ("---\nsubject: ''\n---\nHello", "needs a `subject"),
    ],
)
def test_a_file_without_its_parts_is_refused(text: str, said: str) -> None:
    with pytest.raises(MailInvalid, match=said):
        parse_mail_file("letter.md", Kind.MARKDOWN, text)


def test_a_mail_is_named_after_its_file_where_it_does_not_say_its_id() -> None:
    text = "---\nsubject: S\n---\nBody"
    assert parse_mail_file("spring.news.md", Kind.MARKDOWN, text).mail_id == "spring.news"
    assert parse_mail_file("a.txt", Kind.TEXT, text.replace("S\n", "S\nmail_id: b\n")).mail_id == "b"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_file_is_read_in_the_encodings_that_editors_write(tmp_path: Path, encoding: str) -> None:
    text = "---\r\nsubject: 鳩便のご案内です\r\n---\r\nこんにちは、鳩便です。\r\n"
    (tmp_path / "letter.md").write_bytes(text.encode(encoding))
    file = read_mail_file(tmp_path / "letter.md")
    assert (file.front.subject, file.body) == ("鳩便のご案内です", "こんにちは、鳩便です。\n")


@pytest.mark.parametrize(
    ("name", "kind"), [*((f"a{suffix}", kind) for suffix, kind in KINDS.items()), ("a.MD", Kind.MARKDOWN)]
)
def test_the_ending_says_what_the_body_is_written_in(tmp_path: Path, name: str, kind: Kind) -> None:
    (tmp_path / name).write_text("---\nsubject: S\n---\nBody")
    assert read_mail_file(tmp_path / name).kind is kind


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"", "ends in .md"),
        ("a.md", b"PK\x03\x04" + bytes(40), "no text that can be read"),
        ("a.md", b"---\nsubject: \xff\xfe\xfa", "UTF-8"),
        ("a.md", b"x" * 1_000_001, "more than 1,000,000 bytes"),
        ("a.md", b"", "front matter"),
    ],
)
def test_a_file_that_is_no_mail_is_refused_by_its_name(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MailInvalid, match=said) as wrong:
        read_mail_file(tmp_path / name)
    assert name in str(wrong.value)
