"""Times as people say them."""


def duration(seconds: float) -> str:
    """So many seconds, as people say it."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds / size
            return f"{count:,.1f} {name}s" if round(count, 1) != 1.0 else f"1 {name}"
    return f"{max(1, round(seconds))} second{'s' * (round(seconds) > 1)}"
