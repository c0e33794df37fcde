"""Whether a mail's opens and clicks are tracked: as its author says, and not where the recipient said no."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COLUMN = "tracking"  # of a list, or an attribute of a contact: what its recipient said
_NO = frozenset({"no", "n", "false", "0", "off", "opt-out", "いいえ", "しない", "拒否"})


@dataclass(frozen=True, slots=True, order=True)
class Tracking:
    """What is tracked of one mail to one recipient."""

    opens: bool = True
    clicks: bool = True


EVERYTHING, _NOTHING = Tracking(), Tracking(opens=False, clicks=False)


def tracking_of(mail: Tracking, fields: Mapping[str, str]) -> Tracking:
    """What is tracked of the mail to the recipient with these fields."""
    said = fields.get(COLUMN)
    if said is None:
        said = next((value for name, value in fields.items() if name.strip().lower() == COLUMN), "")
    return _NOTHING if says_no(said) else mail


def says_no(value: Any) -> bool:
    """Whether this is a no, however it was written; nothing at all is none."""
    return value is False or (value is not None and str(value).strip().lower() in _NO)
