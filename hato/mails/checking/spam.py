"""What SpamAssassin says of a mail, where it is installed on this machine."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from chalicelib.domain.mail import Mail, Rendered
from hato.mails.checking.finding import Finding, error, note, warning

PROGRAMS = (("spamassassin", "--local", "--test-mode"), ("spamc", "-R"))
_SECONDS = 60.0
_NEAR = 2.0  # points below the limit
_SHOWN_RULES = 6
_SENDER = "sender@example.com"
_MESSAGE_ID = "<0100019a00000000-00000000-0000-4000-8000-000000000000-000000@email.amazonses.com>"  # as SES makes them

_total = re.compile(r"Content analysis details:\s+\((-?[\d.]+) points, (-?[\d.]+) required\)")
_rule = re.compile(r"^\s{0,2}(-?\d+(?:\.\d+)?) ([A-Z][A-Z0-9_]+)\s", re.MULTILINE)
_PART = "spam"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The points of a mail, the points from which on it is spam, and the rules that gave any, the worst first."""

    score: float
    required: float
    rules: tuple[tuple[float, str], ...]


def judge_spam(mail: Mail, rendered: Rendered, email: str, when: datetime) -> Iterator[Finding]:
    """What SpamAssassin says; a note where it is not installed, or says nothing."""
    command = next((each for each in PROGRAMS if shutil.which(each[0])), None)
    if command is None:
        yield note(_PART, "SpamAssassin is not installed here, so there is no score.", "apt-get install spamassassin")
        return
    try:
        done = subprocess.run(  # noqa: S603 - a program of this machine's own, with no argument from outside
            command, input=as_message(mail, rendered, email, when), capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as why:
        yield note(_PART, f"{command[0]} gave no score: {type(why).__name__}.")
        return
    verdict = read_report(done.stdout.decode(errors="replace"))
    if verdict is None:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no report"]
        yield note(_PART, f"{command[0]} gave no score (exit status {done.returncode}): {said[0]}", "Does `spamd` run?")
    else:
        yield _finding(verdict)


def read_report(report: str) -> Verdict | None:
    """The verdict in a report as SpamAssassin writes it; None where there is none."""
    totals = _total.findall(report)
    if not totals:
        return None
    score, required = totals[-1]  # the report comes behind the mail, which could hold the same words
    begin = report.rindex("Content analysis details:")
    rules = sorted(((float(points), name) for points, name in _rule.findall(report[begin:])), reverse=True)
    return Verdict(float(score), float(required), tuple(rules))


def as_message(mail: Mail, rendered: Rendered, email: str, when: datetime) -> bytes:
    """The mail as it would arrive, but for what only a sending server adds."""
    sender = mail.sender or _SENDER
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, email, rendered.subject
    message["Date"] = format_datetime(when)
    message["Message-ID"] = _MESSAGE_ID
    message["List-Unsubscribe"] = "<https://example.com/unsubscribe>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(rendered.text)
    if rendered.html:
        message.add_alternative(rendered.html, subtype="html")
    return message.as_bytes()


def _finding(verdict: Verdict) -> Finding:
    worst = [f"{name} {points:+.1f}" for points, name in verdict.rules if points > 0][:_SHOWN_RULES]
    why = f" ({', '.join(worst)})" if worst else ""
    text = f"SpamAssassin gives {verdict.score} points of {verdict.required}{why}."
    if verdict.score >= verdict.required:
        return error(_PART, text, "Mend what the rules name: `spamassassin --test-mode` explains each.")
    return warning(_PART, text) if verdict.score > verdict.required - _NEAR else note(_PART, text)
