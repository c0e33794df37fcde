"""The page of figures: its places, its tables and its charts."""

from collections.abc import Iterable
from xml.etree import ElementTree

import pytest

from bench import page
from bench.bars import bars

ROWS = [("Hato's <send> step", 300.0, "300 µs"), ("another", 1200.0, "1,200 µs"), ("next to nothing", 0.01, "0 µs")]


def test_the_page_has_one_place_for_each_section_and_no_other() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    names = [
        line.removeprefix("<!-- measured: ").removesuffix(" -->")
        for line in text.splitlines()
        if line.startswith("<!-- m")
    ]
    assert names[1::2] == ["end"] * (len(names) // 2)
    assert sorted(names[::2]) == sorted(page.SECTIONS)


def test_a_section_is_written_in_the_place_of_what_was_there_and_all_else_stays() -> None:
    before = "head\n<!-- measured: it -->\nold\n<!-- measured: end -->\nmiddle\n<!-- measured: end -->\ntail\n"
    once = page.with_section(before, "it", ["new"])
    assert (
        once == "head\n<!-- measured: it -->\n\nnew\n\n<!-- measured: end -->\nmiddle\n<!-- measured: end -->\ntail\n"
    )
    assert page.with_section(once, "it", ["new"]) == once


def test_a_section_without_a_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place for it"):
        page.with_section("nothing", "it", [])


def widths(chart: str) -> Iterable[float]:
    root = ElementTree.fromstring(chart)  # noqa: S314 - our own chart
    return [float(each.attrib["width"]) for each in root if each.tag.endswith("rect")]


def test_bars_are_as_long_as_their_numbers_and_none_is_nothing() -> None:
    ours, other, least = widths(bars("A & B", ROWS, ROWS[0][0]))
    assert ours == pytest.approx(other / 4, rel=0.01)
    assert least == 1.0


def test_one_bar_is_in_our_colour() -> None:
    root = ElementTree.fromstring(bars("A & B", ROWS, ROWS[0][0]))  # noqa: S314 - our own chart
    assert [each.attrib["class"] for each in root if each.tag.endswith("rect")] == ["o", "b", "b"]
