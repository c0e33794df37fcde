"""The tables, files and queues of a stage; made when first used, kept while the Lambda is warm.

Each is imported where it is made, here and in wiring.py: what a function does not use, its cold start does not pay for.
"""

from functools import cached_property, partial
from typing import TYPE_CHECKING

from chalicelib.aws.clients import MOST_AT_ONCE, client
from chalicelib.aws.late import Late
from chalicelib.aws.side_by_side import SideBySide
from chalicelib.settings import Settings
from chalicelib.steps.clock import SystemClock

if TYPE_CHECKING:
    from chalicelib.aws.campaigns import Campaigns
    from chalicelib.aws.contacts import Contacts
    from chalicelib.aws.files import Files
    from chalicelib.aws.ledger import Ledger
    from chalicelib.aws.mails import Mails
    from chalicelib.aws.pacer import Pacer
    from chalicelib.aws.queues import DeadLetters
    from chalicelib.aws.stepfunctions import Executions, Tasks


def late(service: str) -> Late:
    """The client of this service, made when it is first asked for something."""
    return Late(partial(client, service))


class Stores:
    """What a deployed Hato keeps and asks, by the settings of its stage."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.clock = SystemClock()
        self._side_by_side = SideBySide(MOST_AT_ONCE)

    @cached_property
    def mails(self) -> "Mails":
        """The Mails table."""
        from chalicelib.aws.mails import Mails

        return Mails(late("dynamodb"), self._settings.mails_table)

    @cached_property
    def contacts(self) -> "Contacts":
        """The Contacts table."""
        from chalicelib.aws.contacts import Contacts

        settings = self._settings
        return Contacts(
            late("dynamodb"),
            settings.contacts_table,
            settings.soft_bounce_limit,
            lambda: self.link_key,
            run_all=self._side_by_side,
        )

    @cached_property
    def campaigns(self) -> "Campaigns":
        """The Campaigns table."""
        from chalicelib.aws.campaigns import Campaigns

        return Campaigns(late("dynamodb"), self._settings.campaigns_table, self._side_by_side)

    @cached_property
    def ledger(self) -> "Ledger":
        """The Deliveries table."""
        from chalicelib.aws.ledger import Ledger

        settings = self._settings
        return Ledger(
            late("dynamodb"), settings.deliveries_table, days=settings.ledger_days, run_all=self._side_by_side
        )

    @cached_property
    def files(self) -> "Files":
        """The upload bucket."""
        from chalicelib.aws.files import Files

        return Files(late("s3"), self._settings.upload_bucket)

    @cached_property
    def pacer(self) -> "Pacer":
        """The shared pace."""
        from chalicelib.aws.pacer import Pacer

        settings = self._settings
        return Pacer(late("dynamodb"), settings.campaigns_table, lambda: late("sesv2"), settings.sending_share)

    @cached_property
    def executions(self) -> "Executions":
        """The state machine."""
        from chalicelib.aws.stepfunctions import Executions

        return Executions(late("stepfunctions"), self._settings.state_machine)

    @cached_property
    def dead_letters(self) -> "DeadLetters":
        """The send queue's dead letters."""
        from chalicelib.aws.queues import DeadLetters

        return DeadLetters(late("sqs"), self._settings.dead_letter_queue)

    @cached_property
    def tasks(self) -> "Tasks":
        """The state machine's waiting tasks."""
        from chalicelib.aws.stepfunctions import Tasks

        return Tasks(late("stepfunctions"))

    @cached_property
    def link_key(self) -> str:
        """The key that report links are signed with."""
        from chalicelib.aws.secrets import read_secret

        return read_secret(late("secretsmanager"), self._settings.link_key_secret)
