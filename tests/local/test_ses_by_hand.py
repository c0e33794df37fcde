"""Events that somebody makes happen on a mail's page."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from hato.local.ses.settings import Behaviour
from tests.local.test_ses_server import AT_ONCE, Running, bulk, entry, serving, simple

NOWHERE = "http://127.0.0.1:9"
QUIET = replace(AT_ONCE, behaviour=Behaviour(0, 0, delays=0, complaints=0, opens=0, bots=0))
LINKS = ("https://example.com/a?x=1&y=2", "https://example.com/" + "long/" * 20 + "end")
HTML = f'<a href="{LINKS[0].replace("&", "&amp;")}">a</a> <a href="{LINKS[1]}">b</a>'


@pytest.fixture
def running() -> Iterator[Running]:
    with serving(NOWHERE, QUIET) as simulator:
        yield simulator


def sent(running: Running, *to: str, html: str = HTML, **more: Any) -> str:
    """The id of one mail with two links that is tracked."""
    content = {"Template": {"TemplateContent": {"Subject": "s", "Html": html}, "TemplateData": "{}"}}
    mail = entry("x", Destination={"ToAddresses": list(to or ["ann@example.com"])})
    message_id: str = bulk(running, mail, DefaultContent=content, **more)[0]["MessageId"]
    return message_id


def press(running: Running, message_id: str, headers: dict[str, str] | None = None, **fields: str) -> tuple[int, str]:
    """The answer's status, and where it leads or what it says."""
    return post(running, message_id, urlencode(fields), headers or {})


def post(running: Running, message_id: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
    form = {"content-type": "application/x-www-form-urlencoded", **headers}
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    try:
        connection.request("POST", f"/inbox/{message_id}/events", body, form)
        answer = connection.getresponse()
        return answer.status, answer.headers["location"] or answer.read().decode()
    finally:
        connection.close()


def shown(running: Running, message_id: str) -> str:
    return running.http("GET", f"/inbox/{message_id}")[2].decode()


def told(running: Running, key: str) -> dict[str, Any]:
    """The body of the last event that was published, once there are two: the first is the delivery."""
    running.cloud.wait_for(2)
    event = json.loads(running.cloud.published[-1][2])
    return {"recipient": event["mail"]["destination"][0], **event[key]}


def events(running: Running) -> list[str]:
    return [event["kind"] for event in running.lines("/_simulator/events")]


def test_a_button_makes_it_happen_and_leads_back_to_the_mail(running: Running) -> None:
    message_id = sent(running)
    assert press(running, message_id, event="open") == (303, f"/inbox/{message_id}#events")
    opened = told(running, "open")
    assert (opened["recipient"], opened["isBotEvent"]) == ("ann@example.com", "Unlikely")
    assert running.cloud.wait_for(2)[-1] == ("engagement", "Open")
    assert events(running) == ["Send", "Delivery", "Open"]
    assert ">Open</span>" in shown(running, message_id)


@pytest.mark.parametrize("link", LINKS)
def test_each_link_has_a_button_that_clicks_it(running: Running, link: str) -> None:
    message_id = sent(running)
    page = shown(running, message_id)
    assert page.count('name="link"') == 2
    escaped = link.replace("&", "&amp;")
    assert f'value="{escaped}" title="{escaped}">' in page
    assert press(running, message_id, link=link)[0] == 303
    assert told(running, "click")["link"] == link
    assert running.lines("/_simulator/events")[-1]["link"] == link


def test_a_long_link_is_shown_short_by_its_beginning_and_its_end(running: Running) -> None:
    page = shown(running, sent(running))
    assert "<span>example.com/a?x=1&amp;y=2</span>" in page
    assert "<span>example.com/long/long/long/lon…/long/long/long/long/long/end</span>" in page


def test_a_scanner_can_be_played(running: Running) -> None:
    message_id = sent(running)
    press(running, message_id, event="open", scanner="on")
    assert told(running, "open")["isBotEvent"] == "Likely"
    assert running.lines("/_simulator/events")[-1]["bot"] is True
    assert "by a scanner" in shown(running, message_id)


@pytest.mark.parametrize(("event", "detail"), [("complaint", ""), ("bounce", "Permanent/General")])
def test_complaints_and_hard_bounces_can_be_made(running: Running, event: str, detail: str) -> None:
    press(running, sent(running), event=event, scanner="on")
    assert told(running, event)["recipient"] == "ann@example.com"
    last = running.lines("/_simulator/events")[-1]
    assert (last["kind"], last["detail"], last["bot"]) == (event.capitalize(), detail, False)


def test_of_several_recipients_one_is_chosen(running: Running) -> None:
    message_id = sent(running, "ann@example.com", "bob@example.com")
    assert "<option>bob@example.com</option>" in shown(running, message_id)
    press(running, message_id, event="open", recipient="bob@example.com")
    assert running.lines("/_simulator/events")[-1]["recipient"] == "bob@example.com"
    assert press(running, message_id, event="open")[0] == 400
    assert "<select" not in shown(running, sent(running))


def test_it_happens_now_in_told_time_and_at_once_in_real_time(running: Running) -> None:
    running.http("PUT", "/_simulator/settings", '{"time_lapse": 1000000}')
    message_id = sent(running)
    press(running, message_id, event="open")
    running.cloud.wait_for(2)
    sent_at, opened_at = (running.lines("/_simulator/events")[number]["at"] for number in (0, 2))
    assert opened_at[:16] > sent_at[:16]  # by minutes, and at most for seconds it went on


@pytest.mark.parametrize(
    ("more", "gone", "sentence"),
    [
        ({"ConfigurationSetName": ""}, ["open", "link", "bounce", "complaint"], "no configuration set"),
        (
            {"ConfigurationSetName": "silent"},
            ["open", "link", "bounce"],
            "No event destination of the configuration set",
        ),
        ({"html": "<p>no link</p>"}, ["link"], "The mail has no link"),
        (
            {"ConfigurationOverrides": {"Tracking": {"OpenTrackingEnabled": "DISABLED"}}},
            ["open"],
            "The mail was sent with open tracking switched off.",
        ),
        (
            {"ConfigurationOverrides": {"Tracking": {"ClickTrackingEnabled": "DISABLED"}}},
            ["link"],
            "The mail was sent with click tracking switched off.",
        ),
    ],
)
def test_a_button_that_would_tell_nobody_is_not_there_and_the_page_says_why(
    running: Running, more: dict[str, Any], gone: list[str], sentence: str
) -> None:
    message_id = sent(running, **more)
    page = shown(running, message_id)
    buttons = {what: f'value="{what}"' in page or f'name="{what}"' in page for what in ("open", "link", "bounce")}
    assert buttons == {what: what not in gone for what in buttons}
    assert page.count(sentence) == (4 if "silent" in more.values() else 1)
    for what in gone:
        fields = {"link": LINKS[0]} if what == "link" else {"event": what}
        assert press(running, message_id, **fields)[0] == 400
    assert set(events(running)) == {"Send", "Delivery"}


def test_a_plain_mail_cannot_be_opened(running: Running) -> None:
    message_id = simple(running, ConfigurationSetName="hato")
    assert "The mail has no HTML part" in shown(running, message_id)
    status, said = press(running, message_id, event="open")
    assert (status, "The mail has no HTML part" in said) == (400, True)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "event=",
        "event=nap",
        "open",
        "event=open&event=click",
        "event=open&recipient=bob%40example.com",
        "event=click",
        "event=click&link=https%3A%2F%2Felsewhere.example",
        "event=%FF",
        "&".join(f"f{number}=1" for number in range(11)),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_with_a_sentence(running: Running, body: str) -> None:
    status, said = post(running, sent(running), body, {})
    assert status == 400
    assert '<p class="empty soft">The form ' in said
    assert events(running) == ["Send", "Delivery"]


def test_a_mail_that_is_not_there_cannot_be_opened(running: Running) -> None:
    status, said = press(running, "none", event="open")
    assert (status, "No such mail" in said) == (404, True)
