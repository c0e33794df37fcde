"""`hato why` and `hato forget`: one address, all that is known of it, and how it is erased."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from chalicelib.domain.recipient import AddressInvalid, canonical_address
from hato.cli.asking import ask
from hato.cli.completing import mail_ids
from hato.cli.contacts import UNCHANGED, Address
from hato.cli.options import Json, Yes
from hato.cli.output import print_json
from hato.cli.progress import doing
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.contacts.changing import read_address
from hato.contacts.telling import lines
from hato.person.address import what_was_changed
from hato.person.forgetting import Forgetting, Forgotten
from hato.person.judgement import timeline, what_now
from hato.person.knowledge import SETTLING, Knowledge, gather
from hato.person.naming import as_named


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (why, forget):
        app.command()(command)


def why(
    address: Address,
    mail: Annotated[
        str,
        typer.Option(
            "--mail",
            metavar="ID",
            help="Say what would be done about this mail.",
            show_default=False,
            autocompletion=mail_ids,
        ),
    ] = "",
    json_wanted: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Say everything that Hato knows of one address, and what it would do now. Changes nothing."""
    try:
        email = canonical_address(address)
    except AddressInvalid as error:
        told = f"A row with it is rejected as invalid: {error.reason}"
        if json_wanted:
            print_json({"email": None, "now": told})
        else:
            typer.echo(told)
        return
    access = reach(stage, endpoint_url, region)
    with doing("Looking ..."):
        known = gather(access, address, email, mail, datetime.now(UTC))
    if json_wanted:
        print_json(known.to_document())
        return
    for line in _words(known):
        typer.echo(line)


def _words(known: Knowledge) -> Iterator[str]:
    changed = what_was_changed(known.typed, known.email)
    yield known.email + (f"  (in what you typed, {', '.join(changed)})" if changed else "")
    yield ""
    yield "Now" + (f", for the mail {known.mail}" if known.mail else "")
    yield f"  {known.verdict}"
    yield ""
    yield "Contact"
    if known.forgotten:
        yield "  It was erased on request; a keyed hash of it is all that is kept."
    if not known.contacts and not known.forgotten:
        yield "  Nothing is known of it."
    for item in known.contacts:
        yield from (f"  {line}" for line in lines(item))
    yield f"  SES's suppression list: {known.ses}."
    yield ""
    yield f"Mails ({len(known.deliveries)})"
    for mail_id, item in known.deliveries.items():
        yield f"  {mail_id}: {what_now(item, known.suppressed, known.now, SETTLING)}"
        yield from (f"    {at}  {what}" for at, what in timeline(item))


def forget(
    address: Address,
    delete_lists: Annotated[
        bool,
        typer.Option("--delete-lists", help="Also delete the uploaded lists that name the address, for good, whole."),
    ] = False,
    yes: Yes = False,
    json_wanted: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Erase a person everywhere, and never write to them again: only a keyed hash of the address is kept.

    Contact, ledger and the files of all campaigns; rows stay counted, and name nobody. It cannot be taken back. Run
    again, it does what is left. docs/contacts.md says what it does not reach.
    """
    access = reach(stage, endpoint_url, region)
    email = _named(address)
    with doing("Looking at the campaigns ...") as say:
        Forgetting(access, email, say).check()
    ask(f"Erase {email} from {access.stack} for good?", yes, UNCHANGED, as_json=json_wanted)
    with doing("Erasing ...") as say:
        forgetting = Forgetting(access, email, say)
        done = forgetting.forget(datetime.now(UTC))
        lists = forgetting.eraser.delete_lists(done.files.lists) if delete_lists else 0
    if json_wanted:
        print_json(_document(email, done, lists))
        return
    for line in _done(done, lists, delete_lists):
        typer.echo(line)


def _named(address: str) -> str:
    """The address to erase; a list may name also one that Hato could never write to. Raises NoAddress."""
    try:
        return as_named(address)
    except AddressInvalid:
        return read_address(address)


def _document(email: str, done: Forgotten, versions: int) -> dict[str, object]:
    files = done.files
    return {
        "email": email,
        "contacts": done.contacts,
        "deliveries": done.deliveries,
        "files_read": files.read,
        "files_rewritten": files.rewritten,
        "versions_deleted": files.versions_deleted,
        "lists": dict(sorted(files.lists.items())),
        "list_versions_deleted": versions,
        "unreadable": sorted(set(files.unreadable)),
        "named_by": list(done.named_by),
    }


def _done(done: Forgotten, versions: int, delete_lists: bool) -> Iterator[str]:
    files = done.files
    yield (
        f"Erased: {_count(done.contacts, 'contact')}, {_count(done.deliveries, 'delivery', 'deliveries')} of the "
        f"ledger; {_count(files.rewritten, 'file')} rewritten and {_count(files.versions_deleted, 'version')} of files "
        f"deleted, of {files.read:,} looked through."
    )
    yield "A keyed hash is kept: no list and no broadcast reaches the address."
    if delete_lists:
        yield f"{_count(len(files.lists), 'uploaded list')} deleted, {_count(versions, 'version')}."
    elif files.lists:
        yield "These uploaded lists still name it; --delete-lists deletes them, whole and for good:"
        yield from (f"  {key} ({_count(count, 'version')})" for key, count in sorted(files.lists.items()))
    if files.unreadable:
        yield "These files could not be read as lists, so look into them yourself:"
        yield from (f"  {key}" for key in sorted(set(files.unreadable)))
    if done.named_by:
        yield f"Other contacts name it in an attribute; change them yourself: {', '.join(done.named_by)}"
    yield (
        "Not reached: SES's suppression list, Step Functions' history (90 days), queues and dead letters (14 days), "
        "the tables' backups (35 days)."
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
