"""`hato smoke`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from hato.access import Access
from hato.cli.asking import agrees
from hato.cli.options import Json, Yes
from hato.cli.output import print_json
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.smoke import Plan, Smoke
from hato.smoke.expectations import MAILS, PRICE
from hato.smoke.verdict import Check

_NAME_WIDTH = 15


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(name="smoke")(smoke_command)


def smoke_command(
    yes: Yes = False,
    timeout: Annotated[float, typer.Option(min=1, help="How many seconds SES's events are waited for.")] = 300,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Send a dozen mails to SES's mailbox simulator, and check that every event comes back; it costs less than a cent.

    Exit status 0 only where every check holds.
    """
    access = reach(stage, endpoint_url, region)
    plan = Plan(f"{datetime.now(UTC):%Y%m%d-%H%M%S}")
    out = Console(stderr=as_json, soft_wrap=True, highlight=False)
    out.print(_announcement(access, plan), markup=False)
    if not (yes or agrees("Go on?", as_json=as_json)):
        out.print("Nothing was sent.")
        raise typer.Exit(1)
    smoke, checks = Smoke(access, plan, timeout, Console(stderr=True, highlight=False)), list[Check]()
    for check in smoke.checks():
        checks.append(check)
        out.print(_line(check))
    tidied = smoke.tidy()
    out.print(tidied, markup=False)
    out.print(_conclusion(access, checks), markup=False)
    if as_json:
        print_json(_document(access, plan, smoke, checks, tidied))
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _announcement(access: Access, plan: Plan) -> str:
    """What will be done, and what it costs; raises StackNotFound before anything is asked."""
    return (
        f"{access.stack} in {access.where} will send the mail {plan.mail_id} to {MAILS} addresses of SES's mailbox "
        f"simulator, from a list in {access.bucket}, and upload the list again, which must send to nobody.\n"
        f"It costs about {MAILS * PRICE:.4f} USD ({MAILS} mails at {PRICE:.4f} USD), and fractions of a cent for the "
        "rest; on the local cloud nothing.\n"
        "It does the account's reputation no harm and takes nothing of its mails a day. In SES's sandbox it works too; "
        "the sender alone must be verified.\n"
        "The mailbox simulator opens and clicks nothing: whether those events come back is not tested."
    )


def _line(check: Check) -> Text:
    mark = ("✓", "green") if check.ok else ("✗", "red")
    return Text.assemble(mark, f" {check.name:<{_NAME_WIDTH}}  {check.detail}")


def _conclusion(access: Access, checks: Sequence[Check]) -> str:
    failed = [check for check in checks if not check.ok]
    if not failed:
        return f"All {len(checks)} checks hold."
    functions = dict.fromkeys(name for check in failed for name in check.functions)
    places = [
        *(f"the log group /aws/lambda/{access.stack}{name and '-'}{name}" for name in functions),
        f"`hato doctor --stage {access.stage}`: what is not set up as it should be",
        f"`hato dead-letters list --stage {access.stage}`: what could not be worked on",
    ]
    return "\n  ".join([f"{len(failed)} of {len(checks)} checks do not hold. Look at", *places])


def _document(access: Access, plan: Plan, smoke: Smoke, checks: Sequence[Check], tidied: str) -> dict[str, object]:
    return {
        "ok": all(check.ok for check in checks),
        "stage": access.stage,
        "where": access.where,
        "mail_id": plan.mail_id,
        "campaigns": smoke.campaigns,
        "checks": [check.to_document() for check in checks],
        "tidied": tidied,
    }
