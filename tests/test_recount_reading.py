"""A recount asks the ledger for what the tally looks at, and for nothing less."""

from typing import Any

from chalicelib.domain.facts import CLICKS, FACT_TIMES, OPENS, UNKNOWN_EVENTS
from chalicelib.domain.tally import tally
from hato.recounting import READ

AT = "2026-01-31T08:15:00.000Z"


class Watched(dict[str, Any]):
    """An item that notes which attributes are looked at."""

    def __init__(self, item: dict[str, Any]) -> None:
        super().__init__(item)
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.seen.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(name)
        return super().get(name, default)


def everything() -> dict[str, Any]:
    """A delivery to which all has happened that can."""
    times = dict.fromkeys(FACT_TIMES, AT)
    details = {name.removesuffix("_at") + "_detail": "General: 550 no such user" for name in FACT_TIMES}
    sets = {OPENS: {f"{AT} person"}, CLICKS: {f"{AT} person 0"}, UNKNOWN_EVENTS: {"Subscription"}}
    claim = {"mail_shard": "m1#00", "email": "taro@gmail.com", "campaign_id": "c1", "batch": 1, "row": 2, "attempt": 1}
    return {
        **claim,
        "claimed_at": AT,
        "accepted_at": AT,
        "message_id": "0100",
        "first_event_at": AT,
        **times,
        **details,
        **sets,
    }


def test_the_tally_looks_at_nothing_else() -> None:
    item = Watched(everything())
    tally(item)
    assert item.seen <= set(READ)
    assert len(item.seen) > 15


def test_the_tally_is_the_same_of_the_part_that_is_read() -> None:
    item = everything()
    assert tally({name: item[name] for name in READ}) == tally(item)
    assert len(tally(item)) > 15
