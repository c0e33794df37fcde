"""What takes long and waits much goes on beside the other tests, from the first one on: a stage's whole life in each
way of deploying, the fault lab's short run, and a newcomer with README; one after another, for two cores have no room
for all at once. Their own tests come late.
"""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest
from botocore.loaders import Loader

from hato.faults.lab import run
from hato.faults.trouble import SHORT
from hato.faults.verdict import Result
from hato.local import cloud as local_cloud
from hato.packaging import Package, copy_app

pytest.register_assert_rewrite("tests.e2e.stages", "tests.e2e.newcomer")

from tests.e2e.stages import WAYS, Stage, live_through  # noqa: E402 - its assertions are to be told of in full


class NobodyWaits(Exception):
    """The tests are over, or broken off."""


@pytest.fixture(scope="session", autouse=True)
def what_goes_on_beside(request: pytest.FixtureRequest) -> None:
    """Begin what tests will ask for that are among those that are run."""
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    for name in ("lives", "short_run", "newcomer"):
        if name in wanted:
            request.getfixturevalue(name)


@pytest.fixture(scope="session")
def beside() -> Iterator[Executor]:
    """Who does it."""
    lane = ThreadPoolExecutor(1)
    yield lane
    lane.shutdown(wait=False, cancel_futures=True)


@pytest.fixture(scope="session")
def short_run(
    beside: Executor, made_package: Package, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Future[Result]]:
    """The fault lab's short run, on a cloud of its own."""
    over = threading.Event()

    def told(text: str) -> None:
        if over.is_set():
            raise NobodyWaits

    yield beside.submit(run, SHORT, made_package, tmp_path_factory.mktemp("faults"), told)
    over.set()


@pytest.fixture(scope="session")
def prompt_waiters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Chalice looks every five seconds whether a function is there; the local cloud takes no second to make one."""
    waiters = Loader().load_service_model("lambda", "waiters-2", "2015-03-31")
    for waiter in waiters["waiters"].values():
        waiter["delay"] = 0.2
    models = tmp_path_factory.mktemp("models")
    folder = models / "lambda" / "2015-03-31"
    folder.mkdir(parents=True)
    (folder / "waiters-2.json").write_text(json.dumps(waiters))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DATA_PATH", str(models))
        yield


@pytest.fixture(scope="session")
def lives(
    beside: Executor,
    made_package: Package,
    prompt_waiters: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[None]]]:
    """A stage's life in each way of deploying, on a cloud of their own.

    Step Functions waits a tenth of the time there between the tries of a state.
    """
    own = local_cloud.start(
        tmp_path_factory.mktemp("lives") / "cloud",
        rate=200,
        enforce_iam=True,
        options=("--delivery-delay", "0", "--engagement-delay", "0"),
        functions={"SFN_WAIT_SCALE": "0.1"},
    )
    found = {}
    for way in WAYS:
        project = tmp_path_factory.mktemp(way) / "project"
        copy_app(project)
        found[way] = beside.submit(live_through, Stage(own, way, project, made_package))
    yield found
    own.down()  # and with it what still runs


@pytest.fixture(scope="session")
def newcomer(beside: Executor, tmp_path_factory: pytest.TempPathFactory) -> Future[None]:
    """Somebody who follows README word for word, in an empty folder."""
    from tests.e2e.newcomer import follow_readme  # who tests a rule of the domain need not wait for all commands

    return beside.submit(follow_readme, tmp_path_factory.mktemp("newcomer"))
