"""The tables and charts of docs/performance.md, from what was measured last: `python -m bench.page` writes them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from bench.bars import bars
from bench.cost import cost_per_million
from bench.side_by_side.contender import BARE, ENTRIES, HATO
from hato.cost.page import TITLES as SYSTEMS
from hato.project import BUILD, ROOT

PAGE = ROOT / "docs" / "performance.md"
IMAGES = ROOT / "docs" / "images"
_TITLES = {entry.name: entry.title for entry in ENTRIES}
Rows = Iterable[Sequence[str]]


def main() -> None:
    """Write the page and its charts."""
    text = PAGE.read_text(encoding="utf-8")
    for name, (result, lines) in SECTIONS.items():
        text = with_section(text, name, lines(_read(result)))
    PAGE.write_text(text, encoding="utf-8")
    for name, chart in charts().items():
        (IMAGES / f"performance-{name}.svg").write_text(chart, encoding="utf-8")


def with_section(text: str, name: str, lines: Iterable[str]) -> str:
    """The text with these lines between the marks of this name."""
    begin, end = f"<!-- measured: {name} -->\n", "<!-- measured: end -->\n"
    head, found, rest = text.partition(begin)
    if not found:
        raise ValueError(f"{PAGE.name} has no place for {name}")
    return head + begin + "\n".join(["", *lines, "", ""]) + end + rest.partition(end)[2]


def charts() -> Mapping[str, str]:
    """The charts by their names."""
    found = _read("bench")
    cpu = [(_TITLES[each["name"]], each["cpu_us_per_mail"], f"{each['cpu_us_per_mail']:,.0f} µs") for each in found]
    speed = [(_TITLES[each["name"]], each["mails_per_s_30ms"], f"{each['mails_per_s_30ms']:,.0f}/s") for each in found]
    costs = {SYSTEMS[name]: usd for name, usd in cost_per_million().items()}
    return {
        "cpu": bars("The processor's time a mail", cpu, _TITLES[HATO]),
        "speed": bars("Mails a second of one process, where AWS takes 30 ms to answer", speed, _TITLES[HATO]),
        "cost": bars(
            "A million mails beside SES's own 100 USD",
            [(title, usd, f"{usd:,.2f} USD") for title, usd in costs.items()],
            SYSTEMS[HATO],
        ),
    }


def _side_by_side(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    bare = next(each["cpu_us_per_mail"] for each in found if each["name"] == BARE)
    head = (
        "",
        "CPU µs a mail",
        "spread",
        "times bare",
        "AWS calls a mail",
        "mails/s, 0 ms",
        "mails/s, 30 ms",
        "peak MB",
    )
    rows = [
        (
            f"**{_TITLES[each['name']]}**" if each["name"] == HATO else _TITLES[each["name"]],
            f"{each['cpu_us_per_mail']:,.0f}",
            "–".join(f"{end:,.0f}" for end in each["cpu_us_per_mail_range"]),
            f"{each['cpu_us_per_mail'] / bare:.2f}",
            f"{each['calls_per_mail']:.3f}",
            f"{each['mails_per_s_0ms']:,.0f}",
            f"{each['mails_per_s_30ms']:,.0f}",
            f"{each['peak_rss_mb']:,.0f}",
        )
        for each in found
    ]
    yield from _table(head, rows)


def _notes(found: object) -> Iterator[str]:
    yield from _table(("", "does", "does not do, or otherwise"), ((e.title, e.does, e.lacks) for e in ENTRIES))


def _cold_start(found: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        (
            each["name"],
            *(_milliseconds(each[name]) for name in ("import_cpu", "first_call_cpu")),
            f"{each['modules_on_import']}",
            f"{each['modules_at_first_call'] or ''}",
        )
        for each in found["figures"]
    ]
    yield from _table(("", "imported, ms", "first call, ms", "modules imported", "at the first call"), rows)


def _milliseconds(seconds: Sequence[float]) -> str:
    """The median; nothing where nothing was called."""
    return f"{median(seconds) * 1000:,.0f}" if seconds else ""


def _lists(found: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        (
            each["name"],
            f"{each['rows']:,}",
            f"{each['rows'] / median(each['seconds']):,.0f}",
            f"{median(each['seconds']) / each['rows'] * 1e6:.2f}",
            f"{each['peak_mb']:,.0f}",
            f"{each['peak_mb'] - each['idle_mb']:,.1f}",
        )
        for each in found["measured"]
    ]
    yield from _table(("", "rows", "rows a second", "CPU µs a row", "MB at most", "MB grown"), rows)


def _scale(found: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        (
            f"{run['rate']:,.0f}/s",
            f"{run['recipients']:,}",
            f"{run['seconds'] / 3600:,.1f} h" if run["seconds"] >= 3600 else f"{run['seconds']:,.0f} s",
            f"{run['use']:.1%}",
            f"{run['lambdas_in_all']:,}",
            f"{run['calls_a_mail']:.3f}",
            f"{run['dollars_a_million']:.2f}",
        )
        for run in found["runs"]
        if run["design"] == "as it is"
    ]
    head = ("rate", "recipients", "takes", "use of the rate", "Lambdas at once", "AWS calls a mail", "USD a million")
    yield from _table(head, rows)


def _limits(found: Mapping[str, Any]) -> Iterator[str]:
    limits = found["limits"]["as it is"]
    rows = [
        (f"{float(rate):,.0f}/s", limit["name"], f"{limit['recipients']:,.0f}")
        for rate, some in limits.items()
        for limit in some[:3]
    ]
    yield from _table(("rate", "what is passed first", "from so many recipients"), rows)


def _table(head: Sequence[str], rows: Rows) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(['---', *['---:'] * (len(head) - 1)])}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _read(name: str) -> Any:
    return json.loads((BUILD / f"{name}.json").read_text(encoding="utf-8"))


# By the name of their place: which result they are of, and what makes their lines.
SECTIONS: Mapping[str, tuple[str, Callable[[Any], Iterable[str]]]] = {
    "side by side": ("bench", _side_by_side),
    "does and lacks": ("bench", _notes),
    "cold start": ("cold_start", _cold_start),
    "lists": ("intake", _lists),
    "scale": ("pipeline", _scale),
    "limits": ("pipeline", _limits),
}


if __name__ == "__main__":
    main()
