"""The mails that SES accepted, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from hato.local.ses.message import Message


class Inbox:
    def __init__(self) -> None:
        self._messages: list[Message] = []
        self._by_id: dict[str, Message] = {}

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, message: Message) -> None:
        self._messages.append(message)
        self._by_id[message.message_id] = message

    def get(self, message_id: str) -> Message | None:
        return self._by_id.get(message_id)

    def clear(self) -> None:
        self._messages, self._by_id = [], {}

    def page(self, to: str | None = None, offset: int = 0, limit: int | None = None) -> Sequence[Message]:
        """Messages oldest first, all or those to one address."""
        wanted = self._messages if to is None else [m for m in self._messages if _is_to(m, to)]
        return list(islice(wanted, offset, None if limit is None else offset + limit))

    def search(self, words: str, offset: int, limit: int) -> tuple[int, Sequence[Message]]:
        """How many messages have every word in an address, the subject or a tag, and a page of them, newest first.

        A tag is found by any part of its value, or whole as `name:value`.
        """
        wanted = words.casefold().split()
        if not wanted:
            return len(self._messages), list(islice(reversed(self._messages), offset, offset + limit))
        found = [message for message in reversed(self._messages) if _has_all(message, wanted)]
        return len(found), found[offset : offset + limit]


def _has_all(message: Message, words: Sequence[str]) -> bool:
    values = (tag.partition(":")[2] for tag in message.tags)
    text = "\n".join((message.subject, message.sender, *message.recipients, *values)).casefold()
    return all(word in text or (":" in word and word in map(str.casefold, message.tags)) for word in words)


def _is_to(message: Message, address: str) -> bool:
    return address.casefold() in (recipient.casefold() for recipient in message.recipients)
