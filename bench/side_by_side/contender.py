"""Who is compared, and what each of them does and does not do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from bench.side_by_side.letter import Letter, Person


class Contender(Protocol):
    """Sends a letter to people, where AWS_ENDPOINT_URL says."""

    def ready(self, people: Sequence[Person]) -> Callable[[], object]:
        """Make ready what it is handed in its trade (a queue message, a row); what this returns sends, and is timed."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the comparison. `name` is in build/bench.json, `module` says where the code is."""

    name: str
    title: str
    module: str
    does: str
    lacks: str
    round: int = 50  # mails that are sent between two looks at the clock: as many as a batch of Hato's, for bulk

    def make(self, letter: Letter) -> Contender:
        """Import and make it; in the bench's own environment."""
        made: Contender = import_module(f"bench.side_by_side.contenders.{self.module}").contender(letter)
        return made


BARE, HATO, ARTICLE_A, ARTICLE_B = "bare_bulk_with_body", "hato", "article_a", "article_b"

ENTRIES = (
    Entry(
        BARE,
        "SendBulkEmail loop, a body per mail",
        "bare_bulk_with_body",
        "fills in by str.replace, 50 a call, one call after the other",
        "all else: it neither looks at SES's answers, nor knows whom it sent to",
        round=500,
    ),
    Entry(
        "bare_bulk",
        "SendBulkEmail loop, variables only",
        "bare_bulk",
        "the same, SES fills in the variables",
        "the same, and values go into HTML unescaped",
        round=500,
    ),
    Entry(
        "bare_single",
        "SendEmail loop",
        "bare_single",
        "one call a mail",
        "the same",
    ),
    Entry(
        HATO,
        "Hato's send step",
        "hato",
        "the whole function: reads the message, claims, looks up suppressions, reserves its pace, fills in and "
        "escapes, signs the way out, sends, records, writes outcomes and counters, tells the state machine, logs",
        "(what its state machine, SQS and a Lambda's start take is not in it)",
        round=500,
    ),
    Entry(
        ARTICLE_A,
        "article A's function, a row a call",
        "article_a",
        "looks up whether the address bounced and whether it has this mail, SendEmail, notes it as sent",
        "the same body for everybody; notes after sending, so a crash between the two is a second mail; its only pace "
        "is a second's wait after each row; no way out (what its state machine and a Lambda's start take is not in it)",
    ),
    Entry(
        ARTICLE_B,
        "article B's two functions",
        "article_b",
        "queues a message for each contact; reads the file for each mail, marks the contact, SendEmail",
        "plain text, the same for everybody; marks before sending, so what SES refuses once is never sent; no pace, no "
        "suppressions, hears of no bounce; no way out (what SQS and a Lambda's start take is not in it)",
    ),
    Entry(
        "anymail_bulk",
        "django-anymail, 50 people a message",
        "anymail_bulk",
        "SendBulkEmail with merge data and metadata of each; reads SES's answer for every recipient",
        "no body travels: the letter must lie in SES as a template, which anymail does not put there; values go into "
        "HTML unescaped; no pace, suppressions, ledger or way out; retries are boto3's, after timeouts, too",
        round=500,
    ),
    Entry(
        "anymail_single",
        "django-anymail, a message a person",
        "anymail_single",
        "a MIME message by SendEmail, on one connection",
        "filling in and escaping are the caller's; no pace, suppressions, ledger or way out; retries are boto3's, "
        "after timeouts, too",
    ),
    Entry(
        "django_ses",
        "django-ses, a message a person",
        "django_ses",
        "a MIME message by SendRawEmail, on one connection; asks for the account's rate and keeps to half of it, in "
        "this process",
        "filling in and escaping are the caller's; no ledger or way out; a mail that SES refuses ends the loop; "
        "suppressions only where they are switched on, at a query a mail; retries are boto3's, after timeouts, too",
    ),
    Entry(
        "museletter",
        "museletter's sender loop",
        "museletter",
        "SendEmail a mail; looks up suppressions, fills in and escapes, signs the way out and adds its headers, waits "
        "between mails, backs off when throttled, tries five times, records in SQLite, goes on after a crash",
        "sends again what it did not hear of (a timeout, a crash); one mail after the other; its text part is its own, "
        "made from the HTML, so longer",
        round=200,
    ),
)
