"""The simulator as a web application, on this machine's loopback interface only."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route

from hato.local.ses.cloud import Cloud, RecentCloud
from hato.local.ses.control import Control
from hato.local.ses.outbound import Outbound
from hato.local.ses.pages import Pages
from hato.local.ses.passthrough import Passthrough
from hato.local.ses.publisher import Publisher, Workers
from hato.local.ses.sending import Sending
from hato.local.ses.settings import Settings
from hato.local.ses.simulator import Simulator

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]


def make_app(settings: Settings, cloud: Cloud, workers: Workers, endpoint_url: str, region: str) -> Starlette:
    """The application; its publisher runs from its start to its end."""
    cloud = RecentCloud(cloud)
    simulator = Simulator(settings, cloud, region)
    sending = Sending(simulator)
    publisher = Publisher(simulator.events, cloud, workers, region, lambda: simulator.settings.event_rate)
    turn = one_at_a_time()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        publisher.start()
        try:
            yield
        finally:
            publisher.stop()

    routes = [
        *Outbound(simulator, sending, turn).routes(),
        *Control(simulator, sending.counts, publisher, turn).routes(),
        *Pages(simulator, turn).routes(),
        Route("/v2/email/{path:path}", Passthrough(endpoint_url).__call__, methods=METHODS),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def one_at_a_time() -> Callable[..., Any]:
    """Calls under one lock: the account, the inbox and the log change together."""
    lock = threading.Lock()

    def turn(call: Callable[..., Any], *arguments: object) -> Any:
        with lock:
            return call(*arguments)

    return turn
