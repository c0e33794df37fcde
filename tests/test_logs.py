"""One line of JSON for each invocation, and nobody's address in it."""

import json
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.logs import log_invocation, without_addresses

ATOM = st.text("ab1!#$%&'+/=?^_`{|}~-", min_size=1, max_size=6)
LOCAL = st.lists(ATOM, min_size=1, max_size=3).map(".".join)
DOMAIN = st.sampled_from(["example.com", "xn--wgv71a.jp", "a-b.example.co.jp", "b1.test"])
AROUND = st.sampled_from(["", " ", "<", ">", '"', "'", "(", ")", ",", ":", ";", "[", "]", "{", "}", "\\", "\n", "\t"])
AROUND |= st.sampled_from(["\0", "\x85", "\u2028", "email=", "mailto:", "。", "太郎", "."])


@dataclass
class Event:
    """A Lambda's event, as Chalice hands it to middleware."""

    context: Any = field(default_factory=lambda: SimpleNamespace(function_name="hato-dev-send_batch"))


def logged(capsys: pytest.CaptureFixture[str], response: object, event: object = None) -> dict[str, Any]:
    assert log_invocation(event or Event(), lambda _: response) is response
    return only_line(capsys)


def only_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    line = json.loads(err)
    assert line.pop("ms") >= 0
    return dict(line)


def test_a_result_is_logged_with_the_functions_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert logged(capsys, {"accepted": 2, "batch": {"n": 1}, "all": (True, None, 1.5)}) == {
        "function": "hato-dev-send_batch",
        "level": "info",
        "result": {"accepted": 2, "batch": {"n": 1}, "all": [True, None, 1.5]},
    }


def test_a_page_is_logged_by_its_route_and_status_and_never_by_its_link(capsys: pytest.CaptureFixture[str]) -> None:
    context = {"resourcePath": "/campaigns/{campaign_id}", "path": "/dev/campaigns/c-1"}
    event = SimpleNamespace(context=context, query_params={"token": "secret"})
    assert logged(capsys, SimpleNamespace(status_code=403, body="secret"), event) == {
        "function": "/campaigns/{campaign_id}",
        "level": "info",
        "status": 403,
    }


@pytest.mark.parametrize("event", [SimpleNamespace(), SimpleNamespace(context=None), SimpleNamespace(context={}), 7])
def test_an_event_without_a_name_is_logged_without_one(capsys: pytest.CaptureFixture[str], event: object) -> None:
    assert logged(capsys, None, event) == {"function": "", "level": "info"}


def test_a_result_that_tells_of_an_error_is_logged_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert logged(capsys, {"error": "KeyError", "why": "x"})["level"] == "error"


def test_an_error_is_logged_and_raised_again(capsys: pytest.CaptureFixture[str]) -> None:
    error = ValueError("no such thing: taro@example.com")

    def fail(_: object) -> None:
        raise error

    with pytest.raises(ValueError, match="no such thing") as raised:
        log_invocation(Event(), fail)
    assert raised.value is error
    assert only_line(capsys) == {
        "function": "hato-dev-send_batch",
        "level": "error",
        "error": "ValueError",
        "message": "no such thing: t***@example.com",
    }


def test_how_long_it_took_is_logged_in_milliseconds(capsys: pytest.CaptureFixture[str]) -> None:
    log_invocation(Event(), lambda _: time.sleep(0.03))
    assert 30 <= json.loads(capsys.readouterr().err)["ms"] < 3000


def test_what_json_does_not_know_never_keeps_a_line_from_being_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert logged(capsys, {"at": timeless, ("a", 1): {2: "b"}})["result"] == {"at": "timeless", "('a', 1)": {"2": "b"}}


class Timeless:
    """Anything that is not JSON."""

    def __str__(self) -> str:
        return "timeless"


timeless = Timeless()


@given(LOCAL, DOMAIN, AROUND, AROUND)
def test_no_text_keeps_a_whole_address(local: str, domain: str, before: str, after: str) -> None:
    for text in (f"{before}{local}@{domain}{after}", f"{before}{local}@{domain}{after}{local}@{domain}"):
        shown = without_addresses(text)
        assert f"{local}@{domain}" not in shown
        assert f"***@{domain}" in shown


@given(LOCAL, DOMAIN, AROUND, AROUND)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_log_line_holds_a_whole_address_and_every_one_is_json(
    capsys: pytest.CaptureFixture[str], local: str, domain: str, before: str, after: str
) -> None:
    address = f"{local}@{domain}"
    text = f"see {before}{address}{after} there"
    line = logged(capsys, {"why": text, "list": [{"deep": (text,)}], text: 1, "object": SimpleNamespace(email=address)})
    values = json.dumps(line, ensure_ascii=False)
    assert values.count("@") == 4
    assert address not in values
    assert line["result"]["why"].endswith(" there")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Sent to taro@example.com.", "Sent to t***@example.com."),
        ('"Taro" <taro@example.com>, jiro@example.jp', '"Taro" <t***@example.com>, j***@example.jp'),
        ("{'email': 'taro@example.com'}", "{'email': ***@example.com'}"),
        ("o'brien@example.com", "o***@example.com"),
        ("'taro'@example.com", "***@example.com"),
        ("{taro}@example.com", "***@example.com"),
        ("a@b@example.com", "a***@example.com"),
        ("@ at @home", "@ at @home"),
        ("nothing", "nothing"),
    ],
)
def test_an_address_is_shortened_and_all_else_stays(text: str, shown: str) -> None:
    assert without_addresses(text) == shown


@pytest.mark.parametrize("text", ["a" * 200_000, "a@" * 100_000, "@" * 200_000, "a," * 100_000])
def test_a_long_text_takes_no_long_time(text: str) -> None:
    start = time.perf_counter()
    without_addresses(text)
    assert time.perf_counter() - start < 2
