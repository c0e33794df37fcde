"""Whoever watches the stage is told of a campaign that has ended, or that paused itself: once, and none forgotten."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.domain.campaign import PausedBy, Status
from chalicelib.domain.notice import TOLD, Notice
from chalicelib.domain.report import Report

_LOG = logging.getLogger("hato")


class Campaigns(Protocol):
    """The campaigns' own records."""

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """The campaign's summary; empty where there is none."""
        ...

    def report(self, campaign_id: str) -> Report:
        """All the campaign's numbers. Raises CampaignNotFound."""
        ...

    def mark_notified(self, campaign_id: str, what: str) -> None:
        """Add to what was told of the campaign, its summary's `notified`; nothing where there is no campaign."""
        ...


class Topic(Protocol):
    """Where notices go."""

    def publish(self, notice: Notice) -> None:
        """Hand it to everybody who subscribed."""
        ...


class Notify(Protocol):
    """Tells of a campaign."""

    def __call__(self, campaign_id: str, status: Status) -> None:
        """Tell that it stands so, where it does and that is news."""
        ...


@dataclass(frozen=True, slots=True)
class Notifier:
    """The telling, with what it needs; `link` makes a link to a campaign's report, or nothing where there is none."""

    campaigns: Campaigns
    topic: Topic
    stage: str
    link: Callable[[str], str]

    def __call__(self, campaign_id: str, status: Status) -> None:
        """Tell that the campaign stands so, where it still does and nobody was told in this round. Never raises.

        What was told is marked afterwards, so who is cut off in between tells again when it is called again. Where the
        telling fails, an error line of the log says so: mails and reports must not wait for it.
        """
        try:
            self._tell(campaign_id, status)
        except Exception as error:
            fields = {"campaign": campaign_id, "error": type(error).__name__}
            _LOG.error(f"Nobody was told that the campaign is {status.value}: {error}", extra=fields)

    def _tell(self, campaign_id: str, status: Status) -> None:
        summary = self.campaigns.summary(campaign_id)
        what = f"{status.value}#{int(summary.get('round', 1))}"
        if not _stands(summary, status) or what in summary.get("notified", ()):
            return
        self.topic.publish(Notice.of(self.campaigns.report(campaign_id), self.stage, self.link(campaign_id)))
        self.campaigns.mark_notified(campaign_id, what)


def tell_nobody(campaign_id: str, status: Status) -> None:
    """What tells of campaigns where nobody is to be told."""


def _stands(summary: Mapping[str, Any], status: Status) -> bool:
    """Whether the campaign stands so, and that is anything to tell of: what its owner did they know."""
    by_itself = status is not Status.PAUSED or summary.get("paused_by") == PausedBy.BREAKER
    return status in TOLD and summary.get("status") == status and by_itself
