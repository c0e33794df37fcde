"""SES in one object: takes drafts, keeps mails, plans what becomes of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from hato.local.ses.account import Account
from hato.local.ses.bulk import Refusal
from hato.local.ses.cloud import Cloud, ConfigurationSet
from hato.local.ses.draft import Draft
from hato.local.ses.draws import Draws
from hato.local.ses.errors import MessageRejected, NotFound, SendingPaused, TooManyRequests
from hato.local.ses.events import EventLog
from hato.local.ses.faults import copies
from hato.local.ses.identity import verified_identity
from hato.local.ses.inbox import Inbox
from hato.local.ses.message import Message, accept, make_message_id
from hato.local.ses.plan import ON_THE_LIST, mailbox_simulator, plan
from hato.local.ses.reaction import BadReaction, Reaction
from hato.local.ses.settings import Settings
from hato.local.ses.step import Kind, Step
from hato.local.ses.suppression import SuppressionList
from hato.local.ses.tracking import obstacles, trackable
from hato.local.ses.wire import Json

Outcome = str | Refusal  # a message id, or why not
_VIRUS = "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class Simulator:
    """Everything but HTTP and the clock's ticking; one call at a time."""

    def __init__(self, settings: Settings, cloud: Cloud, region: str, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.inbox = Inbox()
        self.events = EventLog()
        self.accepted = 0
        self.throttled_calls = 0
        self.suppressed_reasons = ["BOUNCE", "COMPLAINT"]
        self.suppressed = SuppressionList()
        self._cloud, self._region, self._clock = cloud, region, clock
        self._account = Account(settings.rate, settings.daily_quota, clock())
        self._numbers = count(1)

    def send_bulk(self, entries: Sequence[Draft | Refusal]) -> list[Outcome]:
        """The outcome of every entry, in order: SES refuses entries one by one, but throttles the call."""
        self._check_account()
        checked = [entry if isinstance(entry, Refusal) else self._refusal(entry) or entry for entry in entries]
        self._admit([entry for entry in checked if isinstance(entry, Draft)])
        return [entry if isinstance(entry, Refusal) else self._accept(entry) for entry in checked]

    def send_one(self, draft: Draft) -> str:
        """The message id; what would be a status in a bulk call is an error here."""
        self._check_account()
        if refusal := self._refusal(draft):
            raise _ERRORS[refusal.status](refusal.error)
        self._admit([draft])
        return self._accept(draft)

    def change(self, changes: object) -> Settings:
        self.settings = self.settings.changed(changes)
        self._account.change(self.settings.rate, self.settings.daily_quota, self._clock())
        return self.settings

    def account(self) -> dict[str, Any]:
        """GetAccount's answer."""
        settings = self.settings
        return {
            "DedicatedIpAutoWarmupEnabled": False,
            "EnforcementStatus": "HEALTHY",
            "ProductionAccessEnabled": not settings.sandbox,
            "SendQuota": {
                "Max24HourSend": float(settings.daily_quota),
                "MaxSendRate": float(settings.rate),
                "SentLast24Hours": float(self._account.sent_in_last_24_hours(self._clock())),
            },
            "SendingEnabled": settings.sending_enabled,
            "SuppressionAttributes": {"SuppressedReasons": self.suppressed_reasons},
        }

    def identity(self, name: str) -> dict[str, Any]:
        """GetEmailIdentity's answer: outside the sandbox any identity may send, in it only those of the emulator."""
        if self.settings.sandbox and name.lower() not in self._cloud.verified_identities():
            raise NotFound(f"Email identity <{name}> does not exist.")
        return verified_identity(name)

    def suppress(self, body: Json) -> None:
        """Put an address on the account's suppression list."""
        self.suppressed.put(body, self._clock())

    def obstacles(self, message: Message) -> dict[Kind, str]:
        """Why SES would not tell of some kinds of events of a mail."""
        return obstacles(message, self._deployed(message))

    def react(self, message: Message, reaction: Reaction) -> None:
        """Have it happen now, and be told of as what was planned is; BadReaction where SES would not tell of it."""
        if why := self.obstacles(message).get(reaction.kind):
            raise BadReaction(why)
        time_lapse = self.settings.time_lapse
        after = max(0.0, self._clock() - message.accepted_at) * time_lapse
        self.events.add(message, reaction.recipient, [(reaction.step(after), [0.0])], time_lapse)

    def _check_account(self) -> None:
        if not self.settings.sending_enabled:
            raise SendingPaused("Email sending is disabled for your account.")

    def _refusal(self, draft: Draft) -> Refusal | None:
        name = draft.configuration_set
        if name:
            found = self._cloud.configuration_set(name)
            if found is None:
                return Refusal("CONFIGURATION_SET_NOT_FOUND", f"Configuration set <{name}> does not exist.")
            if not found.sending_enabled:
                return Refusal("CONFIGURATION_SET_SENDING_PAUSED", f"Configuration set <{name}> has sending disabled.")
        return self._sandbox_refusal(draft) if self.settings.sandbox else None

    def _sandbox_refusal(self, draft: Draft) -> Refusal | None:
        """In the sandbox sender and recipients must be verified, the mailbox simulator's addresses apart."""
        verified = self._cloud.verified_identities()
        involved = [draft.sender.address, *(to for to in draft.recipients if mailbox_simulator(to) is None)]
        failed = [each for each in involved if not {each.lower(), each.rpartition("@")[2].lower()} & verified]
        if not failed:
            return None
        where = f"in region {self._region.upper()}: {', '.join(failed)}"
        why = f"Email address is not verified. The following identities failed the check {where}"
        return Refusal("MESSAGE_REJECTED", why)

    def _admit(self, drafts: Sequence[Draft]) -> None:
        recipients = [recipient for draft in drafts for recipient in draft.recipients]
        against_quota = sum(mailbox_simulator(recipient) is None for recipient in recipients)
        try:
            self._account.admit(len(recipients), against_quota, self._clock())
        except TooManyRequests:
            self.throttled_calls += 1
            raise

    def _accept(self, draft: Draft) -> str:
        now = self._clock()
        message = accept(draft, make_message_id(self.settings.seed, next(self._numbers), now), now, self._mail_domain)
        failure = _failure(draft)
        if failure is None:
            self.inbox.add(message)
            self.accepted += 1
        seen = trackable(message, self._deployed(message))
        mail = draft.tags.get("mail", draft.content.subject)
        draw = Draws(self.settings.seed, *map(str.lower, message.recipients), mail)
        for recipient in message.recipients:
            if failure is not None:
                steps: tuple[Step, ...] = (failure,)
            elif self.suppressed.has(recipient, self.suppressed_reasons):
                steps = ON_THE_LIST
            else:
                steps = plan(recipient, mail, self.settings, seen)
            told = copies(draw, recipient, steps, self.settings.faults)
            self.events.add(message, recipient, told, self.settings.time_lapse)
        return message.message_id

    def _deployed(self, message: Message) -> ConfigurationSet | None:
        return self._cloud.configuration_set(message.configuration_set) if message.configuration_set else None

    @property
    def _mail_domain(self) -> str:
        return "email.amazonses.com" if self._region == "us-east-1" else f"{self._region}.amazonses.com"


def _failure(draft: Draft) -> Step | None:
    """Why a mail that SES took goes nowhere: it learns so only after its answer."""
    content = draft.content
    if content.failure is not None:
        return Step(Kind.RENDERING_FAILURE, detail=content.failure)
    if any(_VIRUS in (part or "") for part in (content.text, content.html)):
        return Step(Kind.REJECT, detail="Bad content")
    return None


_ERRORS = {
    "CONFIGURATION_SET_NOT_FOUND": NotFound,
    "CONFIGURATION_SET_SENDING_PAUSED": SendingPaused,
    "MESSAGE_REJECTED": MessageRejected,
}
