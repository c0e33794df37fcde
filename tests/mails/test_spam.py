"""SpamAssassin, where it is installed: here a small program that writes its report as SpamAssassin does."""

import email
import stat
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path

import pytest

from chalicelib.domain.mail import Mail, Rendered
from hato.mails.checking.finding import Finding, Level
from hato.mails.checking.spam import Verdict, as_message, judge_spam, read_report

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
MAIL = Mail("m", "鳩便", "Hello", "<p>Hello</p>", "Hato <news@example.com>")
RENDERED = Rendered("鳩便", "こんにちは\n", "<p>こんにちは</p>")
REPORT = """\
Spam detection software, running on the system "mail.example.com",
has NOT identified this incoming email as spam.

Content preview:  Hello

Content analysis details:   ({score} points, 5.0 required)

 pts rule name              description
---- ---------------------- --------------------------------------------------
 2.5 URIBL_SBL              Contains an URL's NS IP listed in the Spamhaus SBL
                            blocklist
-0.1 DKIM_VALID             Message has at least one valid DKIM or DK signature
 0.0 HTML_MESSAGE           BODY: HTML included in message
 1.2 SUBJ_ALL_CAPS          Subject is all capitals
1000 GTUBE                  BODY: Generic Test for Unsolicited Bulk Email
"""


def judged(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, script: str) -> Finding:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin" if name in {"spamassassin", "spamc"} else str(folder))
    (finding,) = judge_spam(MAIL, RENDERED, "taro@example.com", NOW)
    return finding


def report(folder: Path, score: str) -> str:
    (folder / "report").write_text(REPORT.format(score=score))
    return f"cat > {folder}/received; cat {folder}/received {folder}/report"


@pytest.mark.parametrize(
    ("score", "level"), [("6.1", Level.ERROR), ("5.0", Level.ERROR), ("3.6", Level.WARNING), ("-0.2", Level.NOTE)]
)
@pytest.mark.parametrize("program", ["spamassassin", "spamc"])
def test_its_score_is_told_with_the_rules_that_gave_points(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, score: str, level: Level
) -> None:
    finding = judged(monkeypatch, tmp_path, program, report(tmp_path, score))
    assert finding.level is level
    assert (
        finding.text == f"SpamAssassin gives {score} points of 5.0 (GTUBE +1000.0, URIBL_SBL +2.5, SUBJ_ALL_CAPS +1.2)."
    )


def test_it_is_given_the_mail_as_it_would_arrive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    judged(monkeypatch, tmp_path, "spamassassin", report(tmp_path, "0.0"))
    message = email.message_from_bytes((tmp_path / "received").read_bytes(), policy=default)
    assert message["Subject"] == "鳩便"
    assert message["From"] == "Hato <news@example.com>"
    assert message["Date"] == "Thu, 01 Oct 2026 12:00:00 +0000"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content().strip() for part in message.iter_parts()] == ["こんにちは", "<p>こんにちは</p>"]


def test_where_it_is_not_installed_that_is_a_note(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    finding = judged(monkeypatch, tmp_path, "another", "true")
    assert (finding.level, finding.text) == (
        Level.NOTE,
        "SpamAssassin is not installed here, so there is no score.",
    )


@pytest.mark.parametrize("script", ["exit 1", "cat >/dev/null; echo 0/0", "cat"])
def test_a_program_that_gives_no_score_is_a_note(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    finding = judged(monkeypatch, tmp_path, "spamc", script)
    assert finding.level is Level.NOTE
    assert finding.text.startswith("spamc gave no score")


def test_a_mail_that_brings_a_report_of_its_own_does_not_become_its_score() -> None:
    own = "Content analysis details:   (-99.0 points, 5.0 required)\n"
    assert read_report(own + REPORT.format(score="7.0")) == Verdict(
        7.0,
        5.0,
        ((1000.0, "GTUBE"), (2.5, "URIBL_SBL"), (1.2, "SUBJ_ALL_CAPS"), (0.0, "HTML_MESSAGE"), (-0.1, "DKIM_VALID")),
    )


def test_a_mail_of_text_alone_is_one_part() -> None:
    message = email.message_from_bytes(as_message(MAIL, Rendered("S", "T\n", ""), "a@example.com", NOW), policy=default)
    assert message.get_content_type() == "text/plain"
