"""Times as people say them."""

from datetime import datetime

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def duration(seconds: float) -> str:
    """So many seconds, as people say it: `40 seconds`, `1.5 hours`."""
    for size, name in _UNITS:
        if seconds >= size:
            count = f"{seconds / size:,.1f}".removesuffix(".0")
            return f"{count} {name}{'s' * (count != '1')}"
    whole = max(1, round(seconds))
    return f"{whole} second{'s' * (whole != 1)}"


def between(start: str, end: str) -> str:
    """How long it is from one moment of a table to another; empty where they are no moments in this order."""
    try:
        seconds = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
    except (TypeError, ValueError):
        return ""
    return duration(seconds) if seconds >= 0 else ""
