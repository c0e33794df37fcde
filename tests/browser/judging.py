"""What is wrong with a page, by axe-core's rules, by its width, and for who has nothing but a keyboard."""

from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
_ALL = {"type": "tag", "values": _TAGS}
_CONTRAST = {"type": "rule", "values": ["color-contrast"]}  # all that another scheme, or paper, can change
_AXE = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
_MOST_STOPS = 300
_AROUND = 8  # pixels, in which the sign of the focus may be


def axe(page: Page) -> list[str]:
    """What axe-core finds in the page's present size, in light, in dark and on paper."""
    page.emulate_media(media="screen", color_scheme="light")
    found = _violations(page, "light", _ALL)
    page.emulate_media(color_scheme="dark")
    found += _violations(page, "dark", _CONTRAST)
    page.emulate_media(media="print", color_scheme="light")
    found += _violations(page, "print", _CONTRAST)
    page.emulate_media(media="screen")
    return found


def _violations(page: Page, look: str, rules: dict[str, Any]) -> list[str]:
    """Of each finding the look, the rule, how grave it is, and the elements."""
    return [
        f"{look}: {each['id']} ({each['impact']}): {', '.join(' '.join(map(str, n['target'])) for n in each['nodes'])}"
        for each in page.evaluate(_AXE, rules)["violations"]
    ]


def too_wide(page: Page, widths: Sequence[int] = (390, 320)) -> list[str]:
    """What makes the page scroll sideways at these widths."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        found += [f"at {width}: {each}" for each in page.evaluate("width => judging.tooWide(width)", width)]
    return found


def keyboard(page: Page) -> list[str]:
    """What Tab does not come to, and what does not show that it has the focus."""
    there, reached, found = page.evaluate("judging.number()"), set(), []
    for stop in _stops(page):
        reached.add(stop["number"])
        if not stop["showsFocus"] and not _looks_otherwise(page, stop["box"]):
            found.append(f"does not show that it has the focus: {stop['shown']}")
    return found + [f"is not reached with Tab: {each}" for number, each in enumerate(there) if number not in reached]


def _stops(page: Page) -> Iterator[dict[str, Any]]:
    """Where Tab leads, from the page's beginning until it leaves the page or comes back."""
    first = None
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate("judging.stop()")
        if stop is None or (stop["number"], stop["shown"]) == first:
            return
        first = first or (stop["number"], stop["shown"])
        yield stop
    raise AssertionError(f"After {_MOST_STOPS} times Tab, the page's end is not reached.")


def _looks_otherwise(page: Page, box: Sequence[float]) -> bool:
    """Whether what is in this box looks otherwise without the focus, by whatever way; it takes long to see."""
    x, y, width, height = box
    left, top = max(0, x - _AROUND), max(0, y - _AROUND)
    clip = {"x": left, "y": top, "width": x + width + _AROUND - left, "height": y + height + _AROUND - top}
    focused = page.screenshot(clip=clip)
    page.evaluate("judging.leave()")
    plain = page.screenshot(clip=clip)
    page.evaluate("judging.comeBack()")
    return focused != plain
