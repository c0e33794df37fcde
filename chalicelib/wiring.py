"""Which store and which client each step is handed; made when first used, kept while the Lambda is warm."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.aws.clients import sending_client
from chalicelib.aws.late import Late
from chalicelib.steps.clock import timestamp
from chalicelib.stores import Stores, late

if TYPE_CHECKING:
    from chalicelib.domain.campaign import Upload
    from chalicelib.domain.unsubscribe import UnsubscribeLinks
    from chalicelib.steps.finish_campaign import FinishCampaign
    from chalicelib.steps.notify import Notify
    from chalicelib.steps.prepare_batches import PrepareBatches
    from chalicelib.steps.send_batch import SendBatch
    from chalicelib.web.unsubscribe_page import UnsubscribePage


class Wiring(Stores):
    """The parts of a deployed Hato, by the settings of its stage."""

    def deadline(self, context: Any, reserve: float) -> float:
        """When (epoch seconds) the Lambda of this context must have begun its last call, to end `reserve` later."""
        return self.clock.now().timestamp() + float(context.get_remaining_time_in_millis()) / 1000 - reserve

    def report_link(self, campaign_id: str) -> str:
        """A link to the report, without addresses; empty where the stage does not know its own pages' address."""
        from urllib.parse import quote

        from chalicelib.domain import grant
        from chalicelib.domain.notice import LINK_DAYS

        if not self._settings.pages_url:
            return ""
        expires_at = int(self.clock.now().timestamp()) + LINK_DAYS * 86_400
        token = grant.sign(self.link_key, grant.Grant(campaign_id, expires_at))
        return f"{self._settings.pages_url}campaigns/{quote(campaign_id, safe='')}?token={token}"

    @cached_property
    def notify(self) -> "Notify":
        """What tells whoever watches the stage of a campaign; nobody is told where there is no topic."""
        from chalicelib.aws.notices import NotificationTopic
        from chalicelib.steps.notify import Notifier, tell_nobody

        settings = self._settings
        if not settings.notification_topic:
            return tell_nobody
        topic = NotificationTopic(late("sns"), settings.notification_topic)
        return Notifier(self.campaigns, topic, settings.stage, self.report_link)

    @cached_property
    def unsubscribe_links(self) -> "UnsubscribeLinks":
        """The way out that mails carry. Raises SettingInvalid where the stage does not know its own pages' address."""
        from chalicelib.domain.unsubscribe import UnsubscribeLinks
        from chalicelib.errors import SettingInvalid

        if not self._settings.pages_url:
            raise SettingInvalid(
                "PAGES_URL is not set, so mails would have no way to unsubscribe: deploy the stage again."
            )
        return UnsubscribeLinks(self.link_key, self._settings.pages_url)

    @cached_property
    def unsubscribe_page(self) -> "UnsubscribePage":
        """The page that the links lead to; reading them takes the key alone, wherever the pages are."""
        from chalicelib.domain.unsubscribe import UnsubscribeLinks
        from chalicelib.steps.keep_fact import keep_fact
        from chalicelib.web.unsubscribe_page import UnsubscribePage

        return UnsubscribePage(
            links=UnsubscribeLinks(self.link_key),
            contacts=self.contacts,
            keep_fact=lambda mail_id, email, fact: keep_fact(mail_id, email, fact, self.ledger, self.campaigns),
            now=lambda: timestamp(self.clock.now()),
        )

    def start_campaign(self, upload: "Upload") -> dict[str, Any]:
        """Start the campaign of this upload."""
        from chalicelib.steps.start_campaign import start_campaign

        return start_campaign(
            upload,
            campaigns=self.campaigns,
            uploads=self.files,
            mails=self.mails,
            executions=self.executions,
            clock=self.clock,
            notify=self.notify,
        )

    @cached_property
    def prepare_batches(self) -> "PrepareBatches":
        """The step that turns a list into batches."""
        from chalicelib.steps.prepare_batches import PrepareBatches
        from chalicelib.steps.rejections import SpooledRejections

        return PrepareBatches(
            mails=self.mails,
            contacts=self.contacts,
            lists=self.files,
            files=self.files,
            campaigns=self.campaigns,
            account=self.pacer,
            clock=self.clock,
            new_rejections=SpooledRejections,
        )

    @cached_property
    def send_batch(self) -> "SendBatch":
        """The step that sends a batch."""
        from concurrent.futures import ThreadPoolExecutor
        from secrets import token_hex

        from chalicelib.aws.campaign_mails import CampaignMails
        from chalicelib.aws.mailer import Mailer
        from chalicelib.steps.courier import MOST_UNDER_WAY, Courier
        from chalicelib.steps.send_batch import SendBatch

        settings = self._settings
        return SendBatch(
            campaigns=self.campaigns,
            mails=CampaignMails(self.files, self.mails),
            contacts=self.contacts,
            ledger=self.ledger,
            courier=Courier(
                campaigns=self.campaigns,
                ledger=self.ledger,
                pacer=self.pacer,
                mailer=Mailer(Late(sending_client), settings.configuration_set, settings.sender),
                clock=self.clock,
                side_by_side=lambda: ThreadPoolExecutor(MOST_UNDER_WAY),
            ),
            files=self.files,
            tasks=self.tasks,
            clock=self.clock,
            settling=settings.settling,
            new_claimant=lambda: token_hex(8),
            links=lambda: self.unsubscribe_links,
        )

    @cached_property
    def finish_campaign(self) -> "FinishCampaign":
        """The step that writes the report."""
        from chalicelib.steps.finish_campaign import FinishCampaign

        return FinishCampaign(
            files=self.files,
            campaigns=self.campaigns,
            ledger=self.ledger,
            clock=self.clock,
            settling_time=self._settings.settling.time,
            notify=self.notify,
        )

    def record_event(self, notification: str) -> dict[str, Any]:
        """Record what SES tells of in this notification."""
        from chalicelib.steps.record_event import record_event

        return record_event(
            notification,
            timestamp(self.clock.now()),
            ledger=self.ledger,
            campaigns=self.campaigns,
            contacts=self.contacts,
            breaker=self._settings.breaker,
            notify=self.notify,
        )

    def refresh_pace(self) -> dict[str, Any]:
        """Ask SES what it allows by now."""
        from chalicelib.steps.refresh_pace import refresh_pace

        return refresh_pace(self.pacer)
