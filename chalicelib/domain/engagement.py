"""Who opened or followed a link: a person, or a program that looks into mails before people do.

SES's own word is taken first (`isBotEvent`). Where it says nothing, these are the signs of a program:

- it names itself as one: a scanner of mails, a crawler, a library for HTTP (`is_scanner`);
- it was there before the mail was delivered;
- it followed three or more different links within ten seconds.

Proxies that fetch pictures for people (Gmail's, Yahoo's) are people here: they fetch when a person opens. What cannot
be told: Apple's Mail loads every mail's pictures when it arrives, under an ordinary name, so without SES's word some
of its opens count as people's.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

# So many different links, within so short a time.
BURST_LINKS = 3
BURST_TIME = timedelta(seconds=10)

# Products that scan mails, then programs of any kind. Phones by Cubot are no bots.
_SCANNERS = (
    "barracuda|mimecast|proofpoint|urldefense|symantec|messagelabs|fireeye|trellix|forcepoint|trendmicro|trend micro|"
    "sophos|zscaler|ironport|cloudmark|bitdefender|avanan|checkpoint|safelinks|linkpreview|"
    r"(?<!cu)bot\b|crawler|spider|scanner|headless|phantomjs|curl/|wget/|libwww|python-|aiohttp|httpx|go-http-client|"
    "java/|okhttp|axios/|node-fetch|apache-httpclient|ruby|guzzle"
)
_scanner = re.compile(_SCANNERS, re.IGNORECASE)


class Word(StrEnum):
    """What an event itself says of who it was; kept in the ledger in place of agent and address."""

    PERSON = "person"  # SES says so
    BOT = "bot"  # SES says so
    SCANNER = "scanner"  # SES says nothing, and the agent names itself
    UNSAID = "unsaid"


class Look(NamedTuple):
    """One open or one click: when (ISO 8601 in UTC), who by its own word, and of a click which of the mail's links."""

    at: str
    word: Word
    link: str = ""

    @classmethod
    def read(cls, text: str) -> "Look":
        """The look that `str` wrote."""
        at, _, rest = text.partition(" ")
        word, _, link = rest.partition(" ")
        return cls(at, Word(word) if word in set(Word) else Word.UNSAID, link)

    def __str__(self) -> str:
        return " ".join(filter(None, self))


def word_of(is_bot: bool | None, agent: str) -> Word:
    """The word of an event of which SES says this, and whose program calls itself that."""
    if is_bot is not None:
        return Word.BOT if is_bot else Word.PERSON
    return Word.SCANNER if is_scanner(agent) else Word.UNSAID


def is_scanner(agent: str) -> bool:
    """Whether a program of this name (a User-Agent) is known to look into mails by itself."""
    return bool(_scanner.search(agent))


def by_people(looks: Iterable[Look], delivered_at: str) -> list[Look]:
    """Those opens, or those clicks, of one delivery that people made, the earliest first."""
    ordered = sorted(looks)
    bursts = _bursts([look for look in ordered if look.link])
    return [look for look in ordered if _is_persons(look, delivered_at, bursts)]


def _is_persons(look: Look, delivered_at: str, bursts: Sequence[tuple[str, str]]) -> bool:
    if look.word is not Word.UNSAID:
        return look.word is Word.PERSON
    is_early = bool(delivered_at) and look.at < delivered_at
    return not is_early and not any(first <= look.at <= last for first, last in bursts)


def _bursts(clicks: Sequence[Look]) -> list[tuple[str, str]]:
    """The spans of time, first and last click, in which too many different links were followed."""
    found = []
    for index, first in enumerate(clicks):
        end = datetime.fromisoformat(first.at) + BURST_TIME
        within = [each for each in clicks[index:] if datetime.fromisoformat(each.at) <= end]
        if len({each.link for each in within}) >= BURST_LINKS:
            found.append((first.at, within[-1].at))
    return found
