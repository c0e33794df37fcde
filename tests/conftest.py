"""What several tests stand on: one local cloud for the whole run, with IAM enforced and every call of a role written
down, and Hato deployed on it.
"""

import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from hato.access import Access
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.packaging import Package, package
from tests.beside import beside, lives, newcomer, prompt_waiters, short_run, what_goes_on_beside
from tests.leftovers import end_whatever_runs_in

__all__ = ["beside", "lives", "newcomer", "prompt_waiters", "short_run", "what_goes_on_beside"]


# How long one example takes is the machine's affair, on which two workers and what goes on beside them compete.
hypothesis.settings.register_profile("any-machine", deadline=None)
hypothesis.settings.load_profile("any-machine")


@pytest.hookimpl(optionalhook=True)  # there is none without xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each worker runs what it has collected: its share."""
    from xdist.scheduler import EachScheduling

    class Shares(EachScheduling):
        def schedule(self) -> None:
            session = config.pluginmanager.get_plugin("session")
            session.testscollected = sum(map(len, self.node2collection.values()))  # not as many as one of them has
            super().schedule()

    return Shares(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for something that goes on beside the tests comes late, what judges the whole run last."""
    items[:] = [item for item in items if _is_of_this_worker(item)]
    items.sort(key=lambda item: [item.get_closest_marker(name) is not None for name in ("last", "late")])


def _is_of_this_worker(item: pytest.Item) -> bool:
    """Of several workers the first one has all tests that need the local cloud, for there is one, and what goes on
    beside the tests; the second one has all others.
    """
    return _worker() in ("", "gw0" if item.get_closest_marker("cloud") else "gw1")


def _worker() -> str:
    """Which one of several this is; nothing where there is but one."""
    return os.environ["PYTEST_XDIST_WORKER"] if int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")) > 1 else ""


def pytest_unconfigure(config: pytest.Config) -> None:
    """Workers that were broken off may not have come to end their servers."""
    if "PYTEST_XDIST_WORKER" not in os.environ and config.getoption("numprocesses", None):
        end_whatever_runs_in(config._tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def made_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package that `chalice package` makes of this checkout."""
    return package(tmp_path_factory.mktemp("package") / "made", local_cloud.STAGE)


@pytest.fixture(scope="session")
def recorded_calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the emulator writes down what the roles ask for."""
    return tmp_path_factory.mktemp("calls") / "calls.jsonl"


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory, recorded_calls: Path):
    """A local cloud of the tests' own, ended with them; the simulated recipients lose no time, and Step Functions waits
    a fifth of the time between the tries of a state."""
    assert _worker() in ("", "gw0"), "A test that needs the local cloud is marked so: pytest.mark.cloud"
    started = local_cloud.start(
        tmp_path_factory.mktemp("cloud") / "cloud",
        rate=200,
        enforce_iam=True,
        options=("--delivery-delay", "0", "--engagement-delay", "0"),
        functions={"RECORD_CALLS": str(recorded_calls), "SFN_WAIT_SCALE": "0.2"},
        emulator=(str(Path(__file__).parent / "recording_emulator.py"),),
    )
    yield started
    started.down()


@pytest.fixture(scope="session")
def deployed(cloud: LocalCloud, made_package: Package) -> Access:
    """Hato, deployed on the local cloud from the package, through CloudFormation."""
    return cloud.deploy(made_package, "pigeon@example.com")
