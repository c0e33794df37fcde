"""report.csv's address: the way to the file, for who may see addresses."""

import pytest

from chalicelib.domain.grant import DASHBOARD
from chalicelib.web.page import Answer
from chalicelib.web.routes.download import DownloadRoute
from tests.fakes.downloads import FakeDownloads
from tests.web.visits import NO_ADDRESSES, WRONG, gate, is_private, request, token


def get(downloads: FakeDownloads, token: str | None, **headers: str) -> Answer:
    return DownloadRoute(gate(), downloads)("c-1", request(token, **headers))


@pytest.mark.parametrize(("wrong", "why"), WRONG.values(), ids=WRONG)
def test_there_is_no_way_without_the_right_link(wrong: str | None, why: str) -> None:
    downloads = FakeDownloads("c-1")
    status, headers, body = get(downloads, wrong)
    assert status == 403
    assert why in body
    assert "Location" not in headers
    assert downloads.asked == []


@pytest.mark.parametrize("subject", ["c-1", DASHBOARD])
def test_a_link_that_shows_no_addresses_says_so(subject: str) -> None:
    downloads = FakeDownloads("c-1")
    status, headers, body = get(downloads, token(subject))
    assert status == 403
    assert NO_ADDRESSES in body
    assert "Location" not in headers
    assert downloads.asked == []
    assert get(downloads, token(subject), accept="application/json")[2] == {"error": NO_ADDRESSES}


@pytest.mark.parametrize("subject", ["c-1", DASHBOARD])
def test_who_may_see_addresses_is_led_to_the_file_for_a_minute(subject: str) -> None:
    status, headers, body = get(FakeDownloads("c-1"), token(subject, addresses=True))
    assert (status, body) == (302, "")
    assert headers["Location"] == "https://files.example.com/c-1?signed&seconds=60"
    assert is_private(headers)


def test_where_there_is_none_a_page_says_so_in_the_readers_language() -> None:
    status, headers, body = get(FakeDownloads("c-2"), token(addresses=True), accept_language="ja")
    assert status == 404
    assert "Location" not in headers
    assert "report.csv" in body
    assert headers["Content-Language"] == "ja"
    assert "キャンペーン" in body
