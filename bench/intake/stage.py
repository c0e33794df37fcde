"""What stands around the two steps: a mail, an account, a clock, and campaigns that are kept in memory."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.campaign import Status
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.mail import Mail
from chalicelib.domain.pacing import Limits

SETTLING_TIME = timedelta(minutes=15)
_SUMMARY = {"status": Status.PREPARING.value, "mail_id": "m1"}


class Mails:
    """One mail."""

    def get(self, mail_id: str) -> Mail:
        """That mail."""
        return Mail(mail_id, "Hello {{ username }}", "Your plan is {{ plan }}.")


class Contacts:
    """Nobody."""

    def in_good_standing(self, where: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Nobody."""
        return iter(())


class Account:
    """An account that sends 200 mails a second, so that a batch has 500 recipients."""

    def refresh(self) -> Limits:
        """Its limits."""
        return Limits(200.0)


class Clock:
    """Stands still."""

    def now(self) -> datetime:
        """Always the same moment."""
        return datetime(2026, 1, 31, 8, tzinfo=UTC)

    def sleep_until(self, moment: float) -> None:
        """Nobody waits here."""


class Ledger:
    """Nobody asks it: every batch has its outcome file."""

    def read(self, mail_id: str, emails: Any) -> dict[str, Delivery]:
        """Nothing."""
        return {}


class Campaigns:
    """One campaign's summary."""

    def __init__(self, **known: Any) -> None:
        self.known: dict[str, Any] = _SUMMARY | known

    def create(self, campaign_id: str, source: str, mail_id: str, now: str, version: str, options: Any) -> bool:
        """It is there already."""
        return False

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """What is known."""
        return self.known

    def keep_links(self, campaign_id: str, links: Sequence[str]) -> None:
        """The mail has none."""

    def prepared(self, campaign_id: str, mail_id: str, execution: str, numbers: Mapping[str, int]) -> None:
        """Note what was found in the list."""
        self.known |= numbers

    def end(self, campaign_id: str, status: Status, reason: str) -> bool:
        """Nobody ends it early."""
        return False

    def finish(self, campaign_id: str, status: Status, reason: str, totals: Mapping[str, Any], now: str) -> Status:
        """Note how it ended."""
        self.known |= {"totals": totals}
        return status


def tell_nobody(campaign_id: str, status: Status) -> None:
    """Nobody watches this stage."""
