"""A cold start loads what its function needs and no more: modules are counted, for times are the machine's affair."""

import sys
import zipfile
from collections.abc import Callable
from importlib.util import source_from_cache
from typing import Any

import pytest

from bench.cold_start import MOST_ZIP_BYTES, sdk_folder, start_cold, unpacked
from bench.cold_start_apps import BARE, BARE_BOTH, SEND, bare_apps, functions
from hato.packaging import Package

Started = Callable[[str], dict[str, Any]]

# What a function loads until its first call, besides Chalice, boto3, Python's own library and Hato.
LOADED = {
    SEND: {"pythonjsonlogger"},
    "on_upload": {"pythonjsonlogger"},
    "on_delivery": {"pythonjsonlogger"},
    "refresh_pace": {"pythonjsonlogger"},
}
# Modules more than an app that does nothing has, and than one that makes a client and calls it.
MOST_ON_IMPORT, MOST_AT_FIRST_CALL = 65, 90


@pytest.fixture(scope="module")
def started(made_package: Package, tmp_path_factory: pytest.TempPathFactory) -> Started:
    """Starts one cold and tells what that took, the first time it is asked for it."""
    folder = tmp_path_factory.mktemp("cold-start")
    packages = unpacked(made_package.archive, folder), sdk_folder(folder)
    starts = {each.name: each for each in (*functions(packages[0]), *bare_apps(folder))}
    known: dict[str, dict[str, Any]] = {}

    def start(name: str) -> dict[str, Any]:
        return known.get(name) or known.setdefault(name, start_cold(starts[name], packages))

    return start


def strangers(modules: list[str]) -> set[str]:
    """The packages among these modules that are neither Python's nor Hato's nor what loads Hato."""
    return {name.partition(".")[0] for name in modules} - sys.stdlib_module_names - {"app", "chalicelib", "__mp_main__"}


def test_importing_the_app_makes_no_client_and_loads_no_boto3_no_templates_and_no_pages(started: Started) -> None:
    modules = started(SEND)["modules_on_import"]
    assert strangers(modules) == {"chalice", "pythonjsonlogger"}
    assert not [
        name
        for name in modules
        if name.startswith(("chalicelib.web.", "chalicelib.steps.")) and name != "chalicelib.steps.clock"
    ]


def test_importing_the_app_loads_few_modules_more_than_an_app_that_does_nothing(started: Started) -> None:
    more = len(started(SEND)["modules_on_import"]) - len(started(BARE)["modules_on_import"])
    assert 0 < more <= MOST_ON_IMPORT


@pytest.mark.parametrize("function", LOADED)
def test_a_function_loads_only_what_it_needs_for_its_first_call(function: str, started: Started) -> None:
    ours, bare = (started(name)["modules_at_first_call"] for name in (function, BARE_BOTH))
    assert strangers(ours) - strangers(bare) == LOADED[function]
    assert 0 < len(set(ours) - set(bare)) <= MOST_AT_FIRST_CALL


def test_the_zip_is_small(made_package: Package) -> None:
    assert made_package.archive.stat().st_size <= MOST_ZIP_BYTES


def test_every_module_is_in_the_zip_compiled_too_and_taken_without_a_look_at_its_source(made_package: Package) -> None:
    with zipfile.ZipFile(made_package.archive) as archive:
        names = set(archive.namelist())
        compiled = {name: archive.read(name)[4:8] for name in names if name.endswith(".pyc")}
    assert {source_from_cache(name) for name in compiled} == {name for name in names if name.endswith(".py")}
    assert set(compiled.values()) == {b"\x01\0\0\0"}  # PEP 552: by a hash that is not looked at
