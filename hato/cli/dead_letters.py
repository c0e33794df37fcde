"""`hato dead-letters`: what could not be worked on, listed, tried again, or dropped on purpose."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from hato.access import Access
from hato.cli.asking import ask
from hato.cli.options import Json, Yes
from hato.cli.output import print_json
from hato.cli.progress import doing
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.dead_letters.boxes import Box, boxes, look_through, redriving
from hato.dead_letters.letter import DeadLetter, Queue
from hato.dead_letters.redriving import Plan

_NONE = "There are no dead letters."

app = typer.Typer(help="Batches and events that could not be worked on.", no_args_is_help=True)

QueueName = Annotated[Queue | None, typer.Option("--queue", help="Only this queue's.", show_default=False)]
Ids = Annotated[
    list[str] | None,
    typer.Option("--id", metavar="ID", help="Only the one with this id; may be repeated.", show_default=False),
]


@app.command(name="list")
def list_command(
    queue: QueueName = None,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """List the dead letters, the oldest first: what each is, why it was given up, and what redrive does with it.

    While they are read they are hidden from everybody else; then all are given back at once.
    """
    access = reach(stage, endpoint_url, region)
    told = _tell(access, _boxes(access, queue), ())
    if as_json:
        print_json(told)
    else:
        _print(Console(), told, "redrive")


@app.command()
def redrive(
    queue: QueueName = None,
    ids: Ids = None,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Try dead letters again and delete those that went well; exit status 1 where one stays, with the reason.

    A batch goes back into the send queue, unless its campaign is paused or has ended; a function that failed is called
    again with the same event. Nobody gets a mail twice by this, and nothing is counted twice.
    """
    access = reach(stage, endpoint_url, region)
    again, found, missing = redriving(access), _boxes(access, queue), set(ids or ())
    console, done = Console(), list[dict[str, str]]()
    with closing(look_through(found, ids or ())) as letters:
        for opened, letter in letters:
            missing.discard(letter.message.id)
            why = again.redrive(letter)
            if not why:
                opened.delete(letter.message)
            done.append({"id": letter.message.id, "what": letter.what, "stays_because": why})
            if not as_json:
                _print_line(console, _redriven(letter, why))
    stay = sum(bool(each["stays_because"]) for each in done)
    if as_json:
        print_json({"letters": done, "missing": sorted(missing)})
    else:
        _print_line(console, Text(f"{_count(len(done) - stay)} redriven, {_count(stay)} left." if done else _NONE))
    _end(missing, failed=stay > 0)


@app.command()
def drop(
    queue: QueueName = None,
    ids: Ids = None,
    yes: Yes = False,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Delete dead letters for good: shows them and what is lost with each, asks, and deletes exactly these."""
    access = reach(stage, endpoint_url, region)
    found = _boxes(access, queue)
    told = _tell(access, found, ids or ())
    _print(Console(stderr=as_json), told, "lost")
    shown = {each["id"] for each in told}
    missing = set(ids or ()) - shown
    if shown:
        ask(f"Delete {_count(len(shown))} for good?", yes, "Nothing is deleted.", as_json=as_json)
    deleted = _delete(found, shown) if shown else 0
    if as_json:
        print_json({"letters": told, "deleted": deleted, "missing": sorted(missing)})
    elif shown:
        gone = len(shown) - deleted
        typer.echo(f"{_count(deleted)} deleted{f', and {gone} not found any more' if gone else ''}.")
    _end(missing, failed=False)


def _boxes(access: Access, queue: Queue | None) -> list[Box]:
    found = boxes(access, [queue] if queue else list(Queue))
    if hidden := sum(box.queue.hidden() for box in found):
        are = "is" if hidden == 1 else "are"
        typer.echo(f"About {_count(hidden)} more {are} being looked at just now: look again later.", err=True)
    return found


def _tell(access: Access, found: Sequence[Box], ids: Collection[str]) -> list[dict[str, Any]]:
    """What there is to say of each dead letter, the oldest first; all are given back when this returns."""
    plan = redriving(access).plan
    with doing("Reading the dead letters ..."), closing(look_through(found, ids)) as letters:
        told = [_row(letter, plan(letter)) for _, letter in letters]
    return sorted(told, key=lambda row: str(row["came_at"]))


def _row(letter: DeadLetter, plan: Plan) -> dict[str, Any]:
    return {
        "id": letter.message.id,
        "queue": letter.queue.value,
        "came_at": letter.message.sent_at,
        "what": letter.what,
        "campaign_id": letter.campaign_id,
        "why": letter.why,
        "tries": letter.tries,
        "action": plan.action.value,
        "redrive": plan.sentence,
        "lost": plan.loss,
    }


def _redriven(letter: DeadLetter, why_not: str) -> Text:
    done = ("stays     ", "yellow") if why_not else ("redriven  ", "green")
    told = f"{letter.what}: {why_not}" if why_not else letter.what
    return Text.assemble(done, told, (f" [{letter.message.id}]", "dim"))


def _print(console: Console, told: Sequence[Mapping[str, Any]], end: str) -> None:
    _print_line(console, Text(f"{_count(len(told))}." if told else _NONE))
    for row in told:
        came = row["came_at"][:16].replace("T", " ")
        tries = f" ({row['tries']} tries)" if row["tries"] else ""
        _print_line(console, Text.assemble(f"\n{came}  {row['queue']:<6}  ", (row["what"], "bold")))
        _print_line(console, Text(f"  why      {row['why']}{tries}"))
        _print_line(console, Text(f"  {end:<7}  {row[end]}"))
        _print_line(console, Text(f"  id       {row['id']}", style="dim"))


def _delete(found: Sequence[Box], ids: Collection[str]) -> int:
    """Delete those with these ids; how many were still there."""
    deleted = 0
    with closing(look_through(found, ids)) as letters:
        for opened, letter in letters:
            opened.delete(letter.message)
            deleted += 1
    return deleted


def _end(missing: Collection[str], *, failed: bool) -> None:
    for each in sorted(missing):
        typer.echo(f"hato: There is no dead letter with the id {each}. `hato dead-letters list` lists them.", err=True)
    if missing or failed:
        raise typer.Exit(1)


def _count(number: int) -> str:
    return f"{number:,} dead letter{'' if number == 1 else 's'}"


def _print_line(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True)
