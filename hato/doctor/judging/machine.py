"""The programs on this machine: Python, and the packages that Hato was tested with."""

from dataclasses import dataclass

from hato.doctor.finding import Finding, Mark
from hato.doctor.judging.stack import SUPPORTED_PYTHONS

_MEND = "Install what Hato pins: `make setup`."


@dataclass(frozen=True, slots=True)
class Installed:
    """A package on this machine; an empty version where it is not there, or not pinned."""

    name: str
    version: str
    pinned: str


def judge_python(version: str) -> Finding:
    """Whether this Python is one that Hato and Lambda both know."""
    if version.rpartition(".")[0] in SUPPORTED_PYTHONS:
        return Finding(Mark.OK, "Python", f"Python {version}.")
    text = f"Python {version}; Hato knows {', '.join(SUPPORTED_PYTHONS)}, and the functions get the one that deploys."
    return Finding(Mark.WARNING, "Python", text, f"`make PYTHON=python{SUPPORTED_PYTHONS[-1]} setup`")


def judge_package(package: Installed) -> Finding:
    """Whether a package is the one that is pinned."""
    subject = package.name
    if not package.version:
        return Finding(Mark.FAILED, subject, f"{package.name} is not installed.", _MEND)
    if package.pinned and package.version != package.pinned:
        text = f"{package.name} {package.version} is installed; Hato is tested with {package.pinned}."
        return Finding(Mark.WARNING, subject, text, _MEND)
    return Finding(Mark.OK, subject, f"{package.name} {package.version}{', as pinned' if package.pinned else ''}.")
