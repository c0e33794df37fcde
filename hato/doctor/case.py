"""One stage in one account: what is asked about it once, and judged in several places."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol

from hato.doctor.asking.credentials import ask_introduction
from hato.doctor.asking.dns import Resolver
from hato.doctor.asking.ses import ask_destinations, ask_identity
from hato.doctor.asking.stack import ask_functions, ask_stack
from hato.doctor.finding import NotKnown
from hato.doctor.judging.credentials import Introduction
from hato.doctor.judging.events import Destination
from hato.doctor.judging.sender import Identity, Sender
from hato.doctor.judging.stack import Function, Stack


class Cloud(Protocol):
    """The way to a stage: AWS, or the local cloud where there is an endpoint url."""

    stage: str
    endpoint_url: str | None

    @property
    def stack(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def where(self) -> str: ...
    def client(self, service: str) -> Any: ...


@dataclass
class Case:
    """What is asked when it is first needed; what AWS refuses is raised, and asked again by whoever needs it next."""

    cloud: Cloud
    resolver: Resolver
    named_sender: str = ""
    region_is_chosen: bool = True
    clock: Callable[[], float] = time.time

    @property
    def is_local(self) -> bool:
        """Whether its mails stay on this machine."""
        return self.cloud.endpoint_url is not None

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)

    @cached_property
    def introduction(self) -> Introduction:
        return ask_introduction(self.cloud.client, self.clock)

    @cached_property
    def stack(self) -> Stack:
        return ask_stack(self.cloud.client("cloudformation"), self.cloud.stack)

    @cached_property
    def functions(self) -> Sequence[Function]:
        return ask_functions(self.cloud.client("lambda"), self.cloud.stage)

    @cached_property
    def sender(self) -> Sender:
        """The sender that is named, else the stack's, else the functions'. Raises NotKnown where there is none."""
        if self.named_sender:
            return Sender.parse(self.named_sender)
        if self.introduction.error:
            raise NotKnown("The sender is not known without credentials.", "Name it: `--sender ADDRESS`.")
        # Where `chalice deploy` made the functions, no stack needs a sender.
        told = [self.stack.parameters.get("Sender", "")] if self.stack.status else []
        found = next(filter(None, told), "") or next((each.sender for each in self.functions if each.sender), "")
        if not found:
            raise NotKnown("There is no sender yet.", "Name the one you mean to use: `--sender ADDRESS`.")
        return Sender.parse(found)

    @cached_property
    def identity(self) -> Identity | None:
        return ask_identity(self.cloud.client("sesv2"), self.sender)

    @property
    def mail_from(self) -> str:
        """The sender's own MAIL FROM domain; empty where there is none."""
        return self.identity.mail_from if self.identity else ""

    @property
    def configuration_set(self) -> str:
        return self.stack.output("ConfigurationSet")

    @cached_property
    def destinations(self) -> Sequence[Destination]:
        return ask_destinations(self.cloud.client("sesv2"), self.configuration_set)
