"""`hato mail` with files: what needs no network is run without any, the rest against a deployed Hato."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.domain.recipient import shard_of, shard_tag
from hato.access import Access
from hato.local.cloud import LocalCloud
from tests.cli.conftest import Run

LETTER = """\
---
mail_id: cli-file
subject: "Hello {{ username }}"
from: Pigeons <pigeons@example.com>
reply_to: answers@example.com
---

# Hello {{ username }}

[Read on](https://example.com/{{ username|urlencode }})
"""
LIST = "email,username\na@example.com,Ada\nnobody,N\nb@example.com,鳩山\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letter.md").write_text(LETTER, encoding="utf-8")
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return tmp_path


@pytest.fixture
def offline(folder: Path) -> Run:
    """Runs `hato mail` where no Hato can be reached: no credentials, and nobody listens at the endpoint."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HATO_"))}
    environment = kept | {
        "AWS_CONFIG_FILE": str(folder / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "HATO_LOCAL_FOLDER": str(folder / "local"),
        "HATO_ENDPOINT_URL": "http://127.0.0.1:9",
        "PATH": str(folder),
        "COLUMNS": "120",
    }

    def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "hato.cli.main", "mail", *map(str, arguments)],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_a_file_is_previewed_with_placeholders_and_without_a_network(offline: Run) -> None:
    shown = offline("preview", "letter.md")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(
        "From: Pigeons <pigeons@example.com>\nReply-To: answers@example.com\nTo: someone@example.com\n"
        "Subject: Hello «username»\n\nHello «username»\n"
    )
    assert "Unsubscribe: https://example.com/unsubscribe" in shown.stdout


def test_a_file_is_previewed_as_a_row_of_a_list_and_its_html_is_written(offline: Run, folder: Path) -> None:
    shown = offline("preview", "letter.md", "--list", "list.csv", "--row", "4", "--html", "out.html")
    assert "To: b@example.com\nSubject: Hello 鳩山\n" in shown.stdout
    assert "KB of HTML are in out.html." in shown.stdout
    assert ">Hello 鳩山</h1>" in (folder / "out.html").read_text(encoding="utf-8")


def test_a_preview_as_json_holds_both_parts(offline: Run) -> None:
    shown = json.loads(offline("preview", "letter.md", "--list", "list.csv", "--json").stdout)
    assert (shown["mail_id"], shown["row"], shown["email"]) == ("cli-file", 2, "a@example.com")
    assert (shown["subject"], shown["from"]) == ("Hello Ada", "Pigeons <pigeons@example.com>")
    assert "https://example.com/Ada" in shown["text"]
    assert "https://example.com/Ada" in shown["html"]


def test_a_mail_that_is_well_passes_its_check(offline: Run) -> None:
    checked = offline("check", "letter.md", "--list", "list.csv", "--strict")
    assert checked.returncode == 0
    assert checked.stdout.startswith("note     spam: SpamAssassin is not installed here")


def test_an_error_fails_the_check_and_a_warning_only_where_that_is_wanted(offline: Run, folder: Path) -> None:
    (folder / "warned.md").write_text("---\nsubject: S\n---\n\n[a](http://example.com) b\n")
    (folder / "wrong.md").write_text("---\nsubject: S\n---\n\n[a](/offers) b\n")
    assert [offline("check", "warned.md", *more).returncode for more in ((), ("--strict",))] == [0, 1]
    wrong = offline("check", "wrong.md")
    assert wrong.returncode == 1
    assert "error    html, line 5: The link '/offers' is no whole address" in wrong.stdout
    told = json.loads(offline("check", "wrong.md", "--json").stdout)
    assert told["ok"] is False
    assert told["findings"][0]["line"] == 5


def test_a_file_that_does_not_compile_fails_its_check_with_the_reason(offline: Run, folder: Path) -> None:
    (folder / "broken.md").write_text("---\nsubject: S\nform: a@example.com\n---\nHello")
    checked = offline("check", "broken.md")
    assert checked.returncode == 1
    assert "line 3: there is no form; did you mean from?" in checked.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("preview", "none.md"), 1, "There is no file none.md."),
        (("put", "none.md"), 1, "There is no file none.md."),
        (("put", "none"), 2, "'none' is no .md, .txt or .html file"),
        (("put", "letter.md", "--from", "a@example.com"), 2, "--text, --html and --from go with it"),
        (("preview", "letter.md", "--row", "2"), 2, "name that with --list"),
        (("preview", "letter.md", "--list", "list.csv", "--row", "3"), 1, "Row 3 of list.csv gets no mail"),
        (("preview", "letter.md", "--list", "list.csv", "--row", "9"), 1, "has no row 9; its rows are 2 to 4"),
        (("preview", "letter.md", "--list", "letter.md"), 1, "email column"),
        (("preview", "stored"), 1, "There are no AWS credentials to call with"),
        (("test", "letter.md"), 2, "Missing option '--to'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    offline: Run, arguments: tuple[str, ...], status: int, said: str
) -> None:
    failed = offline(*arguments)
    assert failed.returncode == status
    assert said in " ".join(failed.stderr.replace("│", " ").split())
    assert "Traceback" not in failed.stderr


# Against a deployed Hato


@pytest.mark.cloud
def test_a_file_is_put_shown_and_listed(hato: Run, folder: Path) -> None:
    put = hato("mail", "put", folder / "letter.md")
    assert (put.returncode, put.stdout) == (0, "Mail cli-file is stored; its lists need the columns username.\n")
    document = json.loads(hato("mail", "show", "cli-file", "--json").stdout)
    assert document["reply_to"] == ["answers@example.com"]
    assert document["body"].startswith("Hello {{ username }}\n")
    assert "<h1" in document["html"]
    assert {"mail_id": "cli-file", "subject": "Hello {{ username }}"} in json.loads(
        hato("mail", "list", "--json").stdout
    )
    assert "cli-file" in hato("mail", "list").stdout
    assert "Subject: Hello «username»" in hato("mail", "preview", "cli-file").stdout


@pytest.mark.cloud
def test_a_test_mail_arrives_and_leaves_no_trace_in_the_ledger(
    hato: Run, folder: Path, cloud: LocalCloud, deployed: Access
) -> None:
    address = "cli-tester@example.com"
    (folder / "own.md").write_text(LETTER.replace("from: Pigeons <pigeons@example.com>\n", ""), encoding="utf-8")
    (folder / "list.csv").write_text("email,username\na@example.com,Ada\n")
    # as after `hato local up`, so that SES is the simulator
    here = {"HATO_LOCAL_FOLDER": cloud.folder, "HATO_ENDPOINT_URL": ""}
    sent = hato("mail", "test", folder / "own.md", "--to", address, "--list", folder / "list.csv", **here)
    assert sent.returncode == 0, sent.stderr
    assert f"Mail cli-file is sent to {address} as a test; SES calls it " in sent.stdout
    (arrived,) = cloud.ask_lines(f"/messages?to={address}")
    assert (arrived["subject"], arrived["tags"]) == ("[test] Hello Ada", {"test": "cli-file"})
    link = arrived["headers"]["List-Unsubscribe"].strip("<>")
    assert link.startswith("http")
    assert link in arrived["text"]
    assert link in arrived["html"]
    key = {"mail_shard": {"S": f"cli-file#{shard_tag(shard_of(address))}"}, "email": {"S": address}}
    found = deployed.client("dynamodb").get_item(TableName=deployed.outputs["DeliveriesTable"], Key=key)
    assert "Item" not in found
    refused = hato("mail", "test", folder / "own.md", "--to", "nobody")
    assert (refused.returncode, "There is no @ in the address." in refused.stderr) == (1, True)
