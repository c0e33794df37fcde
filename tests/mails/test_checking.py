"""What is found amiss in a mail before anybody gets it, and what is left alone."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.mail import Mail
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import MailInvalid
from hato.mails.checking import Finding, Level, examine
from hato.mails.compiling import compile_file, compile_mail
from hato.mails.mail_file import Kind, parse_mail_file
from hato.project import ROOT
from tests.mails.writing import written

NOW = datetime(2026, 10, 1, tzinfo=UTC)
OUT = "{{ unsubscribe_url }}"
TEXT, HTML = f"Hello\n{OUT}\n", f'<p>Hello</p><a href="{OUT}">out</a>'


@pytest.fixture(autouse=True)
def _no_spam_assassin(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))


def found(mail: Mail, *rows: dict[str, str], source: str = "") -> list[Finding]:
    columns = ["email", *rows[0]] if rows else None
    recipients = [Recipient(at, f"a{at}@example.com", row) for at, row in enumerate(rows, 2)]
    return [each for each in examine(mail, columns, recipients, NOW, source) if each.part != "spam"]


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.level.value, finding.text) for finding in findings]


def with_link(address: str) -> list[Finding]:
    return found(Mail("m", "Hello", TEXT, f'{HTML}<a href="{address}">x</a>'), {"x": "a", "url": "https://example.com"})


def test_a_mail_of_two_parts_with_a_way_out_is_well() -> None:
    assert found(Mail("m", "Hello", TEXT, HTML)) == []
    assert found(Mail("m", "Hello", TEXT)) == []


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.md")), ids=lambda path: path.name)
def test_the_examples_are_well(example) -> None:
    findings = found(compile_file(example), {"username": "Ada", "name": "山田", "plan": "family"})
    assert findings == []


def test_a_missing_part_and_a_missing_way_out_are_errors() -> None:
    assert told(found(Mail("m", "Hello", "", HTML))) == [("error", "There is no text part, only HTML, as spam has it.")]
    assert told(found(Mail("m", "Hello", "Hello", "<p>Hello</p>"))) == [
        ("error", "The text part has no unsubscribe link."),
        ("error", "The HTML part has no unsubscribe link."),
    ]
    # a condition or a comment about the link is not the link
    assert told(found(Mail("m", "Hello", "{# {{ unsubscribe_url }} #}Hello"))) == [
        ("error", "The text part has no unsubscribe link.")
    ]


@pytest.mark.parametrize(
    ("address", "level", "said"),
    [
        ("", "error", "A link has no address."),
        ("  ", "error", "A link has no address."),
        ("/offers", "error", "is no whole address"),
        ("offers.html", "error", "is no whole address"),
        ("//example.com/a", "error", "is no whole address"),
        ("www.example.com", "error", "is no whole address"),
        ("http:/example.com", "error", "has no host behind http://"),
        ("https://", "error", "has no host"),
        ("https:///a", "error", "has no host"),
        ("https://example.com/a b", "error", "has a space in it"),
        ("https://exa mple.com", "error", "has a space in it"),
        ("https://example.com/{name}", "error", "has a brace"),
        ("https://example.com/{ {x}}", "error", "has a brace"),
        ("javascript:alert(1)", "error", "is a javascript: address"),
        ("JavaScript:alert(1)", "error", "is a javascript: address"),
        ("java&#115;cript:alert(1)", "error", "is a javascript: address"),
        ("data:text/html,x", "error", "is a data: address"),
        ("file:///etc/passwd", "error", "is a file: address"),
        ("https://localhost:8000/a", "error", "the reader's own machine"),
        ("http://127.0.0.1/a", "error", "the reader's own machine"),
        ("https://intranet/a", "error", "no name of the internet"),
        ("https://example..com", "error", "no name of the internet"),
        ("https://example.com:port/", "error", "a host or a port that is none"),
        ("https://[::1", "error", "a host or a port that is none"),
        ("mailto:nobody", "error", "names no mailbox"),
        ("tel:", "error", "names no number"),
        ("http://example.com", "warning", "is not encrypted"),
        ("sms:123", "warning", "few mail programs open"),
        ("https://example.com/{{ x }}", "warning", "as it is in the list"),
        ("https://example.com/?a={{ x|upper }}", "warning", "as it is in the list"),
    ],
)
def test_a_broken_link_is_found(address: str, level: str, said: str) -> None:
    (finding,) = with_link(address)
    assert finding.level.value == level
    assert said in finding.text
    assert finding.mend


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com",
        "https://example.com/a?b=1&amp;c=%20#top",
        "https://example.com:8443/a",
        "https://xn--r8jz45g.jp/",
        "https://[2001:db8::1]/",
        "https://{{ x|urlencode }}.example.com/{{ x | urlencode }}",
        "{{ url }}",
        "{{ unsubscribe_url }}?a=1",
        "mailto:a@example.com?subject=a%20b",
        "tel:+81-3-1234",
        "#top",
    ],
)
def test_a_link_that_works_is_left_alone(address: str) -> None:
    assert with_link(address) == []


def test_a_broken_address_in_the_text_part_is_found_once() -> None:
    text = f"{TEXT}See http:/example.com, www.example.com and https://example.com/ok.\n"
    assert [finding.text.split("'")[1] for finding in found(Mail("m", "Hello", text))] == [
        "http:/example.com",
        "www.example.com",
    ]
    in_both = written("[a](http:/example.com)")
    assert [finding.part for finding in found(in_both)] == ["html"]


@pytest.mark.parametrize(
    ("html", "level", "said"),
    [
        ('<img src="https://example.com/a.png">', "warning", "has no alt text"),
        ('<img alt="" src="a.png">', "error", "is no whole address"),
        ('<img alt="" src="data:image/png;base64,aaaa">', "warning", "Gmail hides it"),
        ("<script>alert(1)</script>", "error", "refuse <script>"),
        ('<iframe src="https://example.com"></iframe>', "error", "refuse <iframe>"),
        ("<form></form>", "error", "refuse <form>"),
        ('<p onclick="x()">x</p>', "error", "the attribute onclick of <p>"),
    ],
)
def test_what_mail_programs_refuse_or_cannot_show_is_found(html: str, level: str, said: str) -> None:
    (finding,) = found(Mail("m", "Hello", TEXT, HTML + html))
    assert finding.level.value == level
    assert said in finding.text


def test_a_picture_with_an_empty_alt_or_from_the_mail_itself_is_left_alone() -> None:
    html = '<img alt="" src="https://example.com/a.png"><img alt="a" src="cid:a">'
    assert found(Mail("m", "Hello", TEXT, HTML + html)) == []


@pytest.mark.parametrize(("kilobytes", "level"), [(89, None), (91, Level.WARNING), (103, Level.ERROR)])
def test_html_that_gmail_would_clip_is_found_by_the_bytes_that_are_sent(kilobytes: int, level: Level | None) -> None:
    html = f"{HTML}<p>{{{{ x }}}}</p>"
    findings = found(Mail("m", "Hello", TEXT, html), {"x": "é" * (kilobytes * 512 - 30)})
    assert [finding.level for finding in findings] == ([level] if level else [])


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("BUY NOW AND SAVE", "all capitals"),
        ("BUY NOW {{ x }} SAVE", "all capitals"),
        ("a" * 79, "79 columns wide"),
        ("鳩" * 40, "80 columns wide"),
        ("{{ x * 2 if false else x }}" + "a" * 78, "79 columns wide"),
        ("{{ empty }}", "The subject is empty"),
        ("Hello {name}", "{name} is no merge field"),
    ],
)
def test_a_subject_that_does_harm_is_found(subject: str, said: str) -> None:
    findings = found(Mail("m", subject, TEXT), {"x": "x", "empty": " "})
    assert said in " ".join(finding.text for finding in findings)


@pytest.mark.parametrize("subject", ["NASA", "Hello {{ x|upper }}", "鳩便のご案内", "a" * 78])
def test_an_honest_subject_is_left_alone(subject: str) -> None:
    assert found(Mail("m", subject, TEXT), {"x": "x"}) == []


# Merge fields


def test_a_field_that_the_list_lacks_is_an_error_with_the_nearest_column() -> None:
    mail = Mail("m", "Hello {{ usrname }}", f"{TEXT}{{{{ plan }}}}")
    findings = found(mail, {"username": "Ada"})
    assert [(each.text, each.mend) for each in findings] == [
        ("{{ plan }} is in the mail, and the list has no such column.", "The list has email, username."),
        ("{{ usrname }} is in the mail, and the list has no such column.", "Did you mean {{ username }}?"),
    ]


def test_without_a_list_the_columns_that_it_needs_are_a_note() -> None:
    (finding,) = found(Mail("m", "Hello {{ username }}", TEXT))
    assert (finding.level, finding.text) == (Level.NOTE, "Its lists need the columns username.")


def test_a_field_that_is_empty_for_some_is_a_warning_unless_the_mail_says_what_then() -> None:
    rows = {"name": "Ada"}, {"name": ""}, {"name": " "}
    (finding,) = found(Mail("m", "Hello {{ name|upper }}", TEXT), *rows)
    assert (finding.level, finding.text) == (Level.WARNING, "{{ name }} is empty in 2 of 3 rows, as in row 3.")
    for subject in ("Hello {{ name or 'friend' }}", "Hello{% if name %} {{ name }}{% endif %}"):
        assert found(Mail("m", subject, TEXT), *rows) == []


def test_a_row_that_the_mail_cannot_be_filled_in_for_is_named() -> None:
    mail = Mail("m", "Hello", TEXT, f'{HTML}<a href="{{{{ url }}}}">x</a>')
    findings = found(mail, {"url": "https://example.com"}, {"url": "javascript:alert(1)"})
    assert [finding.text.split(":")[0] for finding in findings] == ["Row 3"]


def test_a_merge_field_with_one_brace_is_a_warning() -> None:
    assert told(found(Mail("m", "Hello", f"{TEXT}Dear {{name}}, {{a: 1}} {{{{ x }}}}"), {"x": "y"})) == [
        ("warning", "{name} is no merge field; readers see it as it is.")
    ]


def test_a_template_that_does_not_parse_is_no_mail() -> None:
    with pytest.raises(MailInvalid):
        found(Mail("m", "Hello {{", TEXT))


# Lines


def test_findings_of_a_file_have_its_lines() -> None:
    text = "---\nsubject: Hello {{ nme }}\nutm: true\n---\n\n[a](http://example.com/a)\n\n![](https://example.com/p.png)\n{x}\n"
    mail = compile_mail(parse_mail_file("m.md", Kind.MARKDOWN, text))
    lines = {finding.text.split(" ")[0]: finding.line for finding in found(mail, {"name": "x"}, source=text)}
    assert lines == {"The": 6, "{{": 2, "{x}": 9}


def test_the_worst_comes_first() -> None:
    findings = found(Mail("m", "BUY EVERYTHING {{ x }}", "Hello"))
    assert [finding.level for finding in findings] == [Level.ERROR, Level.WARNING, Level.NOTE]
