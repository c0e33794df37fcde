"""Bounces by kind, mail providers, links, why rows ended as they did, and events that nobody knows."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from chalicelib.domain.report import Provider, Report
from hato.cli.report.page import Page, share, title

_BOUNCES = {"bounced": "for good", "soft_bounced": "for now", "undetermined_bounced": "unclear"}
_MOST = 10


def details(report: Report, page: Page) -> Iterator[Text]:
    """All there is to tell besides the numbers; each part only where it has something."""
    for part in (_bounces, _providers, _links, _reasons, _unknown_events):
        yield from part(report, page)


def _bounces(report: Report, page: Page) -> Iterator[Text]:
    if not report.bounces:
        return
    yield title("Bounces")
    for each in report.bounces:
        yield Text(f"  {_BOUNCES[each.kind]:<9} {each.sort or page.glyphs.none:<20} {each.mails:>10,}")


def _providers(report: Report, page: Page) -> Iterator[Text]:
    if not report.providers:
        return
    width = max(20, *(len(each.name) for each in report.providers[:_MOST]))
    yield title(f"{'Mail providers':<{width + 2}} {'delivered':>10} {'':>7} {'for good':>10} {'for now':>10}")
    for each in report.providers[:_MOST]:
        numbers = f"{each.delivered:>10,} {_delivered(each, page):>7} {each.bounced:>10,} {each.soft_bounced:>10,}"
        yield Text(f"  {each.name:<{width}} {numbers}")
    yield from _more(report.providers, "providers")


def _delivered(each: Provider, page: Page) -> str:
    total = each.delivered + each.bounced
    return share(each.delivered / total if total else None, page.glyphs.none)


def _links(report: Report, page: Page) -> Iterator[Text]:
    if not report.links:
        return
    yield title(f"  {'people':>8} {'all':>8}  Links")
    for each in report.links[:_MOST]:
        link = each.link or "(none of the mail's own)"
        yield Text(f"  {each.human_clicked:>8,} {each.clicked:>8,}  {link}")
    yield from _more(report.links, "links")


def _reasons(report: Report, page: Page) -> Iterator[Text]:
    if not report.reasons:
        return
    yield title("Why rows ended so")
    for each in report.reasons[:_MOST]:
        yield Text(f"  {each.outcome:<12} {each.rows:>9,}  {each.reason or page.glyphs.none}")
    yield from _more(report.reasons, "reasons")


def _unknown_events(report: Report, page: Page) -> Iterator[Text]:
    if not report.unknown_events:
        return
    yield title("Events of SES that Hato does not know")
    for name, mails in report.unknown_events.items():
        yield Text(f"  {name:<30} {mails:>10,}", "yellow")


def _more(found: Sequence[object], what: str) -> Iterator[Text]:
    if len(found) > _MOST:
        yield Text(f"  and {len(found) - _MOST:,} {what} more, in `hato report --json`", "dim")
