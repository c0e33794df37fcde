"""The fault lab's mailing list: mostly good rows, and some of each kind that must not be sent to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rows:
    """A list as CSV, and who on it is to get the mail."""

    csv: bytes
    expected: frozenset[str]
    suppressed: tuple[str, ...]
    count: int


def make_rows(recipients: int) -> Rows:
    """A list of so many good rows, and one bad row, one duplicate and one suppressed address for each hundred."""
    good = [f"reader{number}@example.com" for number in range(recipients)]
    few = max(1, recipients // 100)
    suppressed = tuple(f"gone{number}@example.com" for number in range(few))
    lines = [f"{email},{number}" for number, email in enumerate(good)]
    for number, gone in enumerate(suppressed):
        lines.insert(number * 100, f"{gone},x")
        lines.insert(number * 100 + 50, f"not-an-address-{number},x")
        lines.append(f"{good[number]},again")
    body = "\n".join(["email,username", *lines]) + "\n"
    return Rows(body.encode(), frozenset(good), suppressed, len(lines))
