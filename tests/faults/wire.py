"""Both ends of the proxy in raw bytes: a client, and a server that keeps what it was sent."""

import socket
import threading

ANSWER = (
    b"HTTP/1.1 200 Fine\r\nX-ODD-Case:  two  spaces\r\nX-Twice: 1\r\nX-Twice: 2\r\n"
    b"Content-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}"
)


SCOPE = b"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0"
GET_ITEM = (
    b"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: " + SCOPE % b"dynamodb" + b"\r\n"
    b"X-Amz-Target: DynamoDB_20120810.GetItem\r\nContent-Length: 2\r\n\r\n{}"
)


def ask(port: int, request: bytes) -> bytes:
    """The answer to these bytes; ConnectionResetError where there is none."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return read_message(connection)


class KeepingServer:
    """Every connection brings one request and takes one answer."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        self.answer = ANSWER
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed
                return
            with connection:
                self.requests.append(read_message(connection))
                connection.sendall(self.answer)


def read_message(connection: socket.socket) -> bytes:
    """One HTTP message that tells its length or comes in chunks."""
    got = b""
    while not _is_whole(got) and (some := connection.recv(65536)):
        got += some
    return got


def _is_whole(got: bytes) -> bool:
    head, ended, body = got.lower().partition(b"\r\n\r\n")
    if b"chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
    return bool(ended) and len(body) >= int(length or 0)
