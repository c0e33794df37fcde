"""What sending a batch asks of the stores and of SES."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from chalicelib.domain import pacing
from chalicelib.domain.delivery import Claim, Delivery
from chalicelib.domain.mail import Mail
from chalicelib.domain.parcel import Parcel, SendResult


class Campaigns(Protocol):
    """The campaigns' own records."""

    def check_sending(self, campaign_id: str) -> None:
        """Raises CampaignPaused or CampaignStopped where the campaign must not send now."""
        ...

    def stop(self, campaign_id: str, reason: str) -> None:
        """Mark the campaign stopped: no batch of it is sent from now on."""
        ...


class Ledger(Protocol):
    """Which mail went to which address."""

    def read(self, mail_id: str, emails: Iterable[str]) -> dict[str, Delivery]:
        """The deliveries of these addresses, where there are any."""
        ...

    def accept(self, mail_id: str, message_ids: Mapping[str, str], now: str) -> None:
        """Record that SES has these."""
        ...

    def fail(self, mail_id: str, reasons: Mapping[str, str], now: str) -> None:
        """Record that SES refused these."""
        ...

    def release(self, claim: Claim, emails: Iterable[str]) -> None:
        """Give claims back, as if they had never been."""
        ...


class Pacer(Protocol):
    """The shared pace."""

    def call_size(self) -> int:
        """How many recipients a call takes at most, as the pace is now."""
        ...

    def interval(self, size: int) -> float:
        """How many seconds lie between two calls of this size, as the pace was last seen."""
        ...

    def reserve(self, calls: int, size: int, mails: int, deadline: float) -> pacing.Reservation:
        """Reserve the time for so many calls of at most `size` recipients, `mails` in all, or for fewer of the calls.

        It ends before the deadline (epoch seconds).
        Raises SendingThrottled or DailyQuotaReached.
        """
        ...

    def throttled(self) -> None:
        """SES throttled a call: all workers go on more slowly from now."""
        ...

    def quota_reached(self) -> None:
        """SES said that the day's mails are used up."""
        ...


class Mailer(Protocol):
    """SES."""

    def send(self, mail: Mail, campaign_id: str, parcels: Sequence[Parcel]) -> list[SendResult]:
        """Send to all of them in one call; one answer each, in order. Never raises for what SES or the network do."""
        ...

    def fit(self, parcels: Sequence[Parcel], size: int) -> list[list[Parcel]]:
        """The parcels in calls of at most `size` recipients and of at most what SES takes in one request."""
        ...
