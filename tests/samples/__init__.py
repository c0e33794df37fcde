"""Payloads as SES publishes them, made up for the tests: `ses_<name>.json`."""

import json
from pathlib import Path
from typing import Any

SES: dict[str, str] = {
    path.stem.removeprefix("ses_"): path.read_text(encoding="utf-8")
    for path in sorted(Path(__file__).parent.glob("ses_*.json"))
}


def ses(name: str) -> dict[str, Any]:
    """A fresh copy of the payload, to change as a test likes."""
    document: dict[str, Any] = json.loads(SES[name])
    return document
