"""Pages as tests look at them: their text, their elements, and whether all that was opened is closed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any, NamedTuple

from chalicelib.domain.event_counts import EventCounts
from chalicelib.domain.report import Report
from chalicelib.domain.tally import TOTALS, Count
from chalicelib.web.links import PageLinks
from chalicelib.web.report_page import report_page
from tests.browser import samples

LINKS = PageLinks(refresh="c-1?token=t", json="c-1?token=t&format=json", csv="c-1?token=t&format=csv")
ALL_LINKS = PageLinks(
    refresh="c-1?token=t",
    json="c-1?token=t&format=json",
    csv="c-1?token=t&format=csv",
    download="c-1/report.csv?token=t",
    recipient="c-1/recipient?token=t",
    dashboard="../campaigns?token=t",
)
_VOID = {"meta", "br", "input"}
_UNSEEN = {"style", "script"}


class Element(NamedTuple):
    """An element's name and attributes."""

    tag: str
    attributes: Mapping[str, str]


class Shown(HTMLParser):
    """What a page shows. Fails where an element is closed that is not open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    @property
    def text(self) -> str:
        """All text that is seen or read aloud, with one space between its parts."""
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> Iterator[Mapping[str, str]]:
        """The attributes of each element of this name."""
        return (each.attributes for each in self.elements if each.tag == tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not _UNSEEN & set(self._open):
            self.texts.append(data)


def report(status: str = "finished") -> Report:
    """The sample campaign with this status."""
    return next(samples.campaigns().report(name) for each, name in samples.CAMPAIGNS.items() if each == status)


def shown(report: Report, links: PageLinks = ALL_LINKS, language: str = "en") -> Shown:
    """The report's page."""
    return Shown(report_page(report, links, language))


def with_counts(counts: dict[str, int], day: str = "2026-05-01", **values: Any) -> Report:
    """The finished campaign with these event counters."""
    counted = EventCounts({Count(day, name): number for name, number in counts.items()})
    events = {name: counted.total(name) for name in TOTALS}
    return replace(report(), counts=counted, events=events, **values)


def even() -> Report:
    """The finished campaign with few mails, so that no two of its shares are alike."""
    ends = dict.fromkeys(report().ends, 0) | {"accepted": 800, "invalid": 200}
    events = {"delivered": 400, "opened": 200, "human_opened": 100, "clicked": 60, "human_clicked": 20}
    events |= {"bounced": 80, "soft_bounced": 40, "unsubscribed": 8, "complained": 4}
    return replace(report(), rows=1_000, ends=ends, events=dict.fromkeys(TOTALS, 0) | events)
