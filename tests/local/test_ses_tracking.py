"""What SES can tell of a mail, and what the mail's page says where it cannot."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from botocore.exceptions import EndpointConnectionError
from starlette.requests import Request
from starlette.responses import Response

from hato.local.ses.address import read_mailbox
from hato.local.ses.cloud import ConfigurationSet, read_configuration_set
from hato.local.ses.draft import Content, Draft, Tracking
from hato.local.ses.message import Message, accept
from hato.local.ses.pages import Pages
from hato.local.ses.server import one_at_a_time
from hato.local.ses.simulator import Simulator
from hato.local.ses.step import Kind, Trackable
from hato.local.ses.tracking import NO_SET, SET_IS_GONE, obstacles, trackable
from tests.local.test_ses_server import AT_ONCE, DESTINATIONS, FakeCloud

NOW, LINK = 1_790_000_000.0, "https://example.com"
CONTENT = Content("s", "t", f"<a href='{LINK}'>x</a>")
ALL_TRACKED = Tracking()
DEPLOYED = read_configuration_set("hato", {}, DESTINATIONS)
BY_HAND = [Kind.OPEN, Kind.CLICK, Kind.COMPLAINT, Kind.BOUNCE]


def draft(content: Content = CONTENT, configuration_set: str = "hato", tracking: Tracking = ALL_TRACKED) -> Draft:
    to = [read_mailbox("ann@example.com")]
    mail = Draft(read_mailbox("news@example.com"), to, content, "SendEmail", configuration_set=configuration_set)
    return replace(mail, tracking=tracking)


def message(**more: object) -> Message:
    return accept(draft(**more), "0100-id-000000", NOW, "example.com")  # type: ignore[arg-type]


@dataclass
class FailingCloud(FakeCloud):
    """An emulator that can go away."""

    is_gone: bool = field(default=False)

    def configuration_set(self, name: str) -> ConfigurationSet | None:
        if self.is_gone:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
        return super().configuration_set(name)


def test_a_mail_that_all_is_tracked_of_has_no_obstacle() -> None:
    assert obstacles(message(), DEPLOYED) == {}
    assert trackable(message(), DEPLOYED) == Trackable(opens=True, links=(LINK,))


@pytest.mark.parametrize(("name", "sentence"), [("", NO_SET), ("hato", SET_IS_GONE)])
def test_without_a_configuration_set_nothing_is_told_of(name: str, sentence: str) -> None:
    assert obstacles(message(configuration_set=name), None) == dict.fromkeys(BY_HAND, sentence)
    assert trackable(message(configuration_set=name), None) == Trackable(opens=False)


def test_every_kind_must_be_asked_for() -> None:
    of_deliveries = read_configuration_set("hato", {}, DESTINATIONS[1:2])
    sentences = obstacles(message(), of_deliveries)
    assert list(sentences) == BY_HAND
    assert len(set(sentences.values())) == 4
    assert trackable(message(), of_deliveries) == Trackable(opens=False)


@pytest.mark.parametrize(
    ("content", "tracking", "missing"),
    [
        (CONTENT, Tracking(opens=False), {Kind.OPEN: "The mail was sent with open tracking switched off."}),
        (CONTENT, Tracking(clicks=False), {Kind.CLICK: "The mail was sent with click tracking switched off."}),
        (Content("s", "t", "<p>x</p>"), ALL_TRACKED, {Kind.CLICK: "The mail has no link that SES would track."}),
        (
            Content("s", LINK),
            ALL_TRACKED,
            {Kind.OPEN: "The mail has no HTML part, and only there SES can see an open."},
        ),
    ],
)
def test_what_lies_in_the_mail_itself_is_named(content: Content, tracking: Tracking, missing: dict[Kind, str]) -> None:
    assert obstacles(message(content=content, tracking=tracking), DEPLOYED) == missing


def asked(simulator: Simulator, message_id: str, event: str = "") -> Response:
    """The page of a mail, or the answer to its form."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": event.encode(), "more_body": False}

    scope = {"type": "http", "method": "GET", "headers": [(b"host", b"localhost:1")], "server": ("127.0.0.1", 1)}
    request = Request({**scope, "path_params": {"message_id": message_id}}, receive)
    pages = Pages(simulator, one_at_a_time())
    return asyncio.run(pages.react(request) if event else pages.message(request))


def test_while_the_emulator_does_not_answer_the_mail_is_shown_and_nothing_can_be_made_to_happen() -> None:
    simulator = Simulator(AT_ONCE, cloud := FailingCloud(), "us-east-1", clock=lambda: NOW)
    message_id = simulator.send_one(draft())
    assert b'value="open"' in asked(simulator, message_id).body
    cloud.is_gone = True
    page = asked(simulator, message_id)
    assert (page.status_code, b'value="open"' in page.body) == (200, False)
    assert b"The emulator, which keeps the configuration sets, does not answer." in page.body
    refusal = asked(simulator, message_id, "event=open")
    assert (refusal.status_code, b"does not answer" in refusal.body) == (503, True)
    cloud.is_gone = False
    assert asked(simulator, message_id, "event=open").status_code == 303
