"""`hato contacts`: who broadcasts go to, and what is known of each address."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from chalicelib.domain.contact import is_contact, matches, parse_where, why_suppressed
from chalicelib.domain.forgotten import is_about_the_forgotten
from chalicelib.steps.clock import timestamp
from hato.access import Access
from hato.cli import contacts_import, contacts_sync
from hato.cli.asking import ask
from hato.cli.options import Json, Yes
from hato.cli.output import print_json
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.contacts.changing import Changer, Found, check_allowed, find
from hato.contacts.telling import as_csv, as_json, document, line, lines

app = typer.Typer(help="The contacts: who broadcasts go to, and what is known of each address.", no_args_is_help=True)
contacts_import.register(app)

UNCHANGED = "Nothing is changed."
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The address, in any spelling.", show_default=False)]


@app.command(name="list")
def list_command(
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="NAME=VALUE",
            help="Only contacts with this attribute; all conditions must hold. May be repeated.",
            show_default=False,
        ),
    ] = None,
    suppressed: Annotated[
        bool, typer.Option("--suppressed", help="Every address that is not written to, contact or not.")
    ] = False,
    json_wanted: Json = False,
    csv_wanted: Annotated[bool, typer.Option("--csv", help="Print CSV: a column for every attribute.")] = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """List the contacts, in no order: attributes, and why one is not written to."""
    conditions = [parse_where(text) for text in where or ()]
    access = reach(stage, endpoint_url, region)
    with closing(access.contacts.scan()) as items:
        chosen = _chosen(items, conditions, suppressed=suppressed)
        pieces = as_json(chosen) if json_wanted else as_csv(chosen) if csv_wanted else _told(chosen)
        for piece in pieces:
            sys.stdout.write(piece)


@app.command()
def show(
    address: Address,
    json_wanted: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Show one contact: every attribute, and whether it is written to."""
    found = find(reach(stage, endpoint_url, region).contacts, address)
    if json_wanted:
        print_json(document(found.items[0]))
        return
    for item in found.items:
        typer.echo("\n".join(lines(item)))


@app.command()
def remove(
    address: Address,
    yes: Yes = False,
    json_wanted: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Delete a contact. What stands against the address is kept, so that no later list reaches it.

    To erase a person everywhere: `hato forget`.
    """
    access = reach(stage, endpoint_url, region)
    found = find(access.contacts, address)
    ask(f"Remove the contact {found.email}?", yes, UNCHANGED, as_json=json_wanted)
    kept = [item for item in found.items if _changer(access).remove(item, timestamp(datetime.now(UTC)))]
    if json_wanted:
        print_json({"email": found.email, "kept": "".join(map(why_suppressed, kept[:1]))})
        return
    for item in found.items:
        if item in kept:
            typer.echo(f"{item['email']} is no contact any more. Kept, so that it stays so: {why_suppressed(item)}")
        else:
            typer.echo(f"{item['email']} is removed.")


@app.command()
def allow(
    address: Address,
    even_complained: Annotated[
        bool, typer.Option("--even-complained", help="Also take back a complaint, where they asked for mail again.")
    ] = False,
    yes: Yes = False,
    json_wanted: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Write to an address again that bounced, was on SES's list, or was marked with haserror: after you checked it.

    An unsubscribing is never taken back by this: only the recipient can, by subscribing again.
    """
    access = reach(stage, endpoint_url, region)
    found = find(access.contacts, address)
    for item in found.items:
        check_allowed(item, even_complained=even_complained)
    if found.why_suppressed:
        ask(f"{found.why_suppressed} Write to {found.email} again?", yes, UNCHANGED, as_json=json_wanted)
        for item in found.items:
            _changer(access).allow(item, even_complained=even_complained)
    if json_wanted:
        print_json(_allowed(found))
        return
    for told in _allowed_lines(found):
        typer.echo(told)


def _allowed(found: Found) -> dict[str, object]:
    return {
        "email": found.email,
        "was_suppressed": found.why_suppressed,
        "is_on_ses_list": any(item.get("ses_suppressed_at") for item in found.items),
        "is_contact": any(map(is_contact, found.items)),
    }


def _allowed_lines(found: Found) -> Iterator[str]:
    if not found.why_suppressed:
        yield f"Nothing is held against {found.email}."
        return
    yield f"{found.email} may be written to again."
    if any(item.get("ses_suppressed_at") for item in found.items):
        yield (
            "SES itself still leaves it out, until you take it off its list: "
            f"aws sesv2 delete-suppressed-destination --email-address {found.email}"
        )
    if not any(map(is_contact, found.items)):
        yield "It is no contact: lists that name it reach it, and broadcasts do not."


contacts_sync.register(app)


def _chosen(
    items: Iterable[Mapping[str, Any]], conditions: list[tuple[str, str]], *, suppressed: bool
) -> Iterator[Mapping[str, Any]]:
    for item in items:
        wanted = why_suppressed(item) and not is_about_the_forgotten(item) if suppressed else is_contact(item)
        if wanted and all(matches(item, {name: value}) for name, value in conditions):
            yield item


def _told(contacts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    count = off = 0
    for contact in contacts:
        count, off = count + 1, off + bool(why_suppressed(contact))
        yield f"{line(contact)}\n"
    are_off = f", {off:,} of them not written to" if off else ""
    yield f"{count:,} contact{'' if count == 1 else 's'}{are_off}.\n" if count else "There are no such contacts.\n"


def _changer(access: Access) -> Changer:
    return Changer(access.client("dynamodb"), access.outputs["ContactsTable"])
