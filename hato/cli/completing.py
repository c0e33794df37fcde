"""What a shell offers when somebody presses the tab key: ids of campaigns and mails, and stages.

It is quick or silent: where AWS does not answer within a second, or does not answer at all, nothing is offered. Whose
line is slow can wait longer: HATO_COMPLETION_SECONDS.
"""

import os
from collections.abc import Callable, Iterable
from threading import Thread
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from chalicelib.domain.campaign import Newest
    from hato.access import Access

_SECONDS = "1"
_MOST = 100
_STACK, _FOUNDATION = "hato-", "-foundation"

Ask = Callable[[], Iterable[str]]


def campaign_ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """The ids of campaigns that begin so, the newest first."""
    return offered(incomplete, lambda: _ids(_access(ctx.params).campaigns.newest(_MOST)))


def mail_ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """The ids of stored mails that begin so."""
    return offered(incomplete, lambda: sorted(each for each, _ in _access(ctx.params).mails.subjects()))


def stages(ctx: typer.Context, incomplete: str) -> list[str]:
    """The deployed stages that begin so."""
    return offered(incomplete, lambda: stages_of(_stacks(_access({**ctx.params, "stage": None}))))


def offered(incomplete: str, ask: Ask, seconds: float | None = None) -> list[str]:
    """Those of the answers that begin so; none where it takes too long, or fails."""
    patience = seconds or float(os.environ.get("HATO_COMPLETION_SECONDS", _SECONDS))
    answers: list[str] = []

    def run() -> None:
        try:
            answers.extend(each for each in ask() if each.startswith(incomplete))
        except Exception:  # whatever it is: told now, it would land amid what somebody is typing
            answers.clear()

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(patience)
    return [] if thread.is_alive() else answers


def stages_of(stacks: Iterable[str]) -> list[str]:
    """The stages whose stacks these are, among others of the account."""
    found = {each.removeprefix(_STACK).removesuffix(_FOUNDATION) for each in stacks if each.startswith(_STACK)}
    return sorted(found)


def _ids(found: "Newest") -> Iterable[str]:
    return (str(each["campaign_id"]) for each in found.summaries)


def _stacks(access: "Access") -> Iterable[str]:
    for page in access.client("cloudformation").get_paginator("describe_stacks").paginate():
        yield from (each["StackName"] for each in page["Stacks"])


def _access(options: dict[str, Any]) -> "Access":
    from hato.cli.reach import reach  # which offers stages itself

    return reach(options.get("stage"), options.get("endpoint_url"), options.get("region"))
