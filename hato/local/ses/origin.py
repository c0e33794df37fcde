"""Whether a request to change something comes from this server's own pages."""

from __future__ import annotations

from starlette.requests import Request

_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")


def is_from_elsewhere(request: Request) -> bool:
    """Whether a browser sent it for another site; what says nothing of its origin, such as curl, is no browser.

    The host is held against this machine's names: a name of another site may have been pointed here.
    """
    port = (request.scope.get("server") or ("", None))[1]
    own = {name if port == 80 else f"{name}:{port}" for name in _OWN_NAMES}
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    if host.lower() not in own or origin not in (None, f"http://{host}"):
        return True
    return request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
