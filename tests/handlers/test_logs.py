"""The line that each invocation writes: always JSON, never an address."""

import json
from typing import Any

import pytest

from chalicelib.logs import log_invocation, without_addresses
from tests.handlers.house import read_log

ADDRESSES = [
    "taro.yamada@example.com",
    '"taro.yamada@example.com"',
    "'taro.yamada@example.com'",
    '{"email": "taro.yamada@example.com"}',
    '{\\"email\\": \\"taro.yamada@example.com\\"}',
    "taro.yamada@example.com\\",
    "taro.yamada@example.com\nhanako.suzuki@example.com",
    "\x01taro.yamada@example.com\x02",
    "\\u0041taro.yamada@example.com",
    "<taro.yamada@example.com>",
    '"taro yamada"@example.com',
    "taro.yamada＠example.com",
    "鳩taro.yamada@example.com",
    "taro.yamada@例え.jp",
    "mailto:taro.yamada@example.com?subject=x",
    "taro.yamada@example.com,hanako.suzuki@example.com",
    "taro.yamada@[192.0.2.1]",
]


def written(capfd: pytest.CaptureFixture[str], answer: Any) -> dict[str, Any]:
    log_invocation(object(), lambda event: answer)
    return read_log(capfd.readouterr().err)


@pytest.mark.parametrize("text", ADDRESSES)
def test_no_address_is_ever_written_and_the_line_stays_json(capfd: pytest.CaptureFixture[str], text: str) -> None:
    line = written(capfd, {"why": text, "list": [text, {text: 1}], "nested": {"deep": {"deeper": (text,)}}})
    assert "yamada" not in json.dumps(line)
    assert "suzuki" not in json.dumps(line)
    assert "***@" in line["result"]["why"] or "***＠" in line["result"]["why"] or line["result"]["why"].count("***")


@pytest.mark.parametrize("text", ADDRESSES)
def test_a_failure_is_written_without_addresses_too(capfd: pytest.CaptureFixture[str], text: str) -> None:
    def fail(event: Any) -> Any:
        raise ValueError(text)

    with pytest.raises(ValueError, match=""):
        log_invocation(object(), fail)
    line = read_log(capfd.readouterr().err)
    assert (line["level"], line["error"]) == ("error", "ValueError")
    assert "yamada" not in line["message"]


def test_what_surrounds_an_address_is_kept(capfd: pytest.CaptureFixture[str]) -> None:
    said = 'Row 7, "taro@example.com"\\\nhas ＠ twice: {"a": 1}'
    assert written(capfd, {"why": said})["result"]["why"] == 'Row 7, "t***@example.com"\\\nhas ＠ twice: {"a": 1}'


@pytest.mark.parametrize("answer", [None, [], "text", 5], ids=str)
def test_an_answer_that_is_no_object_is_not_repeated(capfd: pytest.CaptureFixture[str], answer: Any) -> None:
    assert "result" not in written(capfd, answer)


def test_what_json_does_not_know_is_written_as_text(capfd: pytest.CaptureFixture[str]) -> None:
    class Person:
        def __str__(self) -> str:
            return "Taro <taro.yamada@example.com>"

    assert written(capfd, {"who": Person()})["result"]["who"] == "Taro <t***@example.com>"


def test_half_a_character_is_written_all_the_same(capfd: pytest.CaptureFixture[str]) -> None:
    assert written(capfd, {"why": "a\ud83db"})["result"]["why"].startswith("a")


def test_text_without_addresses_is_left_as_it_is() -> None:
    assert without_addresses("5 @ 3 and a@ or @b") == "5 @ 3 and a@ or @b"
