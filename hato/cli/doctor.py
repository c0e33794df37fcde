"""`hato doctor`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from hato.access import Access
from hato.cli.options import Json
from hato.cli.output import print_json
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.doctor.asking.credentials import is_region_chosen
from hato.doctor.case import Case
from hato.doctor.checks import Check, checks_of
from hato.doctor.examining import examine
from hato.doctor.finding import Finding, Mark
from hato.doctor.judging.sender import Sender

Found = tuple[Check, Finding]

_STYLES = {Mark.OK: "green", Mark.WARNING: "yellow", Mark.FAILED: "bold red", Mark.UNKNOWN: "dim"}
_MARK_WIDTH = max(len(mark) for mark in Mark)
_NARROWEST = 30
_NO_WRAPPING = 1_000_000


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(name="doctor")(doctor_command)


def doctor_command(
    sender: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The From address; without it, the stack's.", show_default=False)
    ] = "",
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Look whether the account has everything that a campaign needs, and say what mends what is missing.

    Nothing is changed. Exit status 1 where something failed.
    """
    access = reach(stage, endpoint_url, region)
    found = list(_examined(_case(access, sender, region)))
    if as_json:
        print_json(_document(access, found))
    else:
        print_findings(Console(), access, found)
    if any(finding.mark is Mark.FAILED for _, finding in found):
        raise typer.Exit(1)


def print_findings(console: Console, access: Access, found: Sequence[Found]) -> None:
    """Print the findings, theme by theme; wrapped for a terminal, a line each for anything else."""
    width = console.width if console.is_terminal else _NO_WRAPPING
    console.print(Text.assemble((access.stack, "bold"), f" in {access.where}"), soft_wrap=True)
    subject_width = max(len(finding.subject) for _, finding in found)
    for theme, group in groupby(found, key=lambda each: each[0].theme):
        console.print(Text(f"\n{theme}", style="bold"))
        for _, finding in group:
            for line in _lines(finding, subject_width, width):
                console.print(line, soft_wrap=True)
    counts = Counter(finding.mark for _, finding in found)
    console.print(Text("\n" + ", ".join(_counted(mark, counts[mark]) for mark in Mark if counts[mark])))


def _case(access: Access, sender: str, region: str | None) -> Case:
    from hato.doctor.asking.resolver import SystemResolver  # dnspython only when it is wanted

    if sender:
        Sender.parse(sender)  # a sender that is no address is told at once, and nothing is asked
    is_chosen = region is not None or access.endpoint_url is not None or is_region_chosen()
    return Case(access, SystemResolver(), sender, is_chosen)


def _examined(case: Case) -> Iterator[Found]:
    console = Console(stderr=True)
    with console.status("Looking ...") as status:
        for check, finding in examine(case, checks_of(case)):
            status.update(f"Looking at {check.theme} ...")
            yield check, finding


def _lines(finding: Finding, subject_width: int, width: int) -> Iterator[Text]:
    """The mark, the subject, and beside them the sentence and what mends it."""
    mark, subject = f"  {finding.mark:<{_MARK_WIDTH}}  ", f"{finding.subject:<{subject_width}}  "
    indent = " " * len(mark + subject)
    room = max(_NARROWEST, width - len(indent))
    first, *others = _wrapped(finding.text, room)
    yield Text.assemble((mark, _STYLES[finding.mark]), subject, first)
    for line in others:
        yield Text(indent + line)
    if not finding.mend:
        return
    mend = f"-> {finding.mend}"
    if "`" in mend and len(mend) > room:  # the terminal may cut a command: so it can be copied whole
        yield Text(" " * len(mark) + mend, style="cyan")
        return
    for line in _wrapped(mend, room):
        yield Text(indent + line, style="cyan")


def _counted(mark: Mark, count: int) -> str:
    return f"{count} warnings" if mark is Mark.WARNING and count > 1 else f"{count} {mark}"


def _wrapped(text: str, width: int) -> list[str]:
    # What is there to be copied, a command or an ARN, is never cut within a word.
    return wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _document(access: Access, found: Sequence[Found]) -> dict[str, object]:
    return {
        "ok": all(finding.mark is not Mark.FAILED for _, finding in found),
        "stage": access.stage,
        "where": access.where,
        "findings": [
            {
                "theme": check.theme,
                "subject": finding.subject,
                "mark": finding.mark.value,
                "text": finding.text,
                "mend": finding.mend,
            }
            for check, finding in found
        ],
    }
