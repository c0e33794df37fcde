"""`hato contacts` against a deployed Hato."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.forgotten import MARKER, forgotten_key
from hato.access import Access
from hato.local.cloud import LocalCloud
from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud

AT = "2026-01-31T08:00:00.000Z"
PATIENCE = 60.0


class Table:
    """The Contacts table, as plain AWS calls see it."""

    def __init__(self, access: Access) -> None:
        self._dynamodb = access.client("dynamodb")
        self._name = access.outputs["ContactsTable"]
        self.key = access.link_key()

    def put(self, email: str, **attributes: Any) -> None:
        self._dynamodb.put_item(TableName=self._name, Item=to_item({"email": email, **attributes}))

    def get(self, email: str) -> dict[str, Any]:
        found = self._dynamodb.get_item(TableName=self._name, Key=to_item({"email": email}), ConsistentRead=True)
        return from_item(found.get("Item", {}))

    def delete(self, *emails: str) -> None:
        for email in emails:
            self._dynamodb.delete_item(TableName=self._name, Key=to_item({"email": email}))


@pytest.fixture
def table(deployed: Access) -> Table:
    return Table(deployed)


@pytest.fixture
def forgotten(table: Table) -> Iterator[str]:
    """An address that was erased on request."""
    email = "gone@import.example.com"
    table.put(forgotten_key(table.key, email), forgotten_at="2026-01-31")
    table.put(MARKER)
    yield email
    table.delete(forgotten_key(table.key, email), MARKER)


def write(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_becomes_contacts_and_again_changes_nothing(hato: Run, table: Table, tmp_path: Path) -> None:
    rows = "".join(f"I{n}@import.example.com,Name {n},pro,\n" for n in range(230))
    path = write(tmp_path, f"e-mail,username,plan,名前's\n{rows}nobody,X,pro,\ni3@import.example.com,Y,free,\n")
    imported = hato("contacts", "import", path, "--yes")
    assert imported.returncode == 0, imported.stderr
    assert "2 rows cannot be imported (1 duplicate, 1 invalid):" in imported.stdout
    assert "row 232  nobody: There is no @ in the address." in imported.stdout
    assert "230 imported, 0 changed, 0 as they were, 2 skipped." in imported.stdout
    expected = {"email": "i7@import.example.com", "username": "Name 7", "plan": "pro"}
    assert table.get("i7@import.example.com") == expected
    assert "0 imported, 0 changed, 230 as they were, 2 skipped." in hato("contacts", "import", path, "--yes").stdout


def test_what_hato_knows_of_an_address_is_not_touched_and_a_column_cannot_bring_it(
    hato: Run, table: Table, tmp_path: Path
) -> None:
    table.put("known@import.example.com", plan="free", town="Kyoto", bounced_at=AT, haserror=1, noted_at=AT)
    path = write(tmp_path, "email,plan,town,haserror,名前'\"\nknown@import.example.com,pro,,0,鳩\n")
    imported = hato("contacts", "import", path, "--yes")
    assert "1 imported, 0 changed" in imported.stdout, imported.stderr
    assert "1 of them are not written to" in imported.stdout
    expected = {"plan": "pro", "town": "Kyoto", "bounced_at": AT, "haserror": 1, "名前'\"": "鳩"}
    assert table.get("known@import.example.com") == {"email": "known@import.example.com", **expected}
    for name in ("bounced_at", "unsubscribed_at", "noted_at", "ses_suppressed_at"):
        refused = hato("contacts", "import", write(tmp_path, f"email,{name}\na@import.example.com,\n"), "--yes")
        assert refused.returncode == 1
        assert f"The column '{name}' has a name under which Hato keeps" in refused.stderr
    table.delete("known@import.example.com")


def test_a_contact_under_its_address_as_it_was_typed_is_changed_and_not_doubled(
    hato: Run, table: Table, tmp_path: Path
) -> None:
    table.put("Typed@Import.Example.com", plan="free", unsubscribed_at=AT)
    hato("contacts", "import", write(tmp_path, "email,plan\nTyped@Import.Example.com,pro\n"), "--yes")
    assert table.get("typed@import.example.com") == {}
    assert table.get("Typed@Import.Example.com")["plan"] == "pro"
    table.delete("Typed@Import.Example.com")


def test_a_forgotten_address_is_skipped_and_counted(hato: Run, table: Table, tmp_path: Path, forgotten: str) -> None:
    path = write(tmp_path, f"email,plan\n{forgotten},pro\nstays@import.example.com,pro\n")
    imported = hato("contacts", "import", path, "--yes")
    assert "1 imported, 0 changed, 0 as they were, 1 skipped." in imported.stdout
    assert "1 of the skipped were erased on request" in imported.stdout
    assert table.get(forgotten) == {}
    listed = hato("contacts", "list", "--json")
    assert "forgotten" not in listed.stdout
    table.delete("stays@import.example.com")


def test_a_file_that_is_no_list_imports_nothing_and_nobody_is_asked_in_vain(
    hato: Run, table: Table, tmp_path: Path
) -> None:
    broken = write(tmp_path, 'email,name\nfirst@import.example.com,A\n"unpaired@import.example.com,B\nx@y.example,C\n')
    refused = hato("contacts", "import", broken, "--yes")
    assert refused.returncode == 1
    assert table.get("first@import.example.com") == {}
    asked = hato("contacts", "import", write(tmp_path, "email\nfirst@import.example.com\n"))
    assert (asked.returncode, "Nothing is imported." in asked.stdout) == (1, True)
    assert table.get("first@import.example.com") == {}


def test_contacts_are_listed_by_their_attributes_and_by_what_is_against_them(hato: Run, table: Table) -> None:
    table.put("one@list.example.com", plan="gold", username="=cmd()", points=3)
    table.put("two@list.example.com", plan="gold", bounced_at=AT)
    table.put("noted@list.example.com", noted_at=AT, unsubscribed_at=AT)
    told = hato("contacts", "list", "--where", "plan=gold").stdout
    assert "one@list.example.com  plan=gold  points=3  username==cmd()" in told
    assert f"two@list.example.com  plan=gold  The contact bounced {AT}." in told
    assert "2 contacts, 1 of them not written to." in told
    both = json.loads(hato("contacts", "list", "--where", "plan=gold", "--where", "points=3", "--json").stdout)
    assert [(each["email"], each["suppressed"]) for each in both] == [("one@list.example.com", "")]
    off = json.loads(hato("contacts", "list", "--suppressed", "--json").stdout)
    assert {"two@list.example.com", "noted@list.example.com"} <= {each["email"] for each in off}
    assert "one@list.example.com" not in {each["email"] for each in off}
    rows = list(csv.DictReader(io.StringIO(hato("contacts", "list", "--where", "plan=gold", "--csv").stdout)))
    assert {(row["email"], row["username"]) for row in rows} == {
        ("one@list.example.com", "'=cmd()"),
        ("two@list.example.com", ""),
    }
    assert hato("contacts", "list", "--where", "plan").stderr.startswith("hato: 'plan' is no condition on contacts")
    assert "There are no such contacts." in hato("contacts", "list", "--where", "shoe=42").stdout
    table.delete("one@list.example.com", "two@list.example.com", "noted@list.example.com")


def test_one_contact_is_shown_and_an_unknown_one_is_a_sentence(hato: Run, table: Table) -> None:
    table.put("shown@list.example.com", plan="gold", soft_bounces={"m1"})
    shown = hato("contacts", "show", " Shown@List.example.com ")
    assert "It may be written to." in shown.stdout
    found = json.loads(hato("contacts", "show", "shown@list.example.com", "--json").stdout)
    assert (found["plan"], found["soft_bounces"], found["is_contact"]) == ("gold", ["m1"], True)
    unknown = hato("contacts", "show", "unknown@list.example.com")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("hato: There is no contact unknown@list.example.com. `hato why unknown@")
    assert "no address that Hato can write to" in hato("contacts", "show", "nobody").stderr
    table.delete("shown@list.example.com")


def test_a_contact_is_removed_and_what_stands_against_it_is_kept(hato: Run, table: Table) -> None:
    table.put("free@list.example.com", plan="gold", haserror=0, unsubscribed_at="")
    table.put("left@list.example.com", plan="gold", unsubscribed_at=AT)
    assert hato("contacts", "remove", "free@list.example.com").returncode == 1
    assert table.get("free@list.example.com")
    assert "free@list.example.com is removed." in hato("contacts", "remove", "free@list.example.com", "--yes").stdout
    assert table.get("free@list.example.com") == {}
    removed = hato("contacts", "remove", "left@list.example.com", stdin="y\n").stdout
    assert f"Kept, so that it stays so: The contact unsubscribed {AT}." in removed
    left = table.get("left@list.example.com")
    assert (left.keys(), left["unsubscribed_at"]) == ({"email", "unsubscribed_at", "noted_at"}, AT)
    table.delete("left@list.example.com")


def test_what_events_hold_against_an_address_can_be_taken_back_and_what_its_owner_said_cannot(
    hato: Run, table: Table
) -> None:
    table.put("back@list.example.com", plan="gold", bounced_at=AT, haserror=1, error_reason="x", soft_bounces={"m"})
    table.put("spam@list.example.com", complained_at=AT, haserror=1)
    table.put("left@list.example.com", unsubscribed_at=AT)
    assert "may be written to again" in hato("contacts", "allow", "back@list.example.com", "--yes").stdout
    expected = {"email": "back@list.example.com", "plan": "gold", "haserror": 0}
    assert table.get("back@list.example.com") == expected
    assert "Nothing is held against" in hato("contacts", "allow", "back@list.example.com", "--yes").stdout
    refused = hato("contacts", "allow", "spam@list.example.com", "--yes")
    assert (refused.returncode, "--even-complained" in refused.stderr) == (1, True)
    assert hato("contacts", "allow", "spam@list.example.com", "--yes", "--even-complained").returncode == 0
    assert "complained_at" not in table.get("spam@list.example.com")
    never = hato("contacts", "allow", "left@list.example.com", "--yes", "--even-complained")
    assert (never.returncode, "only they can take that back" in never.stderr) == (1, True)
    table.delete("back@list.example.com", "spam@list.example.com", "left@list.example.com")


def test_sess_suppression_list_is_taken_over_and_follows_it(
    hato: Run, table: Table, cloud: LocalCloud, deployed: Access, forgotten: str
) -> None:
    ses = deployed.client("sesv2")
    here = {"HATO_LOCAL_FOLDER": cloud.folder, "HATO_ENDPOINT_URL": ""}  # it knows where the local cloud's SES is
    table.put("known@sync.example.com", plan="gold")
    for email in ("Known@sync.example.com", "new@sync.example.com", forgotten):
        ses.put_suppressed_destination(EmailAddress=email, Reason="COMPLAINT")
    synced = hato("contacts", "sync-suppression", **here)
    assert "3 addresses are on SES's suppression list: 2 marked now, 0 no longer on it" in synced.stdout, synced.stderr
    assert "1 of them were erased on request" in synced.stdout
    known, new = table.get("known@sync.example.com"), table.get("new@sync.example.com")
    assert (known["ses_suppression_reason"], known["plan"], "noted_at" in known) == ("COMPLAINT", "gold", False)
    assert "noted_at" in new
    assert "on SES's suppression list since" in hato("contacts", "show", "new@sync.example.com").stdout
    ses.delete_suppressed_destination(EmailAddress="known@sync.example.com")
    assert "0 marked now, 1 no longer on it" in hato("contacts", "sync-suppression", **here).stdout
    assert table.get("known@sync.example.com") == {"email": "known@sync.example.com", "plan": "gold"}
    allowed = hato("contacts", "allow", "new@sync.example.com", "--yes").stdout
    assert "aws sesv2 delete-suppressed-destination --email-address new@sync.example.com" in allowed
    for email in ("new@sync.example.com", forgotten):
        ses.delete_suppressed_destination(EmailAddress=email)
    table.delete("known@sync.example.com", "new@sync.example.com")


def tell(access: Access, topic: str, kind: str, body: dict[str, Any], emails: list[str], second: int) -> None:
    """SES tells of an event, as of other mail of the account."""
    at = f"2026-02-01T08:00:{second:02d}.000Z"
    mail = {"timestamp": at, "messageId": f"event-{second}", "destination": emails, "tags": {}}
    message = {"eventType": kind.capitalize(), "mail": mail, kind: body | {"timestamp": at}}
    access.client("sns").publish(TopicArn=access.outputs[topic], Message=json.dumps(message))


def bounce(access: Access, kind: str, second: int, *emails: str) -> None:
    body = {"bounceType": kind, "bouncedRecipients": [{"emailAddress": email} for email in emails]}
    tell(access, "FeedbackTopic", "bounce", body, list(emails), second)


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_deployed_functions_count_bounces_in_a_row_which_a_delivery_ends(table: Table, deployed: Access) -> None:
    email = "holiday@events.example.com"
    for second in (1, 2):
        bounce(deployed, "Transient", second, email)
    wait_for(lambda: len(table.get(email).get("soft_bounces", ())) == 2)
    tell(deployed, "DeliveryTopic", "delivery", {"recipients": [email]}, [email], 9)
    wait_for(lambda: "soft_bounces_ended_at" in table.get(email))
    assert "soft_bounces" not in table.get(email)
    table.delete(email)


def test_the_deployed_functions_write_no_forgotten_address_down_again(
    table: Table, deployed: Access, forgotten: str
) -> None:
    witness = "witness@events.example.com"
    bounce(deployed, "Permanent", 3, forgotten, witness)
    wait_for(lambda: "bounced_at" in table.get(witness))
    assert table.get(forgotten) == {}
    table.delete(witness)
