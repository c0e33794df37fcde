"""What all pages share: headers that let nothing in, and how numbers and times are written."""

import base64
import hashlib
import re

import pytest

from chalicelib.web import dates, figures
from chalicelib.web.message_page import message_page
from chalicelib.web.page import headers
from chalicelib.web.report_page import report_page
from tests.web.showing import LINKS, Shown, report, shown


def policy(told: dict[str, str]) -> dict[str, str]:
    return dict(rule.split(" ", 1) for rule in told["Content-Security-Policy"].split("; "))


def source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_nothing_is_allowed_but_our_own_style_and_script_and_asking_the_page_again() -> None:
    rules = policy(headers())
    assert set(rules) == {
        "default-src", "style-src", "script-src", "connect-src", "base-uri", "form-action", "frame-ancestors",
    }  # fmt: skip
    assert {rules[name] for name in ("default-src", "base-uri", "frame-ancestors")} == {"'none'"}
    assert {rules[name] for name in ("connect-src", "form-action")} == {"'self'"}
    assert "unsafe" not in headers()["Content-Security-Policy"]


def test_the_hashes_are_those_of_what_stands_in_the_page() -> None:
    html = report_page(report("sending"), LINKS, "en")
    style, script = (re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL) for tag in ("style", "script"))
    rules = policy(headers())
    assert [source(each) for each in style] == [rules["style-src"]]
    assert [source(each) for each in script] == [rules["script-src"]]


def test_a_page_without_a_script_may_run_none() -> None:
    assert {"script-src", "connect-src"} & set(policy(headers(has_script=False))) == set()


def test_no_page_is_kept_framed_or_told_of() -> None:
    told = headers()
    assert (told["Cache-Control"], told["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert (told["X-Content-Type-Options"], told["Cross-Origin-Opener-Policy"]) == ("nosniff", "same-origin")
    assert "camera=()" in told["Permissions-Policy"]


def test_one_answers_headers_are_not_the_next_ones() -> None:
    headers()["Cache-Control"] = "public"
    assert headers()["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [(0, 0, "–"), (3, 0, "–"), (0, 9, "0.0%"), (1, 3, "33.3%"), (3, 3, "100.0%"), (1, 9_999, "<0.1%"),
     (9_999, 10_000, ">99.9%"), (12, 10, "120.0%")],
)  # fmt: skip
def test_a_share_is_never_rounded_to_none_or_all(count: int, of: int, said: str) -> None:
    assert figures.percent(count, of) == said


@pytest.mark.parametrize(
    ("count", "of", "width"), [(0, 9, "0"), (1, 0, "0"), (1, 10**6, "0.4"), (1, 2, "50"), (3, 2, "100")]
)
def test_a_bar_is_seen_where_there_is_anything_and_never_too_long(count: int, of: int, width: str) -> None:
    assert figures.width(count, of) == width


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-05-01T08:00:00.000Z", '<time datetime="2026-05-01T08:00:00Z">1 May 2026 08:00 UTC</time>'),
        ("2026-05-01T08:00Z", '<time datetime="2026-05-01T08:00:00Z">1 May 2026 08:00 UTC</time>'),
        ("2026-05-01T17:00:00+09:00", '<time datetime="2026-05-01T08:00:00Z">1 May 2026 08:00 UTC</time>'),
        ("2026-05-01T08:00:00", '<time datetime="2026-05-01T08:00:00Z">1 May 2026 08:00 UTC</time>'),
        ("", ""),
        ("<b>", "&lt;b&gt;"),
        ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
    ],
)
def test_times_are_written_out_in_utc(at: str, said: str) -> None:
    assert dates.time(at, "en") == said


def test_times_within_a_sentence_are_written_out_too() -> None:
    said = dates.times("<b> bounced 2026-05-01T08:00:00.000Z.", "ja")
    assert said == '&lt;b&gt; bounced <time datetime="2026-05-01T08:00:00Z">2026年5月1日 08:00 UTC</time>.'


@pytest.mark.parametrize(
    ("status", "language", "title"),
    [(403, "en", "This link does not work"), (404, "ja", "見つかりません"), (400, "en", "This cannot be shown")],
)
def test_a_refusal_says_why_in_the_readers_language(status: int, language: str, title: str) -> None:
    found = Shown(message_page(status, "This link has expired.", language))
    assert title in found.text
    assert ("This link has expired." if language == "en" else "リンクの有効期限が切れています。") in found.text
    assert ("hato report" in found.text) is (status == 403)
    assert list(found.all("script")) == []


def test_a_refusal_of_something_hostile_is_text() -> None:
    assert "<script>" in Shown(message_page(404, "There is no campaign '<script>'.", "ja")).text


def test_a_language_that_nobody_speaks_here_is_english() -> None:
    assert next(shown(report(), language="xx").all("html"))["lang"] == "en"
