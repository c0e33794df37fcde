"""The other pages' routes and the API's, as API Gateway calls them."""

import json
import time
from typing import Any

import pytest

from chalicelib.domain.grant import DASHBOARD, Grant, sign
from chalicelib.domain.recipient import shard_of, shard_tag
from tests.handlers.house import LINK_KEY, House

TARO = "taro.yamada@example.com"
CREATED = "2026-05-01T08:00:00.000Z"


def token(subject: str, addresses: bool = True) -> str:
    return sign(LINK_KEY, Grant(subject, int(time.time()) + 3600, addresses))


@pytest.fixture
def campaign(house: House) -> str:
    house.put("campaigns", campaign_id="#index", part=f"{CREATED}#c1", mail_id="autumn", source="a.csv")
    values: dict[str, Any] = {"status": "finished", "mail_id": "autumn", "source": "a.csv", "created_at": CREATED}
    house.put("campaigns", campaign_id="c1", part="summary", finished_at=CREATED, rows=3, accepted=3, **values)
    shard = shard_tag(shard_of(TARO))
    accepted = {"claimed_at": CREATED, "accepted_at": CREATED, "message_id": "0100-autumn"}
    house.put("deliveries", mail_shard=f"autumn#{shard}", email=TARO, campaign_id="c1", **accepted)
    house.aws("s3").put_object(Bucket=house.bucket, Key="campaigns/c1/report.csv", Body=b"row,email\r\n")
    return "c1"


def test_all_campaigns_are_shown_to_who_holds_a_link_to_them(house: House, campaign: str) -> None:
    answer = house.get(f"/campaigns?token={token(DASHBOARD)}")
    assert answer.status_code == 200
    assert campaign in answer.body.decode()
    assert house.get(f"/campaigns?token={token(campaign)}").status_code == 403
    assert house.get("/campaigns", Accept="application/json").json_body == {"error": "This link is not valid."}


def test_a_place_that_is_none_is_no_trouble(house: House, campaign: str) -> None:
    for before in ("x", "%00", "%E9%B3%A9" * 900, ""):
        assert house.get(f"/campaigns?token={token(DASHBOARD)}&before={before}").status_code == 200


def test_the_file_with_all_rows_is_somewhere_else(house: House, campaign: str) -> None:
    answer = house.get(f"/campaigns/{campaign}/report.csv?token={token(campaign)}")
    assert (answer.status_code, answer.body) == (302, b"")
    assert f"campaigns/{campaign}/report.csv?" in answer.headers["Location"]
    assert "X-Amz-Expires=60" in answer.headers["Location"]
    assert house.get(f"/campaigns/{campaign}/report.csv?token={token(campaign, addresses=False)}").status_code == 403
    assert house.get(f"/campaigns/c2/report.csv?token={token('c2')}").status_code == 404


@pytest.mark.parametrize(("path", "subject"), [("/campaigns/c1/recipient", "c1"), ("/recipient", DASHBOARD)])
def test_one_recipients_history_is_shown_for_a_form(house: House, campaign: str, path: str, subject: str) -> None:
    answer = house.post(f"{path}?token={token(subject)}", email=" Taro.Yamada@Example.com")
    assert answer.status_code == 200
    assert "0100-autumn" in answer.body.decode()
    assert house.post(f"{path}?token={token(subject, addresses=False)}", email=TARO).status_code == 403
    assert house.post(path, email=TARO).status_code == 403
    assert house.post(f"{path}?token={token(subject)}", email="nobody").status_code == 400


def test_a_recipient_is_asked_for_by_a_form_alone(house: House, campaign: str) -> None:
    address = f"/campaigns/{campaign}/recipient?token={token(campaign)}"
    assert house.ask(f"{address}&email={TARO}").status_code in (403, 405)


@pytest.mark.parametrize("email", [TARO, "x" * 300 + "@example.com", "鳩" * 40, '"taro yamada"@example.com'])
def test_no_line_says_who_was_looked_up_nor_by_which_link(house: House, campaign: str, email: str) -> None:
    signed = token(campaign)
    with house.lines() as lines:
        house._client.http.post(
            f"/campaigns/{campaign}/recipient?token={signed}",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=f"email={email}".encode(),
        )
    written = json.dumps(lines, ensure_ascii=False)
    assert signed not in written
    assert email not in written
    assert "yamada" not in written


def test_no_line_says_where_the_file_was(house: House, campaign: str) -> None:
    with house.lines() as lines:
        answer = house.ask(f"/campaigns/{campaign}/report.csv?token={token(campaign)}")
    signature = answer.headers["Location"].partition("X-Amz-Signature=")[2]
    assert signature
    assert signature not in json.dumps(lines)


def test_a_lookup_that_breaks_says_nobodys_address(house: House, campaign: str) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise ValueError(f"{name} of {TARO}")

    house.app.wiring.contacts = Broken()
    with house.lines() as lines:
        answer = house._client.http.post(
            f"/campaigns/{campaign}/recipient?token={token(campaign)}",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=f"email={TARO}".encode(),
        )
    assert answer.status_code == 500
    assert TARO not in json.dumps(lines)
    assert TARO.encode() not in answer.body


CALLER = "arn:aws:iam::123456789012:user/reporter"


def test_a_signed_program_reads_all_campaigns_and_one(house: House, campaign: str) -> None:
    listed = house.get_as(CALLER, "/api/campaigns?limit=5").json_body
    assert [each["campaign_id"] for each in listed["campaigns"]] == [campaign]
    assert listed["before"] == ""
    one = house.get_as(CALLER, f"/api/campaigns/{campaign}").json_body
    assert (one["rows"], one["accepted"], one["balanced"]) == (3, 3, True)
    assert house.get_as(CALLER, "/api/campaigns/c2").status_code == 404
    assert house.get_as(CALLER, "/api/campaigns?limit=x").status_code == 400


@pytest.mark.parametrize("path", ["/api/campaigns", "/api/campaigns/c1", "/api/campaigns/c2"])
def test_what_api_gateway_does_not_vouch_for_is_refused_by_the_function_too(
    house: House, campaign: str, path: str
) -> None:
    answer = house.get_as("", path)
    assert answer.status_code == 403
    assert list(answer.json_body) == ["error"]


def test_every_route_of_the_api_asks_api_gateway_for_a_signature(house: House) -> None:
    for route, methods in house.app.app.routes.items():
        for entry in methods.values():
            signed = entry.authorizer is not None and entry.authorizer.name == "sigv4"
            assert signed == route.startswith("/api/"), route
