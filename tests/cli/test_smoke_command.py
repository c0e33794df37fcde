"""`hato smoke` against a deployed Hato: one that works, and one that does not hear of bounces."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.errors import MailNotFound
from hato.access import Access
from hato.local.cloud import LocalCloud
from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud

CHECKS = [
    *("campaign", "rows", "report.csv", "state machine"),
    *("success", "bounce", "complaint", "suppressionlist", "ooto"),
    *("counters", "second upload", "report page", "dead letters"),
]


@pytest.fixture(scope="module")
def told(hato: Run) -> dict[str, Any]:
    """What a smoke test of a Hato that works says."""
    done = hato("smoke", "--yes", "--json", "--timeout", "100")
    assert done.returncode == 0, done.stdout + done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.fixture
def deaf_to_feedback(deployed: Access) -> Iterator[None]:
    """Nobody listens to the feedback topic."""
    sns, topic = deployed.client("sns"), deployed.outputs["FeedbackTopic"]
    (listener,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=listener["SubscriptionArn"])["Attributes"]
    sns.unsubscribe(SubscriptionArn=listener["SubscriptionArn"])
    yield
    kept = {name: attributes[name] for name in ("RedrivePolicy",) if attributes.get(name)}
    sns.subscribe(TopicArn=topic, Protocol=listener["Protocol"], Endpoint=listener["Endpoint"], Attributes=kept)


@pytest.fixture
def paused_by_ses(cloud: LocalCloud) -> Iterator[None]:
    """SES lets the account send nothing."""
    cloud.tell("/_simulator/settings", {"sending_enabled": False})
    yield
    cloud.tell("/_simulator/settings", {"sending_enabled": True})


def items(access: Access, table: str, run: str) -> list[dict[str, Any]]:
    """The items of this run that a table holds."""
    pages = access.client("dynamodb").get_paginator("scan").paginate(TableName=access.outputs[table])
    return [item for page in pages for item in page["Items"] if run in json.dumps(item)]


def test_every_check_holds_where_hato_works(told: dict[str, Any]) -> None:
    assert {check["name"]: check["ok"] for check in told["checks"]} == dict.fromkeys(CHECKS, True)
    assert sorted(check["name"] for check in told["checks"]) == sorted(CHECKS)
    assert told["ok"] is True


def test_a_dozen_mails_are_sent_once_each_to_the_mailbox_simulator(told: dict[str, Any], cloud: LocalCloud) -> None:
    sent = [each for each in cloud.ask_lines("/messages") if each["tags"].get("mail") == told["mail_id"]]
    recipients = [address for each in sent for address in each["to"]]
    assert len(set(recipients)) == len(recipients) == 12
    mailboxes = Counter(address.partition("+")[0] for address in recipients)
    assert mailboxes == {"success": 4, "bounce": 2, "complaint": 2, "suppressionlist": 2, "ooto": 2}
    assert {address.partition("@")[2] for address in recipients} == {"simulator.amazonses.com"}


def test_its_mail_and_contacts_are_removed_and_its_campaigns_kept(told: dict[str, Any], deployed: Access) -> None:
    run = told["mail_id"].removeprefix("hato-smoke-")
    left = [item["email"]["S"] for item in items(deployed, "ContactsTable", run)]
    assert [email for email in left if not email.startswith("ooto+")] == []  # an automatic answer may come later
    assert re.search(r"the [678] contacts that its events made", told["tidied"])
    with pytest.raises(MailNotFound):
        deployed.mails.get(told["mail_id"])
    assert len(items(deployed, "DeliveriesTable", run)) == 12
    first, again = (deployed.campaigns.report(campaign_id) for campaign_id in told["campaigns"])
    assert (first.ends["accepted"], again.ends["already_sent"]) == (12, 12)


def test_where_bounces_are_not_heard_of_the_checks_that_need_them_fail_and_say_where_to_look(
    hato: Run, deployed: Access, deaf_to_feedback: None
) -> None:
    done = hato("smoke", "--yes", "--timeout", "3")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    failed = {found[1]: found[2] for line in lines if (found := re.match(r"✗ (\S+) +(.+)", line))}
    assert {"bounce", "complaint", "suppressionlist"} <= failed.keys() <= {*CHECKS}
    assert failed["bounce"] == "0 of 2 bounced for good; 0 of 2 contacts marked with haserror after 3 seconds"
    assert "0 of 2 complained of" in failed["complaint"]
    assert any(line.startswith("✓ rows") for line in lines)
    assert f"  the log group /aws/lambda/{deployed.stack}-on_feedback" in lines
    assert any("`hato doctor" in line for line in lines)
    assert "Traceback" not in done.stderr


def test_where_ses_takes_no_mail_the_campaign_says_why_and_no_event_is_waited_for(
    hato: Run, paused_by_ses: None
) -> None:
    done = hato("smoke", "--yes", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert {check["name"]: check["ok"] for check in told["checks"]} == {"campaign": False, "dead letters": True}
    assert "SES lets this account send nothing" in told["checks"][0]["detail"]
    assert told["tidied"].startswith("Removed: the mail")
    assert told["ok"] is False


@pytest.mark.parametrize("answer", ["n\n", ""], ids=["no", "nobody there"])
def test_nothing_is_sent_without_a_yes_and_what_it_costs_is_said_before(
    hato: Run, deployed: Access, answer: str
) -> None:
    done = hato("smoke", stdin=answer)
    assert done.returncode == 1
    assert "about 0.0012 USD (12 mails at 0.0001 USD)" in done.stdout
    assert "opens and clicks nothing" in done.stdout
    assert "Nothing was sent." in done.stdout
    named = re.search(r"the mail (\S+) to 12 addresses", done.stdout)
    assert named
    assert items(deployed, "MailsTable", named[1]) == []


def test_a_stage_that_is_not_there_is_told_before_anything_is_asked(hato: Run) -> None:
    done = hato("smoke", "--stage", "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no stack hato-nowhere" in done.stderr
