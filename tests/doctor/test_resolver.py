"""This machine's resolver, against a DNS server on the loopback interface."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from hato.doctor.asking.resolver import SystemResolver
from hato.doctor.finding import NotKnown

RECORDS = {
    ("example.com.", "TXT"): ['"v=spf1 include:amazon" "ses.com ~all"', '"other"'],
    ("example.com.", "MX"): ["20 Second.Example.NET.", "10 first.example.net."],
    ("null.example.", "MX"): ["0 ."],
}


def answer(request: bytes) -> bytes:
    query = dns.message.from_wire(request)
    (question,) = query.question
    name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
    reply = dns.message.make_response(query)
    if name == "broken.example.":
        reply.set_rcode(dns.rcode.SERVFAIL)
    elif records := RECORDS.get((name, kind)):
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
    elif name not in {each for each, _ in RECORDS}:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply.to_wire()


@contextmanager
def serving(answers: bool) -> Iterator[SystemResolver]:
    """A resolver whose only server is ours, which may keep silent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        address = server.getsockname()

        def serve() -> None:
            while True:
                request, caller = server.recvfrom(4096)
                if not request:
                    return
                if answers:
                    server.sendto(answer(request), caller)

        thread = threading.Thread(target=serve)
        thread.start()
        asked = dns.resolver.Resolver(configure=False)
        asked.nameservers, asked.port = [address[0]], address[1]
        try:
            yield SystemResolver(asked, seconds=5.0 if answers else 0.2)
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", address)
            thread.join()


@pytest.fixture(scope="module")
def resolver() -> Iterator[SystemResolver]:
    with serving(answers=True) as found:
        yield found


def test_the_parts_of_a_text_are_put_together(resolver: SystemResolver) -> None:
    assert set(resolver.texts("example.com")) == {"v=spf1 include:amazonses.com ~all", "other"}


def test_mail_hosts_come_in_lower_case_with_the_preferred_first(resolver: SystemResolver) -> None:
    assert resolver.mail_hosts("example.com") == ("first.example.net", "second.example.net")


def test_a_domain_that_says_it_takes_no_mail_has_the_host_dot(resolver: SystemResolver) -> None:
    assert resolver.mail_hosts("null.example") == (".",)


def test_a_name_or_a_record_that_is_not_there_is_no_record(resolver: SystemResolver) -> None:
    assert resolver.texts("_dmarc.example.com") == ()
    assert resolver.texts("null.example") == ()


def test_a_server_in_trouble_and_a_name_that_cannot_be_are_not_known(resolver: SystemResolver) -> None:
    for name in ("broken.example", "x" * 64 + ".example"):
        with pytest.raises(NotKnown, match="The DNS does not answer"):
            resolver.texts(name)


def test_a_silent_server_is_given_up() -> None:
    with serving(answers=False) as silent, pytest.raises(NotKnown, match=r"does not answer for example\.com"):
        silent.mail_hosts("example.com")
