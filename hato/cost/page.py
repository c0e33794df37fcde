"""The tables of docs/cost.md, made of what was counted: `python -m hato.cost.page` writes them anew."""

import math
from collections.abc import Iterator, Sequence

from chalicelib.domain import pacing
from hato.cost.billing import Bill, Use, bill
from hato.cost.counted import ARTICLE_A, ARTICLE_B, HATO, counted
from hato.project import ROOT

PAGE = ROOT / "docs" / "cost.md"
MILLION = 1_000_000
TARGET = 4.50  # USD for Hato, with a delivery of each mail, 30% opens and 5% clicks
TITLES = {HATO: "Hato", ARTICLE_A: "article A", ARTICLE_B: "article B"}
_BEGIN, _END = "<!-- counted: begin -->\n", "<!-- counted: end -->\n"
_LEAST = 0.005
_RATES = (14, 200, 1_000)
_SHARE = 0.9  # of the account's rate


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page(before: str) -> str:
    """The page with its tables as they are to be."""
    head, _, rest = before.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    return head + _BEGIN + "\n".join(_tables()) + _END + tail


def _tables() -> Iterator[str]:
    bills = {name: bill(Use(MILLION), name) for name in TITLES}
    found = counted()
    yield f"\nCounted on {found.on}, in a run of {found.mails:,} mails. USD for a million mails at 200 a second:\n"
    yield from _table(("", *TITLES.values()), _services(bills))
    yield f"\nThe target for Hato is {TARGET:.2f} USD: {_distance(bills[HATO].usd)}."
    for name, title in TITLES.items():
        yield f"\n### {title[0].upper()}{title[1:]}, line by line\n"
        yield from _table(("service", "for", "a million mails take", "USD"), _lines(bills[name]))
    yield "\n### At other rates\n"
    head = ("the account's rate", "batch", "hours", "`send_batch`, at most", "Step Functions", "together")
    yield from _table(head, map(_at_rate, _RATES))
    yield ""


def _distance(usd: float) -> str:
    return "it is kept" if usd <= TARGET else f"it is missed by {usd - TARGET:.2f} USD"


def _services(bills: dict[str, Bill]) -> Iterator[Sequence[str]]:
    sums = {name: each.by_service() for name, each in bills.items()}
    for service in dict.fromkeys(service for each in sums.values() for service in each):
        yield service, *(_usd(each.get(service)) for each in sums.values())
    yield "**together**", *(f"**{each.usd:.2f}**" for each in bills.values())
    yield "SES's own fee besides", *(f"{each.ses:.2f}" for each in bills.values())


def _lines(due: Bill) -> Iterator[Sequence[str]]:
    for line in due.lines:
        if line.usd >= _LEAST:
            name = f"{line.who}: {line.what}" if line.what else line.who
            yield line.service, name, f"{_amount(line.amount)} {line.unit}", f"{line.usd:.2f}"
    yield "all else", "", "", f"{sum(line.usd for line in due.lines if line.usd < _LEAST):.2f}"
    yield "**together**", "", "", f"**{due.usd:.2f}**"


def _at_rate(rate: int) -> Sequence[str]:
    limits = pacing.Limits(rate * _SHARE, math.inf)
    due = bill(Use(MILLION, limits=limits))
    sending = sum(line.usd for line in due.lines if (line.service, line.who) == ("Lambda", "send_batch"))
    hours = MILLION / limits.rate / 3600
    steps = due.by_service()["Step Functions"]
    return (
        f"{rate:,}/s",
        str(pacing.batch_size(limits)),
        f"{hours:.1f}",
        f"{sending:.2f}",
        f"{steps:.2f}",
        f"{due.usd:.2f}",
    )


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield from (f"| {' | '.join(each)} |" for each in (head, ["---"] * len(head), *rows))


def _amount(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 10 else f"{amount:.2f}"


def _usd(usd: float | None) -> str:
    return f"{usd:.2f}" if usd else ""


if __name__ == "__main__":
    main()
