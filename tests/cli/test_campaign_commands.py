"""`hato mail`, `send`, `status` and `report` against a deployed Hato."""

import csv
import io
import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from chalicelib.domain.tally import Count
from hato.access import Access
from hato.cli.watch import wait_for_start
from hato.uploading import upload_list
from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud


@pytest.fixture(scope="module")
def campaign_id(hato: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A campaign that was sent by the command and has ended."""
    folder = tmp_path_factory.mktemp("mail")
    (folder / "letter.txt").write_text("Dear {{ username }},\n鳩より。\n", encoding="utf-8")
    (folder / "letter.html").write_text("<p>Dear {{ username }}</p>", encoding="utf-8")
    (folder / "list.csv").write_text("email,username\ncli1@example.com,One\ncli2@example.com,Two\nnobody,X\n")
    put = hato(
        *("mail", "put", "cli-letter", "--subject", "To {{ username }}"),
        *("--text", folder / "letter.txt", "--html", folder / "letter.html"),
    )
    assert (put.returncode, put.stdout) == (0, "Mail cli-letter is stored; its lists need the columns username.\n")
    sent = hato("send", folder / "list.csv", "--mail", "cli-letter", "--watch", "--yes")
    assert sent.returncode == 0, sent.stderr
    assert "finished" in sent.stdout
    found = re.search(r"Campaign (\S+) is started", sent.stdout)
    assert found
    return found[1]


def test_a_stored_mail_is_shown_as_it_was_put(hato: Run, campaign_id: str) -> None:
    shown = hato("mail", "show", "cli-letter", "--json")
    assert json.loads(shown.stdout) == {
        "mail_id": "cli-letter",
        "subject": "To {{ username }}",
        "body": "Dear {{ username }},\n鳩より。\n",
        "html": "<p>Dear {{ username }}</p>",
    }


def test_the_report_as_json_holds_the_numbers_and_says_that_they_balance(hato: Run, campaign_id: str) -> None:
    report = json.loads(hato("report", campaign_id, "--json").stdout)
    numbers = {name: report[name] for name in ("rows", "accepted", "invalid", "failed", "unknown", "balanced")}
    assert numbers == {"rows": 3, "accepted": 2, "invalid": 1, "failed": 0, "unknown": 0, "balanced": True}


def test_the_report_as_csv_has_a_line_for_every_row_of_the_list(hato: Run, campaign_id: str) -> None:
    lines = list(csv.DictReader(io.StringIO(hato("report", campaign_id, "--csv").stdout)))
    assert [(line["row"], line["email"], line["outcome"]) for line in lines] == [
        ("2", "cli1@example.com", "accepted"),
        ("3", "cli2@example.com", "accepted"),
        ("4", "nobody", "invalid"),
    ]


def test_a_recount_says_whether_the_counters_agree_and_sets_them_right(
    hato: Run, campaign_id: str, deployed: Access
) -> None:
    deployed.campaigns.count_events(campaign_id, 3, {Count("2026-05-01T06", "complained"): 1})
    assert hato("report", campaign_id, "--recount").stdout == (
        "1 counter did not agree with the ledger, and is set right:\n"
        "  2026-05-01T06 complained: 1 counted, 0 in the ledger\n"
        "SES accepted 2 mails, by the ledger; the report says 2.\n"
    )
    assert hato("report", campaign_id, "--recount").stdout == (
        "The counters agree with the ledger's 2 deliveries.\nSES accepted 2 mails, by the ledger; the report says 2.\n"
    )
    assert json.loads(hato("report", campaign_id, "--recount", "--json").stdout) == {
        "deliveries": 2,
        "accepted": 2,
        "reported": 2,
        "agreed": True,
        "differences": [],
    }


def test_status_for_a_pipe_is_plain_text(hato: Run, campaign_id: str) -> None:
    status = hato("status", campaign_id, "--watch")
    assert status.returncode == 0
    assert "finished: 3 of 3 rows" in status.stderr
    assert "\x1b" not in status.stdout + status.stderr


def test_a_signed_link_opens_the_page_and_anything_else_is_refused(hato: Run, campaign_id: str) -> None:
    link = hato("report", campaign_id, "--link").stdout.strip()
    with urllib.request.urlopen(link, timeout=30) as page:
        text = page.read().decode()
        headers = page.headers
    assert campaign_id in text
    assert "balanced" in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    with urllib.request.urlopen(f"{link}&format=json", timeout=30) as answer:
        assert json.load(answer)["accepted"] == 2
    for wrong in (link.split("?")[0], link[:-3], link.replace(campaign_id, "another")):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(wrong, timeout=30)
        assert refused.value.code == 403
        refused.value.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("status", "no-such-campaign"), "There is no campaign 'no-such-campaign'."),
        (("report", "no-such-campaign", "--csv"), "There is no campaign 'no-such-campaign'."),
        (("pause", "no-such-campaign"), "There is no campaign 'no-such-campaign'."),
        (("resume", "no-such-campaign"), "There is no campaign 'no-such-campaign'."),
        (("cancel", "no-such-campaign"), "There is no campaign 'no-such-campaign'."),
        (("pause", "CAMPAIGN"), "is finished: there is nothing to pause."),
        (("resume", "CAMPAIGN"), "is finished: to send to whoever has not had its mail, upload its list again."),
        (("cancel", "CAMPAIGN"), "is finished: there is nothing to cancel."),
        (("mail", "show", "no-such-mail"), "There is no mail 'no-such-mail'"),
        (("mail", "put", "empty", "--subject", "S"), "needs a subject and a body"),
        (("mail", "put", "broken", "--subject", "{{ oops"), "broken"),
        (("send", "LIST", "--mail", "no-such-mail"), "There is no mail 'no-such-mail'"),
        (("send", "LIST", "--mail", "cli-letter"), "uses {{ username }}, but the list has only the columns"),
        (("send", "EMPTY", "--mail", "cli-letter"), "empty"),
        (("status", "x", "--stage", "nowhere"), "There is no stack hato-nowhere"),
        (("status", "x", "--endpoint-url", "http://127.0.0.1:9"), "could not be reached"),
    ],
)
def test_an_error_is_one_sentence_and_a_status_that_is_not_0(
    hato: Run, campaign_id: str, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "list.csv").write_text("email,town\na@example.com,Kyoto\n")
    (tmp_path / "empty.csv").write_text("")
    places = {"LIST": str(tmp_path / "list.csv"), "EMPTY": str(tmp_path / "empty.csv"), "CAMPAIGN": campaign_id}
    failed = hato(*(places.get(argument, argument) for argument in arguments))
    assert failed.returncode == 1
    assert sentence in failed.stderr
    assert "Traceback" not in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1


def test_all_campaigns_are_listed_with_why_one_failed_that_nobody_knows_the_id_of(
    hato: Run, campaign_id: str, deployed: Access
) -> None:
    deployed.client("s3").put_object(Bucket=deployed.bucket, Key="misplaced.csv", Body=b"email\na@example.com\n")
    for _ in range(60):
        listed = json.loads(hato("campaigns", "--json").stdout)
        found = [each for each in listed if each["source"].endswith("misplaced.csv") and each["reason"]]
        if found:
            break
    assert "lists/<mail_id>/<name>.csv" in found[0]["reason"]
    assert campaign_id in {each["campaign_id"] for each in listed}
    assert [each["created_at"] for each in listed] == sorted((each["created_at"] for each in listed), reverse=True)
    table = hato("campaigns").stdout
    assert campaign_id in table
    assert found[0]["campaign_id"] in table


def test_a_list_that_cannot_be_sent_is_not_even_uploaded(hato: Run, tmp_path: Path, campaign_id: str) -> None:
    (tmp_path / "header-only.csv").write_text("email,username\n")
    refused = hato("send", tmp_path / "header-only.csv", "--mail", "cli-letter", "--yes")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "hato: The list has a header and no rows.\n"


def test_a_failed_campaign_is_a_failure_of_the_command_and_says_why(
    hato: Run, tmp_path: Path, campaign_id: str, deployed: Access
) -> None:
    (tmp_path / "header-only.csv").write_text("email\n")
    failed_id = upload_list(deployed, tmp_path / "header-only.csv", "cli-letter")
    wait_for_start(deployed, failed_id)
    failed = hato("status", failed_id, "--watch")
    assert failed.returncode == 1
    assert "no column" in failed.stdout or "uses {{ username }}" in failed.stdout
