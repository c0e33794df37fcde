"""`hato contacts import`: a whole list becomes contacts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import typer

from chalicelib.domain.mailing_list import MailingList, Rejected, read_rows
from hato.cli.asking import ask
from hato.cli.options import EmailColumn, Json, List, Yes
from hato.cli.output import print_json
from hato.cli.progress import counting, doing
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.contacts.importing import Done, Person, check_columns, read_person
from hato.contacts.writing import Writer

_CHUNK = 256 * 1024
_SHOWN = 10


@dataclass(slots=True)
class _Look:
    """What was found in a list that was read to its end, before anything is stored."""

    people: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    shown: list[Rejected] = field(default_factory=list)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="import")(import_command)


def import_command(
    mailing_list: List,
    email_column: EmailColumn = "",
    yes: Yes = False,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Make every row of a list a contact, and its columns the contact's attributes.

    Contacts that are there already get the list's columns beside what they have; an empty cell changes nothing, and
    nothing that Hato knows of an address (bounces, complaints, unsubscribing) is touched. Run again, it goes on.
    """
    access = reach(stage, endpoint_url, region)
    rows = _open(mailing_list, email_column)
    check_columns(rows.columns, rows.email_column)
    with doing("Reading the list ..."):
        look = _look_through(rows)
    _tell_rejected(look, as_json)
    if not look.people:
        typer.echo("There is nobody to import.", err=as_json)
        raise typer.Exit(1)
    ask(f"Import {look.people:,} contacts into {access.stack}?", yes, "Nothing is imported.", as_json=as_json)
    writer = Writer(access.client("dynamodb"), access.outputs["ContactsTable"], access.contacts)
    with counting("importing", look.people) as progress:
        totals = writer.store(_people(_open(mailing_list, email_column)), progress)
    if as_json:
        print_json(_document(totals, look))
    else:
        _tell(totals, look.rejected.total())


def _open(path: Path, email_column: str) -> MailingList:
    def chunks() -> Iterator[bytes]:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    return read_rows(chunks(), email_column)


def _people(rows: MailingList) -> Iterator[Person]:
    return (read_person(row, rows.email_column) for row in rows if not isinstance(row, Rejected))


def _look_through(rows: MailingList) -> _Look:
    """Read the list to its end: one that turns out to be no list must not be stored in part."""
    look = _Look()
    for row in rows:
        if isinstance(row, Rejected):
            look.rejected[row.reason_code] += 1
            look.shown += [row] if len(look.shown) < _SHOWN else []
        else:
            look.people += 1
    return look


def _tell_rejected(look: _Look, as_json: bool) -> None:
    total = look.rejected.total()
    if not total or as_json:
        return
    kinds = ", ".join(f"{count:,} {code}" for code, count in sorted(look.rejected.items()))
    typer.echo(f"{total:,} row{'' if total == 1 else 's'} cannot be imported ({kinds}):")
    for row in look.shown:
        typer.echo(f"  row {row.row:,}  {row.raw_email or '–'}: {row.reason}")
    if total > len(look.shown):
        typer.echo(f"  and {total - len(look.shown):,} more")


def _tell(totals: Counter[str], rejected: int) -> None:
    typer.echo(
        f"{totals[Done.IMPORTED]:,} imported, {totals[Done.CHANGED]:,} changed, {totals[Done.SAME]:,} as they were, "
        f"{totals[Done.FORGOTTEN] + rejected:,} skipped."
    )
    if totals[Done.FORGOTTEN]:
        typer.echo(f"{totals[Done.FORGOTTEN]:,} of the skipped were erased on request: they stay so.")
    if totals["suppressed"]:
        typer.echo(f"{totals['suppressed']:,} of them are not written to: `hato contacts list --suppressed` says why.")


def _document(totals: Counter[str], look: _Look) -> dict[str, object]:
    return {
        **{kind.value: totals[kind] for kind in Done},
        "not_written_to": totals["suppressed"],
        "refused": dict(look.rejected),
        "refused_rows": [{"row": each.row, "email": each.raw_email, "reason": each.reason} for each in look.shown],
    }
