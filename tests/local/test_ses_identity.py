"""Who may send, and who is left out, as the simulator tells it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from hato.local.ses.cloud import Emulator
from tests.local.test_ses_server import Running, refused, serving


class IdentitiesOnTwoPages(BaseHTTPRequestHandler):
    """An emulator that tells one identity a page, and the time as no other server does."""

    def do_GET(self) -> None:
        self._answer(self.path)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["content-length"])).decode())

    def _answer(self, asked: str) -> None:
        second = {"EmailIdentities": [{"IdentityName": "Ann@Example.org", "IdentityType": "EMAIL_ADDRESS"}]}
        first = {"EmailIdentities": [{"IdentityName": "example.com", "IdentityType": "DOMAIN"}], "NextToken": "more"}
        body = json.dumps(second if "NextToken" in asked else first).encode()
        self.send_response_only(200)
        self.send_header("date", "Thu, 01 Jan 1970 00:00:00 GMT")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def running() -> Iterator[Running]:
    with serving("http://127.0.0.1:9") as simulator:
        yield simulator


@contextmanager
def emulator() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), IdentitiesOnTwoPages) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def identity(running: Running, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = running.ses.get_email_identity(EmailIdentity=name)
    return answer


@pytest.mark.parametrize(("name", "kind"), [("a+b@example.org", "EMAIL_ADDRESS"), ("example.org", "DOMAIN")])
def test_outside_the_sandbox_any_identity_is_verified_and_signed(running: Running, name: str, kind: str) -> None:
    answer = identity(running, name)
    assert (answer["IdentityType"], answer["VerifiedForSendingStatus"]) == (kind, True)
    assert (answer["DkimAttributes"]["SigningEnabled"], answer["DkimAttributes"]["Status"]) == (True, "SUCCESS")
    assert "MailFromDomain" not in answer["MailFromAttributes"]


def test_in_the_sandbox_only_verified_identities_are_there(running: Running) -> None:
    running.http("PUT", "/_simulator/settings", '{"sandbox": true}')
    assert identity(running, "Example.com")["VerifiedForSendingStatus"] is True
    code, status, message = refused(lambda: identity(running, "bob@example.com"))
    assert (code, status, message) == ("NotFoundException", 404, "Email identity <bob@example.com> does not exist.")


def test_the_reasons_to_suppress_an_address_are_kept(running: Running) -> None:
    def reasons() -> list[str]:
        found: list[str] = running.ses.get_account()["SuppressionAttributes"]["SuppressedReasons"]
        return found

    assert reasons() == ["BOUNCE", "COMPLAINT"]
    running.ses.put_account_suppression_attributes(SuppressedReasons=["COMPLAINT"])
    assert reasons() == ["COMPLAINT"]
    asked = running.ses.put_account_suppression_attributes
    assert refused(lambda: asked(SuppressedReasons=["WEATHER"]))[:2] == ("BadRequestException", 400)
    assert reasons() == ["COMPLAINT"]
    asked(SuppressedReasons=[])
    assert reasons() == []


def test_the_emulators_identities_are_read_to_the_last_page() -> None:
    with emulator() as url:
        assert Emulator(url, "us-east-1").verified_identities() == {"example.com", "ann@example.org"}


def test_an_answer_that_is_handed_on_has_one_date_and_it_is_ours() -> None:
    with emulator() as url, serving(url) as simulator:
        _, headers, _ = simulator.http("GET", "/v2/email/dedicated-ips")
    assert headers["date"].count("GMT") == 1
    assert "1970" not in headers["date"]
