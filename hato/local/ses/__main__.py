"""`python -m hato.local.ses`: the SES simulator, beside an emulator with SNS and configuration sets."""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import sys
from dataclasses import replace

import uvicorn

from hato.local.ses.cloud import Emulator
from hato.local.ses.connection import BreakableConnection
from hato.local.ses.server import make_app
from hato.local.ses.settings import BadSetting, Settings
from hato.local.ses.workers import EmulatorWorkers

HOST = "127.0.0.1"


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = _settings(options)
    except BadSetting as why:
        sys.stderr.write(f"{why}\n")
        return 2
    endpoint_url = options.aws_endpoint_url
    cloud, workers = Emulator(endpoint_url, options.region), EmulatorWorkers(endpoint_url)
    app = make_app(settings, cloud, workers, endpoint_url, options.region)
    with socket.create_server((HOST, options.port)) as listener:
        sys.stdout.write(f"SES simulator on http://{HOST}:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        # uvicorn raises the signal again once it has shut down; being told to end is no failure.
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        signal.signal(signal.SIGINT, lambda number, frame: None)
        server(app).run(sockets=[listener])
    return 0


def server(app: object) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,  # type: ignore[arg-type]
            http=BreakableConnection,
            log_level="warning",
            access_log=False,
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )


def _settings(options: argparse.Namespace) -> Settings:
    given = {name: getattr(options, name) for name in vars(options) if hasattr(Settings, name)}
    sandbox = given.pop("sandbox")
    start = Settings().changed({"sandbox": True}) if sandbox else Settings()
    return replace(start).changed({name: value for name, value in given.items() if value is not None})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hato.local.ses", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free one")
    parser.add_argument("--aws-endpoint-url", required=True, help="the emulator's address")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--rate", type=float, help="recipients a second (100)")
    parser.add_argument("--daily-quota", type=float, help="recipients in any 24 hours (50000), -1 for no limit")
    parser.add_argument("--sandbox", action="store_true", help="1 a second, 200 a day, verified recipients only")
    parser.add_argument("--seed", type=int, help="what recipients do depends on it (1)")
    parser.add_argument("--event-rate", type=float, help="the most events published a second (100)")
    parser.add_argument("--delivery-delay", type=float, help="the longest, in seconds (0.5)")
    parser.add_argument("--engagement-delay", type=float, help="the longest, in seconds (3)")
    parser.add_argument("--time-lapse", type=float, help="how many seconds of these delays pass in a real one (1)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
