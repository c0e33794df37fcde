"""Which store and which client each step is handed; made when first used, kept while the Lambda is warm."""

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from chalicelib.aws.campaign_mails import CampaignMails
from chalicelib.aws.campaigns import Campaigns
from chalicelib.aws.clients import client, sending_client
from chalicelib.aws.contacts import Contacts
from chalicelib.aws.files import Files
from chalicelib.aws.ledger import Ledger
from chalicelib.aws.mailer import Mailer
from chalicelib.aws.mails import Mails
from chalicelib.aws.notices import NotificationTopic
from chalicelib.aws.pacer import Pacer
from chalicelib.aws.queues import DeadLetters
from chalicelib.aws.secrets import read_secret
from chalicelib.aws.stepfunctions import Executions, Tasks
from chalicelib.domain import grant
from chalicelib.domain.notice import LINK_DAYS
from chalicelib.domain.unsubscribe import UnsubscribeLinks
from chalicelib.errors import SettingInvalid
from chalicelib.settings import Settings
from chalicelib.steps.clock import SystemClock, timestamp
from chalicelib.steps.courier import MOST_UNDER_WAY, Courier
from chalicelib.steps.finish_campaign import FinishCampaign
from chalicelib.steps.keep_fact import keep_fact
from chalicelib.steps.notify import Notifier, Notify, tell_nobody
from chalicelib.steps.prepare_batches import PrepareBatches
from chalicelib.steps.record_event import record_event
from chalicelib.steps.rejections import SpooledRejections
from chalicelib.steps.send_batch import SendBatch
from chalicelib.web.unsubscribe_page import UnsubscribePage


class Wiring:
    """The parts of a deployed Hato, by the settings of its stage."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.clock = SystemClock()

    def deadline(self, context: Any, reserve: float) -> float:
        """When (epoch seconds) the Lambda of this context must have begun its last call, to end `reserve` later."""
        return self.clock.now().timestamp() + float(context.get_remaining_time_in_millis()) / 1000 - reserve

    @cached_property
    def mails(self) -> Mails:
        """The Mails table."""
        return Mails(client("dynamodb"), self._settings.mails_table)

    @cached_property
    def contacts(self) -> Contacts:
        """The Contacts table."""
        settings = self._settings
        return Contacts(client("dynamodb"), settings.contacts_table, settings.soft_bounce_limit, lambda: self.link_key)

    @cached_property
    def campaigns(self) -> Campaigns:
        """The Campaigns table."""
        return Campaigns(client("dynamodb"), self._settings.campaigns_table)

    @cached_property
    def ledger(self) -> Ledger:
        """The Deliveries table."""
        return Ledger(client("dynamodb"), self._settings.deliveries_table, days=self._settings.ledger_days)

    @cached_property
    def files(self) -> Files:
        """The upload bucket."""
        return Files(client("s3"), self._settings.upload_bucket)

    @cached_property
    def pacer(self) -> Pacer:
        """The shared pace."""
        settings = self._settings
        return Pacer(client("dynamodb"), settings.campaigns_table, lambda: client("sesv2"), settings.sending_share)

    @cached_property
    def executions(self) -> Executions:
        """The state machine."""
        return Executions(client("stepfunctions"), self._settings.state_machine)

    @cached_property
    def dead_letters(self) -> DeadLetters:
        """The send queue's dead letters."""
        return DeadLetters(client("sqs"), self._settings.dead_letter_queue)

    @cached_property
    def tasks(self) -> Tasks:
        """The state machine's waiting tasks."""
        return Tasks(client("stepfunctions"))

    @cached_property
    def link_key(self) -> str:
        """The key that report links are signed with."""
        return read_secret(client("secretsmanager"), self._settings.link_key_secret)

    def report_link(self, campaign_id: str) -> str:
        """A link to the report, without addresses; empty where the stage does not know its own pages' address."""
        if not self._settings.pages_url:
            return ""
        expires_at = int(self.clock.now().timestamp()) + LINK_DAYS * 86_400
        token = grant.sign(self.link_key, grant.Grant(campaign_id, expires_at))
        return f"{self._settings.pages_url}campaigns/{quote(campaign_id, safe='')}?token={token}"

    @cached_property
    def notify(self) -> Notify:
        """What tells whoever watches the stage of a campaign; nobody is told where there is no topic."""
        settings = self._settings
        if not settings.notification_topic:
            return tell_nobody
        topic = NotificationTopic(client("sns"), settings.notification_topic)
        return Notifier(self.campaigns, topic, settings.stage, self.report_link)

    @cached_property
    def unsubscribe_links(self) -> UnsubscribeLinks:
        """The way out that mails carry. Raises SettingInvalid where the stage does not know its own pages' address."""
        if not self._settings.pages_url:
            raise SettingInvalid(
                "PAGES_URL is not set, so mails would have no way to unsubscribe: deploy the stage again."
            )
        return UnsubscribeLinks(self.link_key, self._settings.pages_url)

    @cached_property
    def unsubscribe_page(self) -> UnsubscribePage:
        """The page that the links lead to; reading them takes the key alone, wherever the pages are."""
        return UnsubscribePage(
            links=UnsubscribeLinks(self.link_key),
            contacts=self.contacts,
            keep_fact=lambda mail_id, email, fact: keep_fact(mail_id, email, fact, self.ledger, self.campaigns),
            now=lambda: timestamp(self.clock.now()),
        )

    @cached_property
    def prepare_batches(self) -> PrepareBatches:
        """The step that turns a list into batches."""
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

    def record_event(self, notification: str) -> dict[str, Any]:
        """Record what SES tells of in this notification."""
        return record_event(
            notification,
            timestamp(self.clock.now()),
            ledger=self.ledger,
            campaigns=self.campaigns,
            contacts=self.contacts,
            breaker=self._settings.breaker,
            notify=self.notify,
        )

    @cached_property
    def send_batch(self) -> SendBatch:
        """The step that sends a batch."""
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
                mailer=Mailer(sending_client(), settings.configuration_set, settings.sender),
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
    def finish_campaign(self) -> FinishCampaign:
        """The step that writes the report."""
        return FinishCampaign(
            files=self.files,
            campaigns=self.campaigns,
            ledger=self.ledger,
            clock=self.clock,
            settling_time=self._settings.settling.time,
            notify=self.notify,
        )
