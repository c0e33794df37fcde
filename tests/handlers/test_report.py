"""The report's route, as API Gateway calls it."""

import json
import time

import pytest

from chalicelib.domain.grant import DASHBOARD, Grant, sign
from tests.handlers.house import LINK_KEY, House

HOUR = 3600.0


@pytest.fixture
def campaign(house: House) -> str:
    house.put(
        "campaigns",
        campaign_id="c1",
        part="summary",
        status="finished",
        mail_id="autumn",
        source="s3://bucket/<script>alert(1)</script>.csv",
        rows=3,
        accepted=2,
        invalid=1,
    )
    house.put("campaigns", campaign_id="c1", part="counts#07", accepted=2)
    house.put("campaigns", campaign_id="c1#events#07", part="2026-05-01T06", **{"bounced/General": 1})
    return "c1"


def path(campaign_id: str, token: str, more: str = "") -> str:
    return f"/campaigns/{campaign_id}?token={token}{more}"


def token(subject: str, seconds: float = HOUR, key: str = LINK_KEY, addresses: bool = False) -> str:
    return sign(key, Grant(subject, int(time.time() + seconds), addresses))


def link(campaign_id: str, seconds: float = HOUR, key: str = LINK_KEY, more: str = "") -> str:
    return path(campaign_id, token(campaign_id, seconds, key), more)


def test_who_holds_a_signed_link_sees_the_page(house: House, campaign: str) -> None:
    answer = house.get(link(campaign))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = answer.body.decode()
    assert "autumn" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("way", ["format", "accept"])
def test_programs_get_json(house: House, campaign: str, way: str) -> None:
    answer = (
        house.get(link(campaign, more="&format=json"))
        if way == "format"
        else house.get(link(campaign), Accept="application/json")
    )
    assert answer.headers["Content-Type"] == "application/json"
    told = answer.json_body
    assert (told["campaign_id"], told["rows"], told["accepted"], told["bounced"]) == ("c1", 3, 2, 1)
    assert told["balanced"] is True


def test_the_line_names_the_campaign_of_a_good_link_and_no_link(house: House, campaign: str) -> None:
    for path_, known in ((link(campaign), {"c1"}), (link(campaign)[:-1], set()), (link("c-none"), set())):
        with house.lines() as lines:
            house.ask(path_)
        assert {line["campaign"] for line in lines if "campaign" in line} == known
        assert [line["function"] for line in lines] == ["/campaigns/{campaign_id}"]
        assert path_.partition("token=")[2][:20] not in json.dumps(lines)


class Broken:
    """A clock that says whom it does not serve."""

    def __init__(self, token: str) -> None:
        self._token = token

    def now(self) -> None:
        raise ValueError(f"no time for taro@example.com, who holds {self._token}")


def test_a_page_that_cannot_be_made_is_an_error_in_the_same_form_as_all_others(house: House, campaign: str) -> None:
    signed = token(campaign)
    house.app.wiring.clock = Broken(signed)
    with house.lines() as lines:
        assert house.ask(path(campaign, signed)).status_code == 500
    assert [line["level"] for line in lines] == ["error", "error"]
    chalices, own = lines
    assert "in open" in chalices["stack"]
    assert "no time for t***@example.com, who holds ***" in chalices["stack"]
    assert own["status"] == 500
    assert chalices["request_id"] == own["request_id"]
    assert signed not in json.dumps(lines)


def test_nobody_keeps_frames_or_passes_on_the_page(house: House, campaign: str) -> None:
    headers = house.get(link(campaign)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


WRONG = {
    "no token": lambda campaign: f"/campaigns/{campaign}",
    "an empty token": lambda campaign: path(campaign, ""),
    "a token made up": lambda campaign: path(campaign, "abc.def"),
    "a token of other letters": lambda campaign: path(campaign, "%E9%B3%A9%F0%9F"),
    "another campaign's token": lambda campaign: path(campaign, token("c2")),
    "another key's token": lambda campaign: link(campaign, key="another key"),
    "an expired token": lambda campaign: link(campaign, seconds=-1),
    "a token cut short": lambda campaign: link(campaign)[:-1],
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("way", ["page", "json"])
def test_who_holds_none_sees_nothing(house: House, campaign: str, make: object, way: str) -> None:
    assert callable(make)
    answer = house.get(make(campaign), **({"Accept": "application/json"} if way == "json" else {}))
    assert answer.status_code == 403
    assert b"autumn" not in answer.body
    assert (answer.json_body is not None) == (way == "json")


def test_a_wrong_link_does_not_tell_whether_there_is_such_a_campaign(house: House, campaign: str) -> None:
    there, not_there = (house.get(path(each, "abc.def")) for each in (campaign, "c-none"))
    assert (there.status_code, there.body) == (not_there.status_code, not_there.body)


def test_a_campaign_that_is_not_there_is_not_found(house: House) -> None:
    answer = house.get(link("c-none", more="&format=json"))
    assert answer.status_code == 404
    assert answer.json_body == {"error": "There is no campaign 'c-none'."}


def test_the_pace_beside_the_campaigns_is_no_campaign(house: House) -> None:
    house.put("campaigns", campaign_id="#account", part="pacing", rate=14)
    house.put("campaigns", campaign_id="#index", part="2026-05-01T08:00:00.000Z#c1", mail_id="autumn")
    for name in ("%23account", "%23index"):
        for subject in (name.replace("%23", "#"), DASHBOARD):
            assert house.get(path(name, token(subject))).status_code in (403, 404)
