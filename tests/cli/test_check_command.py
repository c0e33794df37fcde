"""`hato check`, and what `hato send` asks before it sends."""

import json
from pathlib import Path

import pytest

from hato.access import Access
from tests.cli.conftest import Run

NOWHERE = {"HATO_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
LIST = "email,username\nchecked1@example.com,One\nCHECKED2@Example.com,Two\n"
BAD = LIST + "nobody,Three\nchecked1@example.com,Again\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(LIST)
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.csv"
    path.write_text(BAD)
    return path


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "letter.md"
    path.write_text("---\nmail_id: checked\nsubject: To {{ username }}\n---\nDear {{ username }}.\n")
    return path


@pytest.mark.cloud
class TestOffline:
    """No account is asked: the endpoint that is named answers nobody."""

    def test_a_list_whose_rows_are_all_sendable_is_a_success(self, hato: Run, people: Path) -> None:
        done = hato("check", people, "--offline", **NOWHERE)
        assert (done.returncode, done.stderr) == (0, "")
        assert "would get the mail" in done.stdout
        assert "row 3: CHECKED2@Example.com is sent to as checked2@example.com" in done.stdout

    def test_refused_rows_are_named_and_are_status_1(self, hato: Run, bad: Path) -> None:
        done = hato("check", bad, "--offline", "--json", **NOWHERE)
        told = json.loads(done.stdout)
        assert done.returncode == 1
        assert {
            name: told[name] for name in ("rows", "sendable", "invalid", "duplicate", "encoding", "email_column")
        } == {
            "rows": 4,
            "sendable": 2,
            "invalid": 1,
            "duplicate": 1,
            "encoding": "UTF-8",
            "email_column": "email",
        }
        assert [each["row"] for each in told["refused"]] == [4, 5]

    def test_what_is_no_list_says_why_and_is_status_2(self, hato: Run, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_bytes(b"%PDF-1.7")
        done = hato("check", path, "--offline", **NOWHERE)
        assert (done.returncode, done.stdout) == (2, "")
        assert "The file is a PDF" in done.stderr
        told = json.loads(hato("check", path, "--offline", "--json", **NOWHERE).stdout)
        assert told["readable"] is False
        assert "PDF" in told["reason"]

    def test_a_mail_in_a_file_is_filled_in(self, hato: Run, people: Path, mail: Path) -> None:
        done = hato("check", people, "--mail", mail, "--offline", **NOWHERE)
        assert done.returncode == 0, done.stderr
        assert "Subject: To One" in done.stdout

    def test_a_field_that_the_list_lacks_is_named(self, hato: Run, tmp_path: Path, mail: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_text("email\nchecked1@example.com\n")
        done = hato("check", path, "--mail", mail, "--offline", **NOWHERE)
        assert done.returncode == 2
        assert "{{ username }}" in done.stderr

    def test_a_stored_mail_cannot_be_read_offline(self, hato: Run, people: Path) -> None:
        done = hato("check", people, "--mail", "stored", "--offline", **NOWHERE)
        assert done.returncode == 2
        assert "leave --offline out" in done.stderr

    def test_the_column_of_the_addresses_can_be_named(self, hato: Run, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_text("to,email\nchecked1@example.com,x\n")
        done = hato("check", path, "--offline", "--email-column", "to", **NOWHERE)
        assert (done.returncode, "addresses in to" in done.stdout) == (0, True)
        wrong = hato("check", path, "--offline", "--email-column", "nowhere", **NOWHERE)
        assert wrong.returncode == 2
        assert "to, email" in wrong.stderr


@pytest.mark.cloud
class TestWithAnAccount:
    @pytest.fixture(autouse=True)
    def _stored(self, hato: Run, mail: Path, deployed: Access) -> None:
        assert hato("mail", "put", mail).returncode == 0
        deployed.contacts.mark_unreachable("checked2@example.com", "bounced_at", "2026-01-01T00:00:00.000Z", "gone")

    def test_who_is_suppressed_how_long_it_takes_and_what_it_costs(self, hato: Run, people: Path) -> None:
        told = json.loads(hato("check", people, "--mail", "checked", "--json").stdout)
        assert (told["sendable"], told["suppressed"], told["to_send"]) == (2, 1, 1)
        assert list(told["suppressed_because"]) == ["The contact bounced"]
        assert told["seconds"] > 0
        assert {"SES", "Lambda", "DynamoDB"} <= told["cost_usd"].keys()
        shown = hato("check", people, "--mail", "checked").stdout
        assert "It takes about" in shown
        assert "It costs less than 0.01 USD" in shown

    @pytest.mark.parametrize("answer", ["", "n\n", "\n"])
    def test_nothing_is_sent_where_nobody_says_yes(
        self, hato: Run, people: Path, deployed: Access, answer: str
    ) -> None:
        done = hato("send", people, "--mail", "checked", stdin=answer)
        assert done.returncode == 1
        assert "Send checked to 1 people?" in done.stdout
        assert "Nothing is sent." in done.stdout
        listed = deployed.client("s3").list_objects_v2(Bucket=deployed.bucket, Prefix="lists/checked/")
        assert listed["KeyCount"] == 0

    def test_a_list_is_sent_where_somebody_does_and_then_everybody_has_it(self, hato: Run, people: Path) -> None:
        sent = hato("send", people, "--mail", "checked", "--watch", stdin="y\n")
        assert sent.returncode == 0, sent.stderr
        told = json.loads(hato("check", people, "--mail", "checked", "--json").stdout)
        assert (told["already_sent"], told["suppressed"], told["to_send"]) == (1, 1, 0)

    def test_a_broadcast_goes_to_the_contacts_of_whom_it_holds(
        self, hato: Run, tmp_path: Path, deployed: Access
    ) -> None:
        path = tmp_path / "contacts.csv"
        path.write_text("email,username,floor\ncast1@example.com,One,1\ncast2@example.com,Two,2\n")
        imported = hato("contacts", "import", path, "--yes")
        assert imported.returncode == 0, imported.stderr
        sent = hato("broadcast", "--mail", "checked", "--where", "floor=2", "--watch", "--yes")
        assert sent.returncode == 0, sent.stderr
        campaign = sent.stdout.split()[1]
        report = hato("report", campaign, "--csv").stdout
        assert "cast2@example.com" in report
        assert "cast1@example.com" not in report
