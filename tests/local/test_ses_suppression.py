"""The account's suppression list, over HTTP and called with boto3."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.local.test_ses_server import AT_ONCE, Running, refused, serving


@pytest.fixture
def running() -> Iterator[Running]:
    with serving("http://127.0.0.1:9") as simulator:
        yield simulator


def put(running: Running, *addresses: str, reason: str = "BOUNCE") -> None:
    for address in addresses:
        running.ses.put_suppressed_destination(EmailAddress=address, Reason=reason)


def listed(running: Running, **asked: Any) -> list[tuple[str, str]]:
    page = running.ses.list_suppressed_destinations(**asked)
    return [(each["EmailAddress"], each["Reason"]) for each in page["SuppressedDestinationSummaries"]]


def test_addresses_are_listed_shown_and_taken_off_again(running: Running) -> None:
    put(running, "Bob@Example.com")
    put(running, "ann+tag@example.com", reason="COMPLAINT")
    assert listed(running) == [("ann+tag@example.com", "COMPLAINT"), ("bob@example.com", "BOUNCE")]
    assert listed(running, Reasons=["BOUNCE"]) == [("bob@example.com", "BOUNCE")]
    found = running.ses.get_suppressed_destination(EmailAddress="ann+tag@example.com")["SuppressedDestination"]
    assert (found["Reason"], found["LastUpdateTime"].year > 2000) == ("COMPLAINT", True)
    running.ses.delete_suppressed_destination(EmailAddress="bob@example.com")
    assert listed(running) == [("ann+tag@example.com", "COMPLAINT")]


def test_a_long_list_comes_in_pages(running: Running) -> None:
    put(running, *(f"p{number}@example.com" for number in range(5)))
    found, more = list[str](), dict[str, str]()
    while True:
        page = running.ses.list_suppressed_destinations(PageSize=2, **more)
        found += [each["EmailAddress"] for each in page["SuppressedDestinationSummaries"]]
        if "NextToken" not in page:
            break
        more = {"NextToken": page["NextToken"]}
    assert found == [f"p{number}@example.com" for number in range(5)]


def test_an_address_that_is_not_on_the_list_is_not_found(running: Running) -> None:
    for ask in (running.ses.get_suppressed_destination, running.ses.delete_suppressed_destination):
        assert refused(lambda ask=ask: ask(EmailAddress="nobody@example.com"))[:2] == ("NotFoundException", 404)


def test_only_known_reasons_and_addresses_are_taken(running: Running) -> None:
    asked = running.ses.put_suppressed_destination
    assert refused(lambda: asked(EmailAddress="a@example.com", Reason="WEATHER"))[:2] == ("BadRequestException", 400)
    assert refused(lambda: asked(EmailAddress="a", Reason="BOUNCE"))[:2] == ("BadRequestException", 400)


@pytest.mark.parametrize(("reasons", "bounces"), [(["BOUNCE"], True), (["COMPLAINT"], False)])
def test_mail_to_an_address_on_the_list_is_taken_and_bounces_where_the_account_wants_it(
    running: Running, reasons: list[str], bounces: bool
) -> None:
    assert AT_ONCE.behaviour.hard_bounces == 0
    running.ses.put_account_suppression_attributes(SuppressedReasons=reasons)
    put(running, "bob@example.com")
    running.ses.send_email(
        FromEmailAddress="pigeon@example.com",
        Destination={"ToAddresses": ["bob@example.com"]},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        ConfigurationSetName="hato",
    )
    events = running.cloud.wait_for(1)
    assert events[0] == (("feedback", "Bounce") if bounces else ("delivery", "Delivery"))
    if bounces:
        assert json.loads(running.cloud.published[0][2])["bounce"]["bounceSubType"] == "OnAccountSuppressionList"
