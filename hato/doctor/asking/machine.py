"""What is installed here, and what Hato pins."""

import re
from importlib import metadata

from hato.doctor.judging.machine import Installed

_PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)")


def ask_package(name: str) -> Installed:
    """A package, as it is installed and as Hato's own requirements pin it."""
    return Installed(name, _version(name), _pins().get(name, ""))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _pins() -> dict[str, str]:
    try:
        requirements = metadata.requires("hato") or []
    except metadata.PackageNotFoundError:  # it runs from a checkout that was never installed
        return {}
    return {found[1]: found[2] for text in requirements if (found := _PINNED.match(text))}
