"""A campaign while it runs: a bar with rate and time left, or plain lines where nobody watches a terminal."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chalicelib.domain.report import Report
from chalicelib.errors import CampaignNotFound, HatoError
from hato.access import Access

_EVERY = 0.5
_STARTS_WITHIN = 60.0


class CampaignSilent(HatoError):
    """The upload did not become a campaign."""


def watch(access: Access, campaign_id: str, console: Console, at_most: float = math.inf) -> Report:
    """Show the campaign until it has ended, or for so many seconds; its last report. Raises CampaignNotFound."""
    deadline = time.monotonic() + at_most
    with _line(console) as show:
        while True:
            report = access.campaigns.report(campaign_id)
            show(report)
            if report.has_ended or time.monotonic() > deadline:
                return report
            time.sleep(_EVERY)


def wait_for_start(access: Access, campaign_id: str) -> None:
    """Wait until the upload has become a campaign. Raises CampaignSilent."""
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline:
        try:
            access.campaigns.report(campaign_id)
        except CampaignNotFound:
            time.sleep(_EVERY)
        else:
            return
    raise CampaignSilent(
        f"The upload did not become a campaign within {_STARTS_WITHIN:.0f} seconds; "
        f"look into the log group /aws/lambda/{access.stack}-on_upload."
    )


@contextmanager
def _line(console: Console) -> Iterator[Callable[[Report], None]]:
    if not console.is_terminal:
        yield _Plain(console)
        return
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield _Bar(progress)


class _Bar:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("starting", total=None, rate="")

    def __call__(self, report: Report) -> None:
        speed = self._progress.tasks[0].speed
        self._progress.update(
            self._task,
            description=report.status.value,
            total=report.rows or None,
            completed=report.settled,
            rate=f"{speed:,.0f}/s" if speed and not report.has_ended else "",
        )


class _Plain:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._last = ""

    def __call__(self, report: Report) -> None:
        line = f"{report.status.value}: {report.settled} of {report.rows} rows"
        if line != self._last:
            self._console.print(line)
            self._last = line
