"""Bounces for now: how many messages in a row did not get through.

A contact keeps one text for each such bounce, `<time> <message id>`; where SES named no message, the time alone.
Older items have message ids alone. A delivery ends the row: it drops what is older. Whoever is on holiday gets a mail
and answers it by itself, which SES calls a transient bounce; the next delivery ends that row of one.

    bounced m1 ── bounced m2 ── delivered m3 ── out of office m3 ── delivered m4 ── bounced m5     in a row: 1

All of it may come twice, late, and in any order: what counts is when it happened.
"""

from collections.abc import Iterable


def member(message_id: str, at: str) -> str:
    """What is kept of one bounce."""
    return f"{at} {message_id}" if message_id else at


def in_a_row(members: Iterable[str], ended_at: str = "") -> int:
    """How many messages bounced since the last delivery that is known."""
    return len({message or at for at, message in map(_read, members) if not at or at > ended_at})


def ended(members: Iterable[str], at: str) -> set[str]:
    """Those of a contact's bounces that a delivery at this time has ended; also those of which no time is known."""
    return {each for each in members if _read(each)[0] <= at}


def _read(kept: str) -> tuple[str, str]:
    """Time and message of a bounce; either is empty where it is not known."""
    at, space, message_id = kept.partition(" ")
    if space:
        return at, message_id
    return (kept, "") if _is_time(kept) else ("", kept)


def _is_time(text: str) -> bool:
    return text[4:5] == text[7:8] == "-" and text[10:11] == "T" and text.endswith("Z")
