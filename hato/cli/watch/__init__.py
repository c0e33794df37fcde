"""A campaign while it runs: phases, pace and time left in a terminal, or plain lines where nobody watches one."""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from chalicelib.domain.report import Report
from chalicelib.errors import CampaignNotFound, HatoError
from hato.access import Access
from hato.cli.watch.allowance import Allowance
from hato.cli.watch.showing import showing
from hato.cli.watch.view import View
from hato.cli.watch.window import Window

_EVERY = 0.5
_PACE_EVERY = 2.0
_STARTS_WITHIN = 60.0


class CampaignSilent(HatoError):
    """The upload did not become a campaign."""


class Watcher:
    """Looks at one campaign again and again; each look is a view."""

    def __init__(
        self,
        report: Callable[[], Report],
        pacing_item: Callable[[], Mapping[str, Any]],
        clock: Callable[[], float],
        now: Callable[[], float],
    ) -> None:
        self._report = report
        self._pacing_item = pacing_item
        self._clock = clock
        self._now = now
        self._window = Window()
        self._allowance: Allowance | None = None
        self._asked_at = -math.inf

    def look(self) -> View:
        """The campaign now. Raises CampaignNotFound."""
        report, at = self._report(), self._clock()
        if at - self._asked_at >= _PACE_EVERY and not report.has_ended:
            self._allowance, self._asked_at = Allowance.from_item(self._pacing_item(), self._now()), at
        if report.batches:
            self._window.add(at, report.settled)
        return View(report, self._window.rate, self._allowance, self._window.quiet)


def watch(access: Access, campaign_id: str, console: Console, at_most: float = math.inf) -> Report:
    """Show the campaign until it has ended, or for so many seconds; its last report. Raises CampaignNotFound."""
    deadline = time.monotonic() + at_most
    watcher = _watcher(access, campaign_id)
    with showing(console, time.monotonic) as show:
        while True:
            view = watcher.look()
            show(view)
            if view.report.has_ended or time.monotonic() > deadline:
                return view.report
            time.sleep(_EVERY)


def look(access: Access, campaign_id: str) -> View:
    """The campaign at this moment. Raises CampaignNotFound."""
    return _watcher(access, campaign_id).look()


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


def _watcher(access: Access, campaign_id: str) -> Watcher:
    return Watcher(lambda: access.campaigns.report(campaign_id), access.pacer.seen, time.monotonic, time.time)
