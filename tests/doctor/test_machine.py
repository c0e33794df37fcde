"""What is said of the programs on this machine."""

import tomllib

import pytest

from hato.doctor.asking.machine import ask_package
from hato.doctor.finding import Mark
from hato.doctor.judging.machine import Installed, judge_package, judge_python
from hato.project import ROOT


@pytest.mark.parametrize(
    ("version", "mark"),
    [("3.11.9", Mark.OK), ("3.13.0", Mark.OK), ("3.14.0", Mark.WARNING), ("3.10.12", Mark.WARNING)],
)
def test_a_python_that_hato_knows_is_good(version: str, mark: Mark) -> None:
    assert judge_python(version).mark is mark


@pytest.mark.parametrize(
    ("version", "pinned", "mark"),
    [
        ("1.34.0", "1.34.0", Mark.OK),
        ("1.35.0", "1.34.0", Mark.WARNING),
        ("", "1.34.0", Mark.FAILED),
        ("1.35.0", "", Mark.OK),
    ],
)
def test_a_package_is_marked_by_how_it_is_pinned(version: str, pinned: str, mark: Mark) -> None:
    finding = judge_package(Installed("chalice", version, pinned))
    assert finding.mark is mark
    assert ("as pinned" in finding.text) is (version == pinned)


@pytest.mark.parametrize("name", ["chalice", "boto3"])
def test_the_pins_are_those_of_the_project(name: str) -> None:
    package = ask_package(name)
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert f"{name}=={package.pinned}" in dependencies
    assert package.version


def test_a_package_that_is_not_there_has_no_version() -> None:
    assert ask_package("no-such-package-of-hato") == Installed("no-such-package-of-hato", "", "")
