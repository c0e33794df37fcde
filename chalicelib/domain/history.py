"""All that happened to one mail to one address, from its item of the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.domain.engagement import Look, by_people
from chalicelib.domain.facts import CLICKS, FACT_TIMES, OPENS, UNKNOWN_EVENTS

_STEPS = ("claimed", "accepted", "failed")
_IN_SETS = {"opened": OPENS, "clicked": CLICKS}


class Moment(NamedTuple):
    """One thing that happened: `name` is `claimed`, `accepted`, `failed`, or the name of the counter it moved.

    `detail` is what SES said, or the link. `is_human` is None where it is not about who it was.
    """

    at: str
    name: str
    detail: str = ""
    is_human: bool | None = None


def history(item: Mapping[str, Any], mail_links: Sequence[str] = ()) -> list[Moment]:
    """The moments in the order in which they happened; `mail_links` are those of the mail's campaign."""
    found = [*_once(item), *_looks(item, mail_links)]
    order = {name: number for number, name in enumerate((*_STEPS, *(at.removesuffix("_at") for at in FACT_TIMES)))}
    return sorted(found, key=lambda moment: (moment.at, order[moment.name], moment.detail))


def _once(item: Mapping[str, Any]) -> Iterator[Moment]:
    details = {"failed": "reason", "accepted": "message_id"}
    for name in (*_STEPS, *(at.removesuffix("_at") for at in FACT_TIMES)):
        at = item.get(f"{name}_at")
        if not at or item.get(_IN_SETS.get(name, "")):
            continue
        if name == "unknown_event":
            yield from (Moment(at, name, told) for told in sorted(item.get(UNKNOWN_EVENTS, ())))
        else:
            yield Moment(at, name, str(item.get(details.get(name, f"{name}_detail"), "")))


def _looks(item: Mapping[str, Any], mail_links: Sequence[str]) -> Iterator[Moment]:
    for name, attribute in _IN_SETS.items():
        looks = sorted(map(Look.read, item.get(attribute, ())))
        people = set(by_people(looks, item.get("delivered_at", "")))
        for look in looks:
            yield Moment(look.at, name, _link(look.link, mail_links), look in people)


def _link(number: str, mail_links: Sequence[str]) -> str:
    return mail_links[int(number)] if number.isdecimal() and int(number) < len(mail_links) else ""
