"""Commands that change something, answering a program; the fixture `hato` holds each document to docs/json.md."""

import json
from pathlib import Path
from typing import Any

import pytest

from hato.access import Access
from hato.local.cloud import LocalCloud
from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud

MAIL = "json-letter"


@pytest.fixture
def here(cloud: LocalCloud) -> dict[str, str]:
    """The local cloud as `hato local up` notes it: it knows where its SES is."""
    return {"HATO_LOCAL_FOLDER": cloud.folder, "HATO_ENDPOINT_URL": ""}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letter.md").write_text(f"---\nmail_id: {MAIL}\nsubject: To {{{{ username }}}}\n---\n\nHello.\n")
    (tmp_path / "list.csv").write_text("email,username\njson1@example.com,One\nnobody,X\n")
    return tmp_path


def told(hato: Run, *words: object, status: int = 0, **environment: str) -> Any:
    """The document, of a command that ends like this."""
    done = hato(*words, "--json", **environment)
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


def test_a_mail_is_put_tried_and_sent(hato: Run, folder: Path, here: dict[str, str]) -> None:
    put = told(hato, "mail", "put", folder / "letter.md")
    assert put == {"mail_id": MAIL, "subject": "To {{ username }}", "fields": ["username"]}
    tried = told(hato, "mail", "test", MAIL, "--to", "tester@example.com", "--list", folder / "list.csv", **here)
    assert (tried["mail_id"], tried["to"]) == (MAIL, "tester@example.com")
    begun = told(hato, "send", folder / "list.csv", "--mail", MAIL, "--yes", **here)
    assert (begun["check"]["rows"], begun["check"]["to_send"], begun["report"]) == (2, 1, None)
    (folder / "more.csv").write_text("email,username\njson2@example.com,Two\n")
    sent = told(hato, "send", folder / "more.csv", "--mail", MAIL, "--yes", "--watch", **here)
    assert (sent["report"]["status"], sent["report"]["accepted"]) == ("finished", 1)
    assert sent["campaign_id"] == sent["report"]["campaign_id"]
    assert sent["campaign_id"] in {each["campaign_id"] for each in told(hato, "campaigns", "--limit", "50")}
    assert len(told(hato, "campaigns", "--limit", "1")) == 1
    for command, words in (("report", [sent["campaign_id"]]), ("campaigns", [])):
        assert told(hato, command, *words, "--link")["link"].startswith("http")
    refused = hato("pause", sent["campaign_id"], "--json")
    assert (refused.returncode, refused.stdout) == (1, "")


def test_what_is_asked_before_is_asked_on_the_standard_error(hato: Run, folder: Path, here: dict[str, str]) -> None:
    assert hato("mail", "put", folder / "letter.md").returncode == 0
    (folder / "list.csv").write_text("email,username\njson3@example.com,Three\n")
    refused = hato("send", folder / "list.csv", "--mail", MAIL, "--json", stdin="n\n", **here)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"Send {MAIL} to 1 people?" in refused.stderr


def test_a_campaign_is_paused_resumed_and_cancelled(hato: Run, deployed: Access) -> None:
    deployed.campaigns.create("json-steered", "lists/none/a.csv", "none", "2026-01-01T00:00:00.000Z")
    assert told(hato, "pause", "json-steered")["status"] == "paused"
    assert told(hato, "cancel", "json-steered")["status"] == "cancelled"
    ended = told(hato, "status", "json-steered", "--watch")
    assert (ended["status"], ended["balanced"]) == ("cancelled", True)


def test_contacts_are_imported_allowed_and_removed(hato: Run, folder: Path, deployed: Access) -> None:
    imported = told(hato, "contacts", "import", folder / "list.csv", "--yes")
    assert (imported["imported"], imported["refused"], imported["refused_rows"][0]["row"]) == (1, {"invalid": 1}, 3)
    deployed.contacts.mark_unreachable("json1@example.com", "bounced_at", "2026-01-01T00:00:00.000Z", "gone")
    allowed = told(hato, "contacts", "allow", "json1@example.com", "--yes")
    assert allowed["was_suppressed"] == "The contact bounced 2026-01-01T00:00:00.000Z."
    removed = told(hato, "contacts", "remove", "json1@example.com", "--yes")
    assert removed == {"email": "json1@example.com", "kept": ""}


def test_sess_suppression_list_is_counted(hato: Run, here: dict[str, str]) -> None:
    assert told(hato, "contacts", "sync-suppression", **here)["listed"] >= 0


def test_a_person_is_forgotten(hato: Run, here: dict[str, str]) -> None:
    done = told(hato, "forget", "json-nobody@example.com", "--yes", **here)
    assert (done["email"], done["contacts"], done["lists"]) == ("json-nobody@example.com", 0, {})
    assert told(hato, "why", "json-nobody@example.com", **here)["forgotten"] is True
    assert told(hato, "why", "nobody")["email"] is None


def test_dead_letters_are_redriven_and_dropped(hato: Run) -> None:
    missing = told(hato, "dead-letters", "redrive", "--id", "nobody", status=1)
    assert missing == {"letters": [], "missing": ["nobody"]}
    assert told(hato, "dead-letters", "drop", "--id", "nobody", "--yes", status=1)["deleted"] == 0


def test_a_stage_is_deployed_and_taken_down(hato: Run, here: dict[str, str]) -> None:
    made = told(hato, "deploy", "--stage", "second", "--sender", "pigeon@example.com", HATO_LOCAL_FOLDER="/nowhere")
    assert (made["stack"], made["by"]) == ("hato-second", "cloudformation")
    assert "UploadBucket" in made["outputs"]
    gone = told(hato, "destroy", "--stage", "second", "--delete-data", "--yes", HATO_LOCAL_FOLDER="/nowhere")
    assert gone["was_there"] is True
    assert f"bucket {made['outputs']['UploadBucket']}" in gone["deleted"]
    assert told(hato, "destroy", "--stage", "second", "--yes", HATO_LOCAL_FOLDER="/nowhere")["was_there"] is False
