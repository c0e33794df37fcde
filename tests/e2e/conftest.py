"""The deployed Hato, for tests that know nothing of its code; and beside them what takes long and waits most of the
time: the fault lab's short run, and a stage's whole life in each way of deploying.
"""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from botocore.loaders import Loader

from hato.access import Access
from hato.faults.lab import run
from hato.faults.trouble import SHORT
from hato.faults.verdict import Result
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.packaging import Package, copy_app
from tests.e2e.plain_aws import PlainAws

pytest.register_assert_rewrite("tests.e2e.stages")

from tests.e2e.stages import WAYS, Stage, live_through  # noqa: E402 - its assertions are to be told of in full


@pytest.fixture(scope="session")
def aws(cloud: LocalCloud, deployed: Access) -> PlainAws:
    """The stack on the local cloud, by its outputs."""
    return PlainAws(cloud.endpoint_url, cloud.region, deployed.stack, cloud.inbox_url)


class NobodyWaits(Exception):
    """The tests are over, or broken off."""


@pytest.fixture(scope="session", autouse=True)
def short_run(
    request: pytest.FixtureRequest, made_package: Package, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Future[Result] | None]:
    """The fault lab's short run, on a cloud of its own; None where its test is not among those that are run.

    Nearly all of its time is the settling time, so it begins with the first of these tests.
    """
    if not any(item.path.name == "test_faults.py" for item in request.session.items):
        yield None
        return
    over = threading.Event()

    def told(text: str) -> None:
        if over.is_set():
            raise NobodyWaits

    with ThreadPoolExecutor(1) as beside:
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


@pytest.fixture(scope="session", autouse=True)
def lives(
    request: pytest.FixtureRequest,
    made_package: Package,
    prompt_waiters: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[None]]]:
    """A stage's life in each way of deploying, on a cloud of their own; none where their test is not among those run.

    Step Functions waits a tenth of the time there between the tries of a state.
    """
    if not any(item.path.name == "test_both_ways.py" for item in request.session.items):
        yield {}
        return
    own = local_cloud.start(
        tmp_path_factory.mktemp("lives") / "cloud",
        rate=200,
        enforce_iam=True,
        options=("--delivery-delay", "0", "--engagement-delay", "0"),
        functions={"SFN_WAIT_SCALE": "0.1"},
    )
    beside = ThreadPoolExecutor(len(WAYS))
    found = {}
    for way in WAYS:
        project = tmp_path_factory.mktemp(way) / "project"
        copy_app(project)
        found[way] = beside.submit(live_through, Stage(own, way, project, made_package))
    yield found
    beside.shutdown(wait=False, cancel_futures=True)
    own.down()  # and with it what still runs
