"""Numbers and names as pages show them."""


def number(count: int) -> str:
    """A whole number, its thousands apart; English and Japanese write it alike."""
    return f"{count:,}"


def percent(count: int, of: int) -> str:
    """A share with one decimal, and never 0 or 100 where it is not quite; a dash where there is nothing to share."""
    if not of:
        return "–"
    shown = f"{100 * count / of:.1f}"
    if shown == "0.0" and count:
        return "<0.1%"
    return ">99.9%" if shown == "100.0" and count < of else f"{shown}%"


def width(count: int, of: int) -> str:
    """How long a bar is, of 100; what is there at all is seen."""
    if not of or count <= 0:
        return "0"
    return f"{min(100.0, max(0.4, 100 * count / of)):.2f}".rstrip("0").rstrip(".")


def list_name(source: str) -> str:
    """Where a campaign's list lies in the bucket, without the bucket."""
    return source.split("/", 3)[-1] if source.startswith("s3://") else source
