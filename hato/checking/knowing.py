"""Who of a list would be passed over: the contacts that are suppressed, and who had this very mail."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from chalicelib.domain.delivery import Delivery
from chalicelib.domain.recipient import Recipient

_AT_ONCE = 500  # addresses; what a batch of the campaign asks for
_SIDE_BY_SIDE = 8
_TIME = re.compile(r"\s*\d{4}-\d\d-\d\d\S*")


class Contacts(Protocol):
    """Who must not be written to."""

    def suppressed(self, recipients: Sequence[Recipient]) -> dict[str, str]:
        """The reason for each of these addresses that must not be written to."""
        ...


class Ledger(Protocol):
    """Which mail went to which address."""

    def read(self, mail_id: str, emails: Iterable[str]) -> Mapping[str, Delivery]:
        """The deliveries of these addresses, where there are any."""
        ...


@dataclass
class Known:
    """How many would be passed over: the suppressed by their reason, and who had the mail already."""

    suppressed: Counter[str] = field(default_factory=Counter)
    already_sent: int = 0

    @property
    def passed_over(self) -> int:
        """All of them."""
        return self.suppressed.total() + self.already_sent

    def add(self, other: "Known") -> None:
        """Count these too."""
        self.suppressed += other.suppressed
        self.already_sent += other.already_sent


def who_is_known(
    people: Iterable[Recipient],
    mail_id: str,
    contacts: Contacts,
    ledger: Ledger,
    progress: Callable[[int], None] = lambda count: None,
) -> Known:
    """Ask for everybody, some hundreds at a time and several times at once; the people are taken as they come."""
    known, asked, done = Known(), list[Future[Known]](), 0
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for some in _chunks(people):
            asked.append(pool.submit(_ask, some, mail_id, contacts, ledger))
            done += len(some)
            progress(done)
            if len(asked) >= 2 * _SIDE_BY_SIDE:
                known.add(asked.pop(0).result())
        for future in asked:
            known.add(future.result())
    return known


def _ask(people: Sequence[Recipient], mail_id: str, contacts: Contacts, ledger: Ledger) -> Known:
    suppressed = contacts.suppressed(people)
    free = [person.email for person in people if person.email not in suppressed]
    had_it = _had_it(ledger.read(mail_id, free).values()) if mail_id else 0
    return Known(Counter(_TIME.sub("", reason) for reason in suppressed.values()), had_it)


def _had_it(deliveries: Collection[Delivery]) -> int:
    return sum(bool(each.accepted_at or each.has_event) for each in deliveries)


def _chunks(people: Iterable[Recipient]) -> Iterator[list[Recipient]]:
    rest = iter(people)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
