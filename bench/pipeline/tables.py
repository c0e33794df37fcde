"""The simulated campaigns and the limits as tables to read."""

import math
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table

from bench.pipeline.limits import Limit
from bench.pipeline.result import FLAT, Flatness, Result, Run

_COLUMNS = (
    "recipients",
    "takes",
    "use of\nrate",
    "Lambdas\nsend/all",
    "429s",
    "throttled:\nledger",
    "counters",
    "events\nlate by",
    "given up",
    "twice",
    "calls\na mail",
    "USD a\nmillion",
)
_EVER = 10**9  # a limit beyond that is no limit


def table(result: Result) -> Table:
    """The campaigns, by design and rate."""
    shown = _table(("", *_COLUMNS))
    before: Run | None = None
    for run in result.runs:
        is_first = before is None or (before.design, before.rate) != (run.design, run.rate)
        if is_first and before:
            shown.add_row()
        shown.add_row(f"{run.design}, {run.rate:,.0f}/s" if is_first else "", *_cells(run))
        before = run
    return shown


def limits_table(result: Result) -> Table:
    """From how many recipients on each limit is passed, by the account's rate; what is passed first is bold."""
    shown = _table(("limit", *(f"{float(rate):,.0f}/s" for rate in next(iter(result.limits.values())))))
    as_it_is = next(iter(result.limits.values()))
    by_rate = [{limit.name: limit for limit in some} for some in as_it_is.values()]
    firsts = [some[0] for some in as_it_is.values()]
    for name in sorted(by_rate[0], key=lambda name: min(some[name].recipients for some in by_rate)):
        row = [some[name] for some in by_rate]
        if min(each.recipients for each in row) <= _EVER:
            shown.add_row(name, *(_size(each, each == first) for each, first in zip(row, firsts, strict=True)))
    return shown


def verdicts(result: Result) -> RenderableType:
    """The first thing that breaks at each rate, and whether cost and use are flat."""
    lines = [
        f"[bold]{design}, {float(rate):,.0f}/s[/]: first {some[0].name}, {_from(some[0])}: {some[0].then}."
        for design, of_rates in result.limits.items()
        for rate, some in of_rates.items()
    ]
    return Group(*lines, *(_flat(each) for each in result.flatness))


def _flat(each: Flatness) -> str:
    word = "flat" if each.holds else f"[bold]not flat[/] (within {FLAT:.0%})"
    sizes = f"{_number(min(each.recipients))} to {_number(max(each.recipients))}"
    return f"{each.design}, {each.rate:,.0f}/s, {sizes}: {word}; cost differs by {each.cost:.1%}, use by {each.use:.1%}"


def _cells(run: Run) -> tuple[str, ...]:
    throttles = run.throttles
    return (
        _number(run.recipients) + ("" if run.is_past_start_up else " *"),
        _time(run.seconds),
        f"{run.use:.1%}",
        f"{run.lambdas_sending}/{run.lambdas_in_all:,}",
        f"{throttles['ses']:,}",
        _some(throttles["claims"] + throttles["records"]),
        _some(throttles["counts"] + throttles["events"] + throttles["reads"]),
        _time(run.event_wait) if run.event_wait > 1 else "",
        _some(run.events_given_up),
        _some(run.sent_twice),
        f"{run.calls_a_mail:.3f}",
        f"{run.dollars_a_million:.2f}",
    )


def _table(columns: Sequence[str]) -> Table:
    made = Table(box=None, padding=(0, 1), header_style="dim")
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number else "left", no_wrap=True)
    return made


def _size(limit: Limit, is_first: bool) -> str:
    text = "never" if limit.recipients > _EVER else "at once" if limit.at_once else _number(limit.recipients)
    return f"[bold]{text}[/]" if is_first else text


def _from(limit: Limit) -> str:
    return "from the first second on" if limit.at_once else f"from {_number(limit.recipients)} recipients on"


def _number(count: float) -> str:
    if count < 1_000_000:
        return f"{count:,.0f}"
    millions = count / 1e6
    text = f"{millions:,.{max(0, 2 - math.floor(math.log10(millions)))}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " M"


def _some(count: int) -> str:
    return f"{count:,}" if count < 1_000_000 else _number(count)


def _time(seconds: float) -> str:
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"
