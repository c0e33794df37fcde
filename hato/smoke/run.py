"""A smoke test of a deployed Hato: sends, asks everybody who knows what came of it, and tidies up."""

import io
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from chalicelib.aws.files import report_key
from chalicelib.aws.items import to_item
from chalicelib.aws.reading import batch_get
from chalicelib.domain.campaign import Status
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.recipient import shard_of, shard_tag
from chalicelib.domain.report import Report
from chalicelib.domain.report_file import read_csv
from hato.access import Access
from hato.cli.links import report_link
from hato.cli.watch import CampaignSilent, wait_for_start, watch
from hato.smoke import verdict
from hato.smoke.expectations import MAILBOXES, MAILS, Plan
from hato.smoke.verdict import Check, Items
from hato.uploading import upload_list

_DEAD_LETTER_QUEUES = ("SendDeadLetterQueue", "EventDeadLetterQueue")
_CAMPAIGN_WITHIN = 300.0
_EXECUTION_WITHIN = 60.0  # its report is finished a moment before it is itself
_COUNTERS_WITHIN = 20.0  # an event is counted a moment after the ledger has it
_EVERY = 1.0


class Smoke:
    """One smoke test; `console` is told where the campaign stands, `timeout` is how many seconds events may take."""

    def __init__(self, access: Access, plan: Plan, timeout: float, console: Console) -> None:
        self.campaigns: list[str] = []
        self._access = access
        self._plan = plan
        self._timeout = timeout
        self._console = console
        self._dynamodb = access.client("dynamodb")

    def checks(self) -> Iterator[Check]:
        """Send, and yield each check as soon as it is known; what cannot be looked at any more is left out."""
        dead_letters = self._dead_letters()
        self._access.mails.put(self._plan.mail())
        try:
            report = self._send()
            yield verdict.judge_end(report)
            if report.status is Status.FINISHED:
                yield from self._checks_of(report)
        except CampaignSilent as error:
            yield Check("campaign", False, str(error), ("on_upload",))
        yield verdict.judge_dead_letters(dead_letters, self._dead_letters())

    def tidy(self) -> str:
        """Remove the mail and the contacts that this run made, unless a campaign may still need them; what was done."""
        if not all(self._has_ended(campaign_id) for campaign_id in self.campaigns):
            return "Nothing was removed, for a campaign has not ended."
        self._delete("MailsTable", {"mail_id": self._plan.mail_id})
        made = self._contacts()
        for email in made:
            self._delete("ContactsTable", {"email": email})
        return (
            f"Removed: the mail {self._plan.mail_id} and the {len(made)} contacts that its events made. "
            f"Kept: the campaigns ({', '.join(self.campaigns)}) with their list, files and deliveries."
        )

    def _checks_of(self, report: Report) -> Iterator[Check]:
        yield verdict.judge_rows(self._plan, report)
        yield verdict.judge_lines(self._plan, read_csv(io.StringIO(self._report_csv(report))))
        yield _within(_EXECUTION_WITHIN, lambda: verdict.judge_execution(self._execution(report)))
        yield from self._events_of(report)
        if report.ends[OutcomeKind.ACCEPTED] == MAILS:  # else a second upload rightly sends to who has not had it
            yield self._again()
        yield self._page(report)

    def _events_of(self, report: Report) -> Iterator[Check]:
        """One check for each mailbox, as its events come, and one for the counters when all have."""
        wait = self._timeout if report.ends[OutcomeKind.ACCEPTED] else 0.0
        self._console.print(f"waiting for SES's events, {wait:.0f} seconds at most")
        deadline, waiting = time.monotonic() + wait, list(MAILBOXES)
        while waiting:
            is_over = time.monotonic() > deadline
            deliveries, contacts = self._deliveries(), self._contacts()
            for mailbox in tuple(waiting):
                check = verdict.judge_mailbox(self._plan, mailbox, deliveries, contacts)
                if check.ok or is_over:
                    waiting.remove(mailbox)
                    yield check if check.ok else replace(check, detail=f"{check.detail} after {wait:.0f} seconds")
            if waiting:
                time.sleep(_EVERY)
        yield _within(_COUNTERS_WITHIN, lambda: self._counters(report.campaign_id))

    def _send(self) -> Report:
        """Upload the list and follow its campaign; its last report. Raises CampaignSilent."""
        with tempfile.TemporaryDirectory(prefix="hato-smoke-") as folder:
            mailing_list = Path(folder) / self._plan.file_name
            mailing_list.write_bytes(self._plan.list_csv())
            self.campaigns.append(upload_list(self._access, mailing_list, self._plan.mail_id))
        wait_for_start(self._access, self.campaigns[-1])
        return watch(self._access, self.campaigns[-1], self._console, _CAMPAIGN_WITHIN)

    def _again(self) -> Check:
        try:
            return verdict.judge_again(self._send())
        except CampaignSilent as error:
            return Check("second upload", False, str(error), ("on_upload",))

    def _counters(self, campaign_id: str) -> Check:
        deliveries = self._deliveries()
        return verdict.judge_counters(deliveries, self._access.campaigns.report(campaign_id))

    def _page(self, report: Report) -> Check:
        link = report_link(self._access, report.campaign_id)
        try:
            with urllib.request.urlopen(link, timeout=30) as page:  # noqa: S310 - the stack's own address
                return verdict.judge_page(page.status, report.campaign_id in page.read().decode(errors="replace"))
        except urllib.error.HTTPError as refused:
            refused.close()
            return verdict.judge_page(refused.code, names_campaign=False)
        except OSError as error:
            return verdict.judge_page(f"not at all: {error}", names_campaign=False)

    def _report_csv(self, report: Report) -> str:
        key = report_key(report.campaign_id)
        body = self._access.client("s3").get_object(Bucket=self._access.bucket, Key=key)["Body"]
        return str(body.read().decode("utf-8-sig"))

    def _execution(self, report: Report) -> str:
        arn = self._access.campaigns.summary(report.campaign_id)["execution_arn"]
        return str(self._access.client("stepfunctions").describe_execution(executionArn=arn)["status"])

    def _has_ended(self, campaign_id: str) -> bool:
        return bool(self._access.campaigns.summary(campaign_id).get("finished_at"))

    def _deliveries(self) -> Items:
        mail_id = self._plan.mail_id
        keys = [
            {"mail_shard": f"{mail_id}#{shard_tag(shard_of(email))}", "email": email}
            for email in self._plan.all_addresses()
        ]
        return self._items("DeliveriesTable", keys)

    def _contacts(self) -> Items:
        return self._items("ContactsTable", [{"email": email} for email in self._plan.all_addresses()])

    def _items(self, table: str, keys: list[dict[str, str]]) -> Items:
        return {item["email"]: item for item in batch_get(self._dynamodb, self._access.outputs[table], keys)}

    def _delete(self, table: str, key: dict[str, Any]) -> None:
        self._dynamodb.delete_item(TableName=self._access.outputs[table], Key=to_item(key))

    def _dead_letters(self) -> dict[str, int]:
        """How many messages lie in each dead-letter queue that the stack has."""
        there = [name for name in _DEAD_LETTER_QUEUES if name in self._access.outputs]
        return {name: self._count(self._access.outputs[name]) for name in there}

    def _count(self, queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]  # seen by somebody just now
        found = self._access.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)


def _within(seconds: float, look: Callable[[], Check]) -> Check:
    """The check, once it holds or the time is up."""
    deadline = time.monotonic() + seconds
    while not (check := look()).ok and time.monotonic() < deadline:
        time.sleep(_EVERY)
    return check
