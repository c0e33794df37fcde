"""Lines of JSON: one for each invocation, all that is known of it in each, and nobody's address in any."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.discretion import without_addresses
from chalicelib.errors import HatoError, MailInvalid
from chalicelib.invocation import invocation
from chalicelib.logs import log_invocation, set_up
from tests.emf import counted, problems

ATOM = st.text("ab1!#$%&'+/=?^_`{|}~-", min_size=1, max_size=6)
LOCAL = st.lists(ATOM, min_size=1, max_size=3).map(".".join)
DOMAIN = st.sampled_from(["example.com", "xn--wgv71a.jp", "a-b.example.co.jp", "b1.test"])
AROUND = st.sampled_from(["", " ", "<", ">", '"', "'", "(", ")", ",", ":", ";", "[", "]", "{", "}", "\\", "\n", "\t"])
AROUND |= st.sampled_from(["\0", "\x85", "\u2028", "email=", "mailto:", "。", "太郎", "."])
TOKEN = "AAAAKgAAAAIAAAAAAAAAAb1+/task=token"
LOG = logging.getLogger("hato")


@dataclass
class Event:
    """A Lambda's event, as Chalice hands it to middleware."""

    context: Any = field(
        default_factory=lambda: SimpleNamespace(function_name="hato-dev-send_batch", aws_request_id="request-1")
    )


@pytest.fixture(autouse=True)
def log() -> Iterator[None]:
    """The log as app.py sets it up where nothing else is said."""
    set_up("dev", "INFO")
    yield
    set_up("dev", "INFO")


def logged(capsys: pytest.CaptureFixture[str], response: object, event: object = None) -> dict[str, Any]:
    assert log_invocation(event or Event(), lambda _: response) is response
    return only_line(capsys)


def failed(capsys: pytest.CaptureFixture[str], error: Exception) -> tuple[Exception, dict[str, Any]]:
    """What is raised, and logged, where the handler raises this."""

    def fail(_: object) -> None:
        raise error

    try:
        log_invocation(Event(), fail)
    except Exception as raised:
        return raised, only_line(capsys)
    raise AssertionError("Nothing was raised.")


def all_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    return [json.loads(line) for line in err[:-1].split("\n")]


def only_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """An invocation's own line, but for what is another each time."""
    (line,) = all_lines(capsys)
    assert line.pop("ms") >= 0
    assert line.pop("time").endswith("Z")
    return line


def test_a_result_is_logged_with_the_functions_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert logged(capsys, {"suppressed": 2, "batch": {"n": 1}, "all": (True, None, 1.5)}) == {
        "level": "info",
        "message": "done",
        "function": "hato-dev-send_batch",
        "request_id": "request-1",
        "result": {"suppressed": 2, "batch": {"n": 1}, "all": [True, None, 1.5]},
    }


def test_a_page_is_logged_by_its_route_and_status_and_never_by_its_link(capsys: pytest.CaptureFixture[str]) -> None:
    context = {"resourcePath": "/campaigns/{campaign_id}", "path": "/dev/campaigns/c-1", "requestId": "another"}
    lambda_context = SimpleNamespace(function_name="hato-dev", aws_request_id="request-2")
    event = SimpleNamespace(context=context, lambda_context=lambda_context, query_params={"token": "secret"})
    assert logged(capsys, SimpleNamespace(status_code=403, body="secret"), event) == {
        "level": "info",
        "message": "done",
        "function": "/campaigns/{campaign_id}",
        "request_id": "request-2",
        "status": 403,
    }


@pytest.mark.parametrize(("status", "level"), [(200, "info"), (404, "info"), (500, "error"), (503, "error")])
def test_a_page_that_failed_is_logged_as_an_error(capsys: pytest.CaptureFixture[str], status: int, level: str) -> None:
    assert logged(capsys, SimpleNamespace(status_code=status))["level"] == level


@pytest.mark.parametrize("event", [SimpleNamespace(), SimpleNamespace(context=None), SimpleNamespace(context={}), 7])
def test_an_event_without_a_name_is_logged_without_one(capsys: pytest.CaptureFixture[str], event: object) -> None:
    assert logged(capsys, None, event) == {"level": "info", "message": "done", "function": "", "request_id": ""}


def test_a_line_has_the_time_it_was_written_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    log_invocation(Event(), lambda _: None)
    (line,) = all_lines(capsys)
    assert line["time"][23:] == "Z"
    assert abs(datetime.fromisoformat(line["time"]) - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_result_says_why_in_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    line = logged(capsys, {"returned": "SendingThrottled", "why": "SES is slow.", "accepted": 0})
    assert (line["level"], line["message"]) == ("info", "SES is slow.")
    assert line["result"] == {"returned": "SendingThrottled", "accepted": 0}


def test_a_result_that_tells_of_an_error_is_logged_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    line = logged(capsys, {"error": "KeyError", "why": "to taro@example.com", "trace": "File a.py taro@example.com"})
    wanted = {"level": "error", "error": "KeyError", "message": "to t***@example.com"}
    assert wanted.items() <= line.items()
    assert line["stack"] == "File a.py t***@example.com"
    assert "result" not in line


def test_an_error_is_logged_and_raised_again(capsys: pytest.CaptureFixture[str]) -> None:
    error = ValueError("no such thing: 5 %s")
    raised, line = failed(capsys, error)
    assert raised is error
    assert line.pop("stack").startswith("Traceback")
    assert line == {
        "level": "error",
        "message": "no such thing: 5 %s",
        "function": "hato-dev-send_batch",
        "request_id": "request-1",
        "error": "ValueError",
    }


def test_the_stack_says_where_and_from_what_an_error_came_and_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    error = MailInvalid("not to <taro@example.com>,\njiro@example.jp")
    error.__cause__ = KeyError("hanako@example.jp")
    line = failed(capsys, error)[1]
    for said in ("MailInvalid: not to <t***@example.com>,\nj***@example.jp", "KeyError: ***@example.jp'", "in fail"):
        assert said in line["stack"]
    for whole in ("taro@", "jiro@", "hanako@"):
        assert whole not in json.dumps(line)


def test_a_long_stack_keeps_its_innermost_frames(capsys: pytest.CaptureFixture[str]) -> None:
    def dig(depth: int) -> None:
        delve(depth - 1) if depth else int("no number")

    def delve(depth: int) -> None:  # two in turn, for Python itself leaves out what repeats
        dig(depth - 1)

    with pytest.raises(ValueError, match="no number"):
        log_invocation(Event(), lambda _: dig(20))
    stack = only_line(capsys)["stack"]
    assert "in dig" in stack
    assert len(stack) < 1500


class TextOfItsOwn(Exception):
    """An error that makes its text anew each time."""

    def __str__(self) -> str:
        return "said by taro@example.com"


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (ValueError("to taro@example.com"), "to t***@example.com"),
        (MailInvalid("to taro@example.com"), "to t***@example.com"),
        (KeyError("taro@example.com"), "***@example.com"),
        (OSError(2, "no file", "taro@example.com"), "***@example.com"),
        (TextOfItsOwn(), "TextOfItsOwn: said by t***@example.com"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_lambda_logs_of_an_error_by_itself_has_no_address(
    capsys: pytest.CaptureFixture[str], error: Exception, shown: str
) -> None:
    raised, line = failed(capsys, error)
    assert shown in str(raised)
    assert "taro" not in str(raised) + json.dumps(line)
    assert raised is error or (type(raised) is HatoError and raised.__suppress_context__)
    assert line["error"] == type(error).__name__


def test_how_long_it_took_is_logged_in_milliseconds(capsys: pytest.CaptureFixture[str]) -> None:
    log_invocation(Event(), lambda _: time.sleep(0.03))
    assert 30 <= json.loads(capsys.readouterr().err)["ms"] < 3000


def test_what_json_does_not_know_never_keeps_a_line_from_being_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert logged(capsys, {"at": timeless, ("a", 1): {2: "b"}})["result"] == {"at": "timeless", "('a', 1)": {"2": "b"}}


class Unspeakable:
    """What has no text."""

    def __str__(self) -> str:
        raise ValueError("taro@example.com")


def test_a_line_that_cannot_be_made_undoes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert log_invocation(Event(), lambda _: {"who": Unspeakable()})
    (line,) = all_lines(capsys)
    assert line == {"level": "error", "message": "A log line could not be made: ValueError."}


# --- what every line of an invocation says


def about(campaign: str, batch: int | None = None, then: object = None) -> Any:
    """A handler that understands what it is asked, says something, and comes to this."""

    def handle(_: object) -> object:
        invocation.about(campaign, batch)
        LOG.warning("on the way")
        if isinstance(then, Exception):
            raise then
        return then

    return handle


def test_every_line_has_what_is_known_of_the_invocation(capsys: pytest.CaptureFixture[str]) -> None:
    log_invocation(Event(), about("c1", 0, {"suppressed": 1}))
    lines = all_lines(capsys)
    assert [line["message"] for line in lines] == ["on the way", "done"]
    for line in lines:
        known = {"function": "hato-dev-send_batch", "request_id": "request-1", "campaign": "c1", "batch": 0}
        assert known.items() <= line.items()
        assert {"level", "time", "message"} <= line.keys()


def test_the_lines_of_an_invocation_that_fails_have_its_campaign_and_batch(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="no"):
        log_invocation(Event(), about("c1", 7, ValueError("no")))
    lines = all_lines(capsys)
    assert [(line["level"], line["campaign"], line["batch"]) for line in lines] == [
        ("warning", "c1", 7),
        ("error", "c1", 7),
    ]


@pytest.mark.parametrize("then", [{"accepted": 1}, ValueError("no")], ids=["done", "failed"])
def test_the_next_invocation_of_a_warm_lambda_knows_nothing_of_the_last(
    capsys: pytest.CaptureFixture[str], then: object
) -> None:
    with suppress(ValueError):
        log_invocation(Event(), about("c1", 7, then))
    capsys.readouterr()
    assert logged(capsys, {"asked": False}, Event(None)) == {
        "level": "info",
        "message": "done",
        "function": "",
        "request_id": "",
        "result": {"asked": False},
    }


def test_a_line_between_two_invocations_belongs_to_neither(capsys: pytest.CaptureFixture[str]) -> None:
    log_invocation(Event(), about("c1", 7))
    capsys.readouterr()
    LOG.warning("in between")
    (line,) = all_lines(capsys)
    assert not {"campaign", "batch"} & line.keys()
    assert (line["function"], line["request_id"]) == ("", "")


def test_the_lines_of_a_thread_have_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    def handle(_: object) -> None:
        invocation.about("c1", 7)
        thread = threading.Thread(target=LOG.warning, args=("from a thread",))
        thread.start()
        thread.join()

    log_invocation(Event(), handle)
    assert [(line["campaign"], line["batch"]) for line in all_lines(capsys)] == [("c1", 7)] * 2


def test_what_an_invocation_turns_to_takes_the_place_of_what_it_was_about(capsys: pytest.CaptureFixture[str]) -> None:
    def handle(_: object) -> None:
        invocation.about("c1", 7)
        invocation.about("c2")

    log_invocation(Event(), handle)
    line = only_line(capsys)
    assert line["campaign"] == "c2"
    assert "batch" not in line


def test_a_secret_is_in_no_line_of_its_invocation(capsys: pytest.CaptureFixture[str]) -> None:
    def handle(_: object) -> None:
        invocation.keep_secret(TOKEN)
        LOG.warning("got %s", TOKEN, extra={"token": TOKEN, TOKEN: [TOKEN]})
        raise ValueError(f"nobody waits for {TOKEN}.")

    with pytest.raises(ValueError, match=r"nobody waits for \*\*\*\."):
        log_invocation(Event(), handle)
    written = capsys.readouterr().err
    assert "task=token" not in written
    assert written.count("***") == 6
    assert logged(capsys, {"why": TOKEN})["message"] == TOKEN, "and is forgotten with it"


def test_what_is_too_short_to_be_a_secret_blots_out_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    def handle(_: object) -> None:
        for text in ("", "o", "done"):
            invocation.keep_secret(text)

    log_invocation(Event(), handle)
    assert only_line(capsys)["message"] == "done"


# --- which lines are written


def test_less_than_the_level_that_is_asked_for_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("dev", "ERROR")
    log_invocation(Event(), about("c1", 7, {"suppressed": 1}))
    assert capsys.readouterr().err == ""
    assert logged(capsys, {"error": "KeyError"})["level"] == "error"


def test_what_is_counted_is_written_whatever_the_level(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("dev", "ERROR")
    line = logged(capsys, {"accepted": 2})
    assert (line["level"], counted(line)) == ("info", {"MailsAccepted": 2})


def test_on_request_the_beginning_is_told_too_for_those_that_come_to_no_end(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("dev", "DEBUG")
    log_invocation(Event(), about("c1", 7))
    told = [(line["level"], line["message"], line.get("campaign")) for line in all_lines(capsys)]
    assert told[:2] == [("debug", "begun", None), ("debug", "understood", "c1")]


def test_a_line_goes_to_no_handler_of_anybody_elses(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    set_up("dev", "INFO")
    set_up("dev", "INFO")
    assert logged(capsys, None)
    assert caplog.records == []


# --- what is counted


def test_a_line_that_counts_is_the_invocations_own_with_cloudwatchs_members_beside(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up("prod", "INFO")
    log_invocation(Event(), about("c1", 7, {"accepted": 2, "throttled": 1, "suppressed": 4}))
    line = all_lines(capsys)[-1]
    assert problems(line) == []
    assert counted(line) == {"MailsAccepted": 2, "CallsThrottled": 1}
    assert (line["Stage"], line["MailsAccepted"], line["CallsThrottled"]) == ("prod", 2, 1)
    assert (line["campaign"], line["batch"], line["message"]) == ("c1", 7, "done")
    assert line["result"] == {"accepted": 2, "throttled": 1, "suppressed": 4}
    assert "metrics" not in line


def test_a_line_that_counts_nothing_is_an_ordinary_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert not {"_aws", "Stage", "metrics"} & logged(capsys, {"suppressed": 4}).keys()


# --- nobody's address


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
    assert line["message"].endswith(" there")


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


def test_a_line_has_no_space_between_its_members(capsys: pytest.CaptureFixture[str]) -> None:
    log_invocation(Event(), lambda _: {"suppressed": 2, "batch": [1, 2]})
    assert '"result":{"suppressed":2,"batch":[1,2]}' in capsys.readouterr().err
