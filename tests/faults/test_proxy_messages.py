"""What no fault befalls passes the proxy unchanged."""

import socket

import pytest

from hato.faults import status
from hato.local.processes import free_port
from tests.faults.conftest import StartProxy
from tests.faults.wire import ANSWER, GET_ITEM, KeepingServer, ask, read_message


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"PUT //a%2Fb/%C3%BC+c?x=1&&y=%20 HTTP/1.1\r\nhost: somewhere.else:1\r\nX-ODD:  a  b \r\nx-odd: c\r\n"
        b"Content-Length: 5\r\n\r\n\x00\r\n\xff\x80",
        b"PUT /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;s=1\r\nabc\r\n1\r\n\n\r\n0\r\n\r\n",
        b"GET /?list HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["odd", "chunked", "bodiless"],
)
def test_requests_and_answers_pass_byte_for_byte(
    start_proxy: StartProxy, server: KeepingServer, request_bytes: bytes
) -> None:
    assert ask(start_proxy(), request_bytes) == ANSWER
    assert server.requests == [request_bytes]


def test_an_answer_without_a_body_is_no_shorter_and_no_longer(start_proxy: StartProxy, server: KeepingServer) -> None:
    port = start_proxy()
    server.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\nConnection: close\r\n\r\n"
    assert ask(port, b"HEAD /key HTTP/1.1\r\nHost: x\r\n\r\n") == server.answer
    server.answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
    assert ask(port, b"DELETE /key HTTP/1.1\r\nHost: x\r\n\r\n") == server.answer
    server.answer = b"HTTP/1.1 200 OK\r\n\r\nuntil the end"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /key HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"".join(iter(lambda: connection.recv(4096), b"")) == server.answer


def test_who_asks_before_an_upload_is_told_to_go_on(start_proxy: StartProxy, server: KeepingServer) -> None:
    head = b"PUT /key HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
    server.answer = b"HTTP/1.1 100 Continue\r\n\r\n" + ANSWER
    with socket.create_connection(("127.0.0.1", start_proxy()), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"body")
        assert read_message(connection) == ANSWER
    assert server.requests == [head + b"body"]


def test_without_the_server_behind_it_the_connection_ends_and_nothing_is_made_up(start_proxy: StartProxy) -> None:
    port = start_proxy(f"http://127.0.0.1:{free_port()}")
    assert ask(port, GET_ITEM) == b""
    assert status(port) == {"requests": 1, "throttles": 0, "resets_before": 0, "resets_after": 0, "operations": {}}
