"""The JSON API: for those alone whom API Gateway has recognized by their signature."""

from typing import Any

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.web.routes.api import Api
from tests.fakes.campaigns import FakeCampaigns
from tests.web.visits import is_private

SIGNED = {"identity": {"userArn": "arn:aws:iam::123456789012:user/reporter", "sourceIp": "192.0.2.1"}}
UNSIGNED: list[dict[str, Any]] = [
    {},
    {"identity": None},
    {"identity": {}},
    {"identity": {"userArn": None, "sourceIp": "192.0.2.1"}},
    {"identity": {"userArn": ""}},
]


class NoCampaigns(FakeCampaigns):
    """A store that nobody may ask."""

    def newest(self, limit: int, before: str = "") -> Any:
        raise AssertionError("asked")

    def report(self, campaign_id: str) -> Any:
        raise AssertionError("asked")


def some(count: int) -> FakeCampaigns:
    campaigns = FakeCampaigns()
    for number in range(count):
        campaigns.create(f"c-{number:03d}", "lists/m/a.csv", "m", f"2026-04-01T08:00:00.{number:03d}Z")
    return campaigns


@pytest.mark.parametrize("context", UNSIGNED)
def test_nothing_is_answered_nor_even_read_for_who_is_not_known(context: dict[str, Any]) -> None:
    api = Api(NoCampaigns())
    for status, headers, body in (api.list(context, {}), api.report(context, "c-000")):
        assert status == 403
        assert list(body) == ["error"]
        assert is_private(headers)


def test_a_campaigns_numbers_are_those_of_its_report() -> None:
    campaigns = some(1)
    status, headers, body = Api(campaigns).report(SIGNED, "c-000")
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert is_private(headers)
    assert body == campaigns.report("c-000").to_document()


def test_a_campaign_that_is_not_there_is_not_found() -> None:
    status, _, body = Api(some(1)).report(SIGNED, "c-999")
    assert status == 404
    assert list(body) == ["error"]


def test_the_campaigns_are_listed_the_newest_first_some_at_a_time() -> None:
    api, query, seen = Api(some(45)), {"limit": "20"}, list[str]()
    for _ in range(3):
        status, _, body = api.list(SIGNED, query)
        assert status == 200
        seen += [each["campaign_id"] for each in body["campaigns"]]
        query["before"] = body["before"]
    assert query["before"] == ""
    assert seen == [f"c-{number:03d}" for number in reversed(range(45))]


def test_twenty_are_listed_where_nobody_says_how_many() -> None:
    assert len(Api(some(30)).list(SIGNED, {})[2]["campaigns"]) == 20


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "", "ten", "٣", "9" * 5000, "1 "])
def test_a_limit_that_is_none_is_refused(limit: str) -> None:
    status, _, body = Api(NoCampaigns()).list(SIGNED, {"limit": limit})
    assert status == 400
    assert body == {"error": "limit is a whole number from 1 to 100."}


def test_a_campaign_under_way_is_listed_without_ends_that_are_not_known_yet() -> None:
    campaigns = some(1)
    campaigns.prepared("c-000", "m", "arn", {"rows": 10, "invalid": 1, "duplicate": 2, "batches": 3})
    ends = {kind.value for kind in OutcomeKind}
    (listed,) = Api(campaigns).list(SIGNED, {})[2]["campaigns"]
    assert (listed["status"], listed["rows"], listed["batches"]) == ("sending", 10, 3)
    assert not ends & listed.keys()
    totals = dict.fromkeys(ends, 0) | {"accepted": 7, "invalid": 1, "duplicate": 2}
    campaigns.finish("c-000", Status.FINISHED, "", totals, "2026-04-01T09:00:00.000Z")
    (listed,) = Api(campaigns).list(SIGNED, {})[2]["campaigns"]
    assert totals.items() <= listed.items()
    assert "delivered" not in listed
