"""`hato pause`, `resume` and `cancel` against a deployed Hato, while it sends."""

import csv
import io
import json
import re
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hato.access import Access
from hato.local.cloud import LocalCloud
from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud

ROWS = 80
MAIL = "steered"
PATIENCE = 120.0


@pytest.fixture(scope="module")
def slow_ses(cloud: LocalCloud) -> Iterator[None]:
    """SES takes five mails a second: a list of some rows is under way for a while."""
    rate = cloud.ask("/_simulator/settings")["rate"]
    _set_rate(cloud, 5)
    yield
    _set_rate(cloud, rate)


@pytest.fixture(scope="module")
def orders(
    hato: Run, cloud: LocalCloud, deployed: Access, slow_ses: None, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What the command says to each order that a campaign is given, one after the other; `id` is the campaign's."""
    folder = tmp_path_factory.mktemp("steered")
    (folder / "letter.txt").write_text("Hello.")
    (folder / "list.csv").write_text("email\n" + "".join(f"steered{n}@example.com\n" for n in range(ROWS)))
    hato("mail", "put", MAIL, "--subject", "Hello", "--text", folder / "letter.txt")
    found = re.search(r"Campaign (\S+) is started", hato("send", folder / "list.csv", "--mail", MAIL, "--yes").stdout)
    assert found
    said = {"id": found[1]}

    def order(name: str, words: str) -> None:
        done = hato(words, said["id"])
        assert done.returncode == 0, done.stderr
        said[name] = done.stdout

    _wait_for(lambda: said["id"] in {each["campaign_id"] for each in deployed.campaigns.summaries()}, "the campaign")
    order("pause", "pause")
    order("pause again", "pause")
    _wait_for(lambda: _is_held(deployed, said["id"]), "the end of what was under way")
    said["status while paused"] = json.dumps(deployed.campaigns.report(said["id"]).to_document())
    said["mails when paused"] = str(len(_mails(cloud)))
    order("resume", "resume")
    _wait_for(lambda: len(_mails(cloud)) > int(said["mails when paused"]), "a mail after the pause")
    order("pause before the end", "pause")
    _wait_for(lambda: _is_held(deployed, said["id"]), "the end of what was under way")
    order("cancel", "cancel")
    said["status at the end"] = hato("status", said["id"], "--watch", "--json").stdout
    return said


def test_a_pause_holds_the_campaign_and_says_so(orders: dict[str, str]) -> None:
    assert f"Campaign {orders['id']} is paused; calls that are under way" in orders["pause"]
    assert orders["pause again"] == f"Campaign {orders['id']} is paused already.\n"
    status = json.loads(orders["status while paused"])
    assert (status["status"], status["reason"]) == ("paused", "Paused by its owner.")
    assert int(orders["mails when paused"]) < ROWS


def test_a_resumed_campaign_goes_on(orders: dict[str, str]) -> None:
    assert f"Campaign {orders['id']} goes on" in orders["resume"]


def test_a_cancelled_campaign_ends_with_a_report_that_says_of_every_row_how_far_it_came(
    hato: Run, cloud: LocalCloud, orders: dict[str, str]
) -> None:
    assert orders["cancel"] == f"Campaign {orders['id']} is cancelled; its report is being written.\n"
    status = json.loads(orders["status at the end"])
    assert (status["status"], status["reason"]) == ("cancelled", "Cancelled by its owner.")
    assert (status["rows"], status["balanced"]) == (ROWS, True)
    lines = list(csv.DictReader(io.StringIO(hato("report", orders["id"], "--csv").stdout)))
    reached = Counter(_mails(cloud))
    assert {line["email"] for line in lines if line["outcome"] == "accepted"} == set(reached)
    assert set(reached.values()) == {1}
    assert int(orders["mails when paused"]) < len(reached) < ROWS
    assert {line["reason"] for line in lines if line["outcome"] == "failed"} == {"Not sent: Cancelled by its owner."}
    assert [int(line["row"]) for line in lines] == list(range(2, ROWS + 2))


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ("pause", "is cancelled: there is nothing to pause."),
        ("resume", "is cancelled: to send to whoever has not had its mail, upload its list again."),
        ("cancel", "is cancelled: there is nothing to cancel."),
    ],
)
def test_an_order_that_is_not_possible_is_one_sentence_and_a_status_that_is_not_0(
    hato: Run, orders: dict[str, str], order: str, sentence: str
) -> None:
    failed = hato(order, orders["id"])
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == f"hato: Campaign {orders['id']} {sentence}\n"


def test_a_failed_campaign_is_sent_when_its_owner_has_mended_it(hato: Run, deployed: Access, tmp_path: Path) -> None:
    body = b"email\nmended@example.com\n"
    deployed.client("s3").put_object(Bucket=deployed.bucket, Key="lists/not-yet/mended.csv", Body=body)
    campaign = _wait_for(lambda: _ended(deployed, "lists/not-yet/mended.csv"), "the campaign that fails")
    (tmp_path / "letter.txt").write_text("Hello.")
    hato("mail", "put", "not-yet", "--subject", "Hello", "--text", tmp_path / "letter.txt")
    resumed = hato("resume", campaign)
    assert resumed.returncode == 0, resumed.stderr
    assert resumed.stdout == (f"Campaign {campaign} goes on, in its round 2, with whoever has not had its mail.\n")
    status = json.loads(hato("status", campaign, "--watch", "--json").stdout)
    assert (status["status"], status["reason"], status["accepted"]) == ("finished", "", 1)


def _set_rate(cloud: LocalCloud, rate: float) -> None:
    request = urllib.request.Request(
        f"{cloud.inbox_url}/_simulator/settings", json.dumps({"rate": rate}).encode(), method="PUT"
    )
    with urllib.request.urlopen(request, timeout=30):
        pass


def _mails(cloud: LocalCloud) -> list[str]:
    """Whom the mail has reached."""
    return [message["to"][0] for message in cloud.ask_lines("/messages") if message["tags"].get("mail") == MAIL]


def _is_held(deployed: Access, campaign_id: str) -> bool:
    """Whether the list has been read, and whoever was claimed has the mail: all others were given back."""
    pages = deployed.client("dynamodb").get_paginator("scan").paginate(TableName=deployed.outputs["DeliveriesTable"])
    items = [item for page in pages for item in page["Items"] if item["mail_shard"]["S"].startswith(f"{MAIL}#")]
    sent = all("accepted_at" in item or "first_event_at" in item for item in items)
    return sent and "batches" in deployed.campaigns.summary(campaign_id)


def _ended(deployed: Access, source_end: str) -> str | None:
    """The campaign of this source, once it has ended."""
    for summary in deployed.campaigns.summaries():
        if summary["source"].endswith(source_end) and deployed.campaigns.report(summary["campaign_id"]).has_ended:
            return str(summary["campaign_id"])
    return None


def _wait_for(look: Callable[[], object], what: str) -> str:
    """What the look finds, once it finds something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return str(found)
        time.sleep(0.2)
    raise AssertionError(f"{what} did not come about within {PATIENCE:.0f} seconds")
