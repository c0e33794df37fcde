"""`hato why` and `hato forget` against a deployed Hato."""

import csv
import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from hato.access import Access
from hato.local.cloud import LocalCloud
from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud

MAIL = "person-letter"
TARO, HANAKO = "taro@person.example.com", "hanako@person.example.com"
PATIENCE = 60.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("person")
    (made / "letter.txt").write_text("Dear {{ username }}", encoding="utf-8")
    (made / "people.csv").write_text(f"email,username\nTaro@Person.example.com,Taro\n{HANAKO},Hanako\nx,X\n")
    return made


@pytest.fixture(scope="module")
def here(cloud: LocalCloud) -> dict[str, str]:
    """The local cloud as `hato local up` notes it: it knows where its SES is."""
    return {"HATO_LOCAL_FOLDER": cloud.folder, "HATO_ENDPOINT_URL": ""}


@pytest.fixture(scope="module")
def campaign_id(hato: Run, folder: Path, here: dict[str, str], deployed: Access) -> str:
    """A campaign to Taro and Hanako that has ended, and of which SES has told what it had to tell."""
    put = hato("mail", "put", MAIL, "--subject", "A letter", "--text", folder / "letter.txt")
    assert put.returncode == 0, put.stderr
    campaign = send(hato, folder / "people.csv")
    deadline = time.monotonic() + PATIENCE
    while not all(row["at"] for row in [*delivered(hato, here)]) and time.monotonic() < deadline:
        time.sleep(0.5)
    return campaign


def delivered(hato: Run, here: dict[str, str]) -> list[dict[str, str]]:
    (letter,) = (each for each in why(hato, here, TARO)["deliveries"] if each["mail_id"] == MAIL)
    return [row for row in letter["timeline"] if row["what"].startswith("delivered")] or [{"at": ""}]


def send(hato: Run, path: Path) -> str:
    sent = hato("send", path, "--mail", MAIL, "--watch", "--yes")
    assert sent.returncode == 0, sent.stderr
    found = re.search(r"Campaign (\S+) is started", sent.stdout)
    assert found
    return found[1]


def why(hato: Run, here: dict[str, str], *arguments: str) -> dict[str, Any]:
    told = hato("why", *arguments, "--json", **here)
    assert told.returncode == 0, told.stderr
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


def test_why_tells_of_an_address_that_had_a_mail_what_became_of_it(
    hato: Run, here: dict[str, str], campaign_id: str
) -> None:
    told = hato("why", "Taro@Person.example.com", "--mail", MAIL, **here).stdout
    assert "taro@person.example.com  (in what you typed, capitals were made small)" in told
    assert f"Not send it again: campaign {campaign_id} sent it" in told
    assert "SES's suppression list: not on it." in told
    for happened in (rf"claimed by campaign {campaign_id}, batch 0, row 2", r"taken by SES as \S+", "delivered"):
        assert re.search(rf"    20\S+Z  {happened}", told)
    known = why(hato, here, TARO)
    assert (known["suppressed"], known["forgotten"], known["contacts"]) == ("", False, [])
    assert known["now"] == "Send it any mail that it has not had; but no broadcast, for it is no contact."


def test_why_answers_for_an_address_that_nobody_knows_and_for_one_that_is_none(
    hato: Run, here: dict[str, str], campaign_id: str
) -> None:
    stranger = why(hato, here, "stranger@person.example.com", "--mail", "no-such-mail")
    assert stranger["deliveries"] == []
    assert stranger["now"].startswith("There is no mail 'no-such-mail'. Send it any mail that it has not had")
    assert why(hato, here, "stranger@person.example.com", "--mail", MAIL)["now"].startswith("Send it: the address")
    assert "Nothing is known of it." in hato("why", "stranger@person.example.com", **here).stdout
    assert hato("why", "nobody").stdout == "A row with it is rejected as invalid: There is no @ in the address.\n"
    assert "\x1b" not in hato("why", TARO, **here).stdout


def test_why_names_the_rule_that_keeps_an_address_out_and_ses_own_list(
    hato: Run, here: dict[str, str], deployed: Access
) -> None:
    email = "off@person.example.com"
    deployed.contacts.mark_unreachable(email, "bounced_at", "2026-01-31T08:00:00.000Z", "no such user")
    deployed.client("sesv2").put_suppressed_destination(EmailAddress=email, Reason="BOUNCE")
    known = why(hato, here, email, "--mail", MAIL)
    assert known["now"] == "Not send it. The contact bounced 2026-01-31T08:00:00.000Z."
    assert known["ses_suppression_list"].startswith("on it since 20")
    assert known["ses_suppression_list"].endswith(": bounce")
    deployed.client("sesv2").delete_suppressed_destination(EmailAddress=email)


def test_a_person_is_forgotten_and_no_list_and_no_event_brings_them_back(
    hato: Run, here: dict[str, str], campaign_id: str, folder: Path, deployed: Access
) -> None:
    deployed.contacts.unsubscribe(TARO, "2026-01-31T08:00:00.000Z")
    assert (asked := hato("forget", TARO, **here)).returncode == 1
    assert "Nothing is changed." in asked.stdout
    done = hato("forget", "Taro@Person.example.com", "--yes", **here)
    assert done.returncode == 0, done.stderr
    assert "Erased: 1 contact, 1 delivery of the ledger" in done.stdout
    assert f"  lists/{MAIL}/people.csv (1 version)" in done.stdout
    rows = list(csv.DictReader(io.StringIO(hato("report", campaign_id, "--csv").stdout)))
    assert [(row["row"], row["email"], row["outcome"]) for row in rows] == [
        ("2", "forgotten", "accepted"),
        ("3", HANAKO, "accepted"),
        ("4", "x", "invalid"),
    ]
    known = why(hato, here, TARO, "--mail", MAIL)
    assert (known["forgotten"], known["contacts"], known["deliveries"]) == (True, [], [])
    assert known["now"] == "Not send it. The address was erased on request."
    deployed.contacts.mark_unreachable(TARO, "bounced_at", "2026-01-31T08:00:00.000Z", "late")
    assert why(hato, here, TARO)["contacts"] == []

    (folder / "again.csv").write_text(f"email,username\n{TARO},Taro\nnew@person.example.com,New\n")
    report = json.loads(hato("report", send(hato, folder / "again.csv"), "--json").stdout)
    assert (report["suppressed"], report["accepted"], report["balanced"]) == (1, 1, True)

    again = hato("forget", TARO, "--yes", "--delete-lists", **here)
    assert "2 uploaded lists deleted, 2 versions." in again.stdout, again.stderr
    assert not named(deployed, TARO)
    assert "0 files rewritten and 0 versions" in hato("forget", TARO, "--yes", **here).stdout


def named(access: Access, email: str) -> set[str]:
    """The objects, old versions too, that name the address."""
    s3, found = access.client("s3"), set[str]()
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=access.bucket):
        for each in page.get("Versions", ()):
            body = s3.get_object(Bucket=access.bucket, Key=each["Key"], VersionId=each["VersionId"])["Body"].read()
            if email.encode() in body.lower():
                found.add(each["Key"])
    return found
