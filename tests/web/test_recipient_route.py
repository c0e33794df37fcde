"""One recipient's history: for who may see addresses, and by a form alone."""

from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from chalicelib.domain.grant import DASHBOARD
from chalicelib.invocation import invocation
from chalicelib.web.page import Answer
from chalicelib.web.routes.recipient import RecipientRoute
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.contacts import FakeContacts
from tests.fakes.deliveries import FakeDeliveries
from tests.web.visits import INVALID, NO_ADDRESSES, WRONG, gate, is_private, request, token

TARO = "taro@example.com"


@pytest.fixture
def deliveries() -> FakeDeliveries:
    return FakeDeliveries(
        {
            ("m-1", TARO): {
                "campaign_id": "c-1",
                "claimed_at": "2026-04-01T08:00:00.000Z",
                "accepted_at": "2026-04-01T08:00:01.000Z",
                "message_id": "0100-first",
            },
            ("m-2", TARO): {
                "campaign_id": "c-2",
                "claimed_at": "2026-04-02T08:00:00.000Z",
                "failed_at": "2026-04-02T08:00:01.000Z",
                "reason": "Refused for <b>good</b>.",
            },
            ("m-1", "jiro@example.com"): {"campaign_id": "c-1", "claimed_at": "2026-04-01T08:00:00.000Z"},
        }
    )


def campaigns() -> FakeCampaigns:
    found = FakeCampaigns()
    for number in (1, 2):
        found.create(f"c-{number}", "lists/a.csv", f"m-{number}", f"2026-04-0{number}T08:00:00.000Z")
        found.keep_links(f"c-{number}", [f"https://example.com/{number}"])
    return found


def post(
    deliveries: FakeDeliveries,
    token: str | None,
    email: str = TARO,
    campaign_id: str = "c-1",
    contacts: FakeContacts | None = None,
    **headers: str,
) -> Answer:
    route = RecipientRoute(gate(), campaigns(), contacts or FakeContacts(), deliveries)
    return route(campaign_id, request(token, urlencode({"email": email}).encode(), **headers))


@pytest.mark.parametrize(("wrong", "why"), WRONG.values(), ids=WRONG)
def test_nothing_is_shown_nor_even_read_without_the_right_link(
    deliveries: FakeDeliveries, wrong: str | None, why: str
) -> None:
    status, headers, body = post(deliveries, wrong)
    assert status == 403
    assert why in body
    assert "taro" not in body
    assert is_private(headers)
    assert deliveries.asked == []


@pytest.mark.parametrize(("subject", "campaign_id"), [("c-1", "c-1"), (DASHBOARD, "c-1"), (DASHBOARD, "")])
def test_a_link_that_shows_no_addresses_says_so(deliveries: FakeDeliveries, subject: str, campaign_id: str) -> None:
    status, _, body = post(deliveries, token(subject), campaign_id=campaign_id)
    assert status == 403
    assert NO_ADDRESSES in body
    assert deliveries.asked == []


def test_a_campaigns_link_does_not_open_the_dashboards_form(deliveries: FakeDeliveries) -> None:
    status, _, body = post(deliveries, token("c-1", addresses=True), campaign_id="")
    assert status == 403
    assert INVALID in body


def test_a_campaigns_link_shows_its_own_mail_alone(deliveries: FakeDeliveries) -> None:
    status, _, body = post(deliveries, token("c-1", addresses=True))
    assert status == 200
    assert "0100-first" in body
    assert "Refused for" not in body
    assert deliveries.asked == [(TARO, ["m-1"])]


@pytest.mark.parametrize(("subject", "campaign_id"), [(DASHBOARD, "c-1"), (DASHBOARD, "")])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_all_mails_to_the_address_are_shown_the_newest_first(
    deliveries: FakeDeliveries, subject: str, campaign_id: str, language: str
) -> None:
    signed = token(subject, addresses=True)
    status, headers, body = post(deliveries, signed, campaign_id=campaign_id, accept_language=language)
    assert (status, headers["Content-Language"]) == (200, language)
    assert is_private(headers)
    assert TARO in body
    assert body.index("m-2") < body.index("m-1")
    assert "0100-first" in body
    assert "Refused for &lt;b&gt;good&lt;/b&gt;." in body


@pytest.mark.parametrize(("campaign_id", "path"), [("c-1", "/api/campaigns/c-1"), ("", "/api/campaigns")])
def test_the_way_back_leads_to_the_page_with_the_form(deliveries: FakeDeliveries, campaign_id: str, path: str) -> None:
    signed = token(DASHBOARD, addresses=True)
    _, _, body = post(deliveries, signed, campaign_id=campaign_id)
    here = f"https://x/api/campaigns/{campaign_id}/recipient" if campaign_id else "https://x/api/recipient"
    (back,) = [part.split('"')[0] for part in body.split('href="')[1:] if "token=" in part.split('"')[0]]
    assert urlsplit(urljoin(here, back)).path == path
    assert urlencode({"token": signed}) in back


def test_an_address_is_found_however_it_is_typed(deliveries: FakeDeliveries) -> None:
    _, _, body = post(deliveries, token(addresses=True), "  Taro <TARO@Example.com> ")
    assert "0100-first" in body
    assert [email for email, _ in deliveries.asked] == [TARO]


def test_what_stands_against_writing_to_it_is_said(deliveries: FakeDeliveries) -> None:
    contacts = FakeContacts()
    contacts.unsubscribe(TARO, "2026-04-03T08:00:00.000Z")
    _, _, body = post(deliveries, token(addresses=True), contacts=contacts)
    assert "The contact is not written to." in body
    assert "The contact is not written to." not in post(deliveries, token(addresses=True))[2]


def test_an_address_that_nobody_knows_has_a_page_that_says_so(deliveries: FakeDeliveries) -> None:
    status, _, body = post(deliveries, token(addresses=True), "hanako@example.com")
    assert status == 200
    assert "hanako@example.com" in body


@pytest.mark.parametrize("typed", ["", "taro", "taro@", "<script>@example.com", "a" * 5000, "\0"])
def test_what_is_no_address_is_refused_and_not_repeated(deliveries: FakeDeliveries, typed: str) -> None:
    status, _, body = post(deliveries, token(addresses=True), typed)
    assert status == 400
    assert deliveries.asked == []
    assert "<script>@" not in body


@pytest.mark.parametrize("body", [b"", b"email", b"\xff\xfe=\xff", b"&".join([b"email=a"] * 50), b"{}"])
def test_a_body_that_is_no_form_of_ours_holds_no_address(deliveries: FakeDeliveries, body: bytes) -> None:
    route = RecipientRoute(gate(), campaigns(), FakeContacts(), deliveries)
    assert route("c-1", request(token(addresses=True), body))[0] == 400


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403), ("odd", 403)]
)
def test_a_form_on_somebody_elses_page_is_not_answered(deliveries: FakeDeliveries, site: str, status: int) -> None:
    answer: Any = post(deliveries, token(addresses=True), sec_fetch_site=site)
    assert answer[0] == status
    assert (TARO in answer[2]) == (status == 200)


def test_no_line_of_the_log_will_hold_the_address(deliveries: FakeDeliveries) -> None:
    invocation.begin()
    post(deliveries, token(addresses=True), "taro.yamada@example.com")
    assert "taro.yamada@example.com" in invocation.secrets
    invocation.begin()
