"""Forms of other sites, which must not make anything happen here."""

from collections.abc import Iterator

import pytest

from tests.local.test_ses_by_hand import NOWHERE, QUIET, events, press, sent
from tests.local.test_ses_server import Running, serving


@pytest.fixture
def running() -> Iterator[Running]:
    with serving(NOWHERE, QUIET) as simulator:
        yield simulator


def test_the_pages_own_form_is_taken_under_each_name_of_this_machine(running: Running) -> None:
    message_id = sent(running)
    for name in ("127.0.0.1", "localhost", "[::1]", "LOCALHOST"):
        own = f"{name}:{running.port}"
        browser = {"host": own, "origin": f"http://{own}", "sec-fetch-site": "same-origin"}
        assert press(running, message_id, browser, event="open")[0] == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"host": "elsewhere.example"},
        {"host": "elsewhere.example", "origin": "http://elsewhere.example", "sec-fetch-site": "same-origin"},
        {"host": "127.0.0.1:1"},
    ],
)
def test_a_form_of_another_site_is_refused(running: Running, headers: dict[str, str]) -> None:
    status, said = press(running, sent(running), headers, event="open")
    assert (status, "another site" in said) == (403, True)
    assert events(running) == ["Send", "Delivery"]


def test_browsers_are_asked_to_say_where_the_form_comes_from(running: Running) -> None:
    headers = running.http("GET", f"/inbox/{sent(running)}")[1]
    assert headers["referrer-policy"] == "same-origin"
    assert "form-action 'self'" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]
