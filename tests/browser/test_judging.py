"""What the browser's tests look for is found where it is, on pages made to have it, and nothing where it is not."""

from collections.abc import Callable, Mapping

import pytest

from tests.browser.judging import axe, keyboard, too_wide
from tests.browser.serving import Answer, Site
from tests.browser.window import PHONE, Window, Windows

STRICT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
GOOD = '<h1>Good</h1><p>Text</p><a href="#a">A</a> <button>B</button> <input type="radio" name="r" aria-label="R">'


def site(main: str = GOOD, status: int = 200, head: str = "", policy: str = STRICT) -> Site:
    """A page with this in it."""
    head = f"<title>A page</title>{VIEWPORT}{head}"
    html = f'<!doctype html><html lang="en"><head>{head}</head><body><main>{main}</main></body></html>'
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    return lambda *_: (status, headers, html)


@pytest.fixture
def opened_on(windows: Windows):
    """Hands a window onto the site to a judge, and hands back what it found."""

    def judged(look: Callable[[Window], list[str]], at: Site) -> str:
        with windows.onto(at, PHONE) as window:
            window.go("/")
            return "\n".join(look(window))

    return judged


def of_page(judge: Callable) -> Callable[[Window], list[str]]:
    return lambda window: judge(window.page)


def test_nothing_is_found_on_a_good_page_whatever_its_policy_forbids_and_its_status_is(opened_on) -> None:
    def all_judges(window: Window) -> list[str]:
        return [*axe(window.page), *too_wide(window.page), *keyboard(window.page), *window.complaints()]

    assert opened_on(all_judges, site(status=403)) == ""


LOGGED = {
    "a script that its policy forbids": (site("<script>1</script>"), "Content Security Policy"),
    "a style that its policy forbids": (site('<p style="color: red">x</p>'), "Content Security Policy"),
    "an image of somebody else": (
        site('<img alt="" src="http://elsewhere.invalid/a.png">'),
        "request: http://elsewhere",
    ),
    "an image that is not there": (
        site('<img alt="" src="a.png">', 404, policy=""),
        "the server responded with a status",
    ),
    "an error": (site("<script>nothing.there()</script>", policy=""), "error: nothing is not defined"),
    "a warning": (site("<script>console.warn('careful')</script>", policy=""), "warning: careful"),
}


@pytest.mark.parametrize(("at", "what"), LOGGED.values(), ids=LOGGED)
def test_what_is_logged_and_asked_of_others_is_found(opened_on, at: Site, what: str) -> None:
    assert what in opened_on(Window.complaints, at)


def test_a_page_that_its_site_cannot_make_is_told_of_in_full(opened_on) -> None:
    def broken(method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Answer:
        raise KeyError("the page's own bug")

    with pytest.raises(AssertionError, match="the page's own bug"):
        opened_on(Window.complaints, broken)


PALE = "<style>p { color: #333; background: #fff } @media (prefers-color-scheme: dark) { p { color: #eee } }</style>"
SEEN_BY_AXE = {
    "an image without a text": ("<h1>H</h1><img>", "", "light: image-alt (critical): img"),
    "a pale text in the dark": ("<h1>H</h1><p>words</p>", PALE, "dark: color-contrast (serious): p"),
    "a pale text on paper": (
        "<h1>H</h1><p>words</p>",
        PALE.replace("(prefers-color-scheme: dark)", "print"),
        "print: color",
    ),
}


@pytest.mark.parametrize(("main", "head", "what"), SEEN_BY_AXE.values(), ids=SEEN_BY_AXE)
def test_axe_finds_it(opened_on, main: str, head: str, what: str) -> None:
    assert what in opened_on(of_page(axe), site(main, head=head, policy=""))


def test_what_makes_a_page_scroll_sideways_is_found(opened_on) -> None:
    found = opened_on(of_page(too_wide), site('<p style="width: 350px">x</p>', policy=""))
    assert "at 320: the page is 35" in found
    assert "at 320: <p" in found
    assert "at 390" not in found


def test_a_page_made_for_desktops_alone_is_too_wide_for_a_phone(opened_on) -> None:
    assert "at 390: the page is 980 wide" in opened_on(
        of_page(too_wide), lambda *_: (200, {"Content-Type": "text/html"}, GOOD)
    )


BADLY_WORKED = {
    "out of the order of Tab": ('<p role="button">x</p><a href="#a">A</a>', "is not reached with Tab: <p"),
    "no sign of the focus": ('<a href="#a">A</a><a id="b" href="#b" style="outline: none">B</a>', 'focus: <a id="b"'),
}


@pytest.mark.parametrize(("main", "what"), BADLY_WORKED.values(), ids=BADLY_WORKED)
def test_what_the_keyboard_cannot_work_is_found_and_nothing_else(opened_on, main: str, what: str) -> None:
    found = opened_on(of_page(keyboard), site(main, policy=""))
    assert what in found
    assert len(found.splitlines()) == 1
