"""What a page shows of a terminal: commands, and under each what it prints.

A line of `...` stands for any lines that are left out. Of what changes from run to run the form alone is compared:
ports, times, the ids of messages; and those of campaigns, which must be the same wherever the page shows the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.markdown import Page

_PROMPT = "$ "
_VARIES = re.compile(
    r"(?P<message>\b[0-9a-f]{16}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{6}\b)"
    r"|(?P<campaign>\b[a-z]+-[0-9a-f]{16}\b)"
    r"|(?P<port>(?<=127\.0\.0\.1:)\d+)"
    r"|(?P<time>\b\d{4}-\d\d-\d\d \d\d:\d\d\b)"
)


@dataclass(frozen=True)
class Step:
    """A command, and the lines that it prints; a script, which is shown without a prompt, prints nothing."""

    command: str
    shown: tuple[str, ...] = ()


def steps(page: Page) -> Iterator[Step]:
    """The steps of all blocks of the page, in order."""
    for block in page.blocks:
        before, *commands = re.split(rf"^{re.escape(_PROMPT)}", block, flags=re.MULTILINE)
        if before:
            yield Step(block)
        for command, *shown in map(str.splitlines, commands):
            yield Step(command, tuple(shown))


def with_campaigns(command: str, campaigns: Mapping[str, str]) -> str:
    """The command with the ids of campaigns as they are in the place of those that are shown."""
    return _VARIES.sub(lambda found: campaigns.get(found[0], found[0]), command)


def campaigns_as_shown(shown: Sequence[str], printed: str) -> dict[str, str] | None:
    """The ids of the campaigns that were printed by those that are shown; None where something else was printed."""
    found = re.fullmatch("".join(map(_pattern, shown)), "".join(f"{line.rstrip()}\n" for line in printed.splitlines()))
    if found is None:
        return None
    ids = [each[0] for line in shown for each in _VARIES.finditer(line) if each.lastgroup == "campaign"]
    pairs = set(zip(ids, found.groups(), strict=True))
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None


def _pattern(line: str) -> str:
    """What a line matches that is printed where this one is shown."""
    if line.strip() == "...":
        return r"(?:.*\n)*?"
    parts, end = [], 0
    for found in _VARIES.finditer(line):
        parts += [re.escape(line[end : found.start()]), _varied(found)]
        end = found.end()
    return "".join([*parts, re.escape(line[end:].rstrip()), r"\n"])


def _varied(found: re.Match[str]) -> str:
    """What matches another of its kind; the id of a campaign becomes a group."""
    if found.lastgroup == "campaign":
        return f"({found[0].rpartition('-')[0]}-[0-9a-f]{{16}})"
    if found.lastgroup == "message":
        return re.sub("[0-9a-f]", "[0-9a-f]", found[0])
    return re.sub(r"\d+", r"\\d+", found[0])
