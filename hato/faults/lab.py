"""One run of the fault lab: a campaign on a local cloud of its own, disturbed, and judged when it is over."""

import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil

from chalicelib.domain.campaign import Upload
from chalicelib.domain.mail import Mail
from chalicelib.errors import HatoError
from hato.access import Access
from hato.faults import change, endpoints, start_fault_proxy
from hato.faults.kills import Kills, moments
from hato.faults.list import Rows, make_rows
from hato.faults.trouble import Trouble
from hato.faults.verdict import Result, gather, judge
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.local.processes import free_port
from hato.packaging import Package

_MAIL = Mail("letter", "A letter for {{ username }}", "Dear {{ username }},\n\nhello.", "<p>Dear {{ username }}</p>")
_SENDER = "pigeon@example.com"
# Few opens, so that the emulator can bear twice as many events as there are mails; no harm done to the reputation.
_BEHAVIOUR = {"opens": 0.02, "bots": 0.0, "complaints": 0.0, "hard_bounces": 0.01, "delays": 0.0}
_EVENTS_WITHIN = 10 * 60.0
_EVERY = 0.2

Told = Callable[[str], None]


class RunTooLong(HatoError):
    """A run did not come to its end."""


def run(trouble: Trouble, package: Package, folder: Path, told: Told, seed: int = 1) -> Result:
    """Run one campaign into all this trouble; what came of it. Raises RunTooLong."""
    with ExitStack() as stack:
        port = free_port()
        cloud = local_cloud.start(
            folder / "cloud",
            rate=trouble.rate,
            options=("--seed", str(seed), "--delivery-delay", "0.5", "--engagement-delay", "2"),
            # The emulator inherits it too, and waits so much shorter in every state machine.
            functions={"SFN_WAIT_SCALE": str(trouble.waits)} | (endpoints(port) if trouble.calls else {}),
        )
        stack.callback(cloud.down)
        if trouble.calls:
            proxy = start_fault_proxy(folder, cloud.endpoint_url, port, seed=seed, on=False, **trouble.calls)
            stack.callback(proxy.end)
        access = _deploy(cloud, package, trouble)
        rows = make_rows(trouble.recipients)
        for email in rows.suppressed:
            access.contacts.mark_unreachable(email, "bounced_at", "2026-01-15T09:30:00.000Z", "no such mailbox")
        settings = {"faults": dict(trouble.ses), "behaviour": _BEHAVIOUR, "event_rate": trouble.event_rate}
        cloud.tell("/_simulator/settings", settings)
        if trouble.calls:
            change(port, on=True)
        started = time.monotonic()
        campaign_id = _upload(access, rows, trouble.double_upload)
        chance = random.Random(seed)  # noqa: S311 - no secret depends on it
        kills = _disturb(cloud, access, campaign_id, trouble, chance, told)
        seconds = time.monotonic() - started
        if trouble.calls:
            change(port, on=False)
        _wait_for_events(cloud, access, campaign_id, told)
        status = cloud.ask("/_simulator/status")
        return judge(trouble, gather(cloud, access, rows, campaign_id), kills, seconds, status)


def _deploy(cloud: LocalCloud, package: Package, trouble: Trouble) -> Access:
    parameters = {"SettlingMinutes": str(trouble.settling_minutes), "UnknownOutcomes": trouble.unknown_outcomes}
    access = cloud.deploy(package, _SENDER, parameters=parameters)
    access.mails.put(_MAIL)
    for name in ("on_delivery", "on_feedback"):  # on a busy machine, events must not wait for their function's start
        access.client("lambda").invoke(FunctionName=f"{access.stack}-{name}", Payload=b'{"Records": []}')
    queue = access.outputs["SendQueue"]
    sqs = access.client("sqs")
    redrive = json.loads(
        sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
    )
    # Killed on purpose again and again, a batch must not be given up for it.
    sqs.set_queue_attributes(
        QueueUrl=queue,
        Attributes={
            "VisibilityTimeout": str(trouble.visibility),
            "RedrivePolicy": json.dumps(redrive | {"maxReceiveCount": 1000}),
        },
    )
    return access


def _upload(access: Access, rows: Rows, twice: bool) -> str:
    """Upload the list, and tell of it once more if asked for; the campaign's id."""
    key = f"lists/{_MAIL.mail_id}/readers.csv"
    answer = access.client("s3").put_object(Bucket=access.bucket, Key=key, Body=rows.csv)
    upload = Upload(access.bucket, key, answer["VersionId"], answer["ETag"].strip('"'))
    if twice:
        record = {
            "s3": {
                "bucket": {"name": upload.bucket},
                "object": {"key": upload.key, "versionId": upload.version, "eTag": upload.etag},
            }
        }
        event = json.dumps({"Records": [record]}).encode()
        tell = access.client("lambda").invoke
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: tell(FunctionName=f"{access.stack}-on_upload", Payload=event), range(2)))
    return upload.campaign_id


def _disturb(
    cloud: LocalCloud, access: Access, campaign_id: str, trouble: Trouble, chance: random.Random, told: Told
) -> int:
    """Kill workers while it is sent, until the campaign has ended; how many were killed."""
    emulator, due = psutil.Process(cloud.emulator.pid), moments(trouble, chance)
    kills, deadline = Kills(emulator, f"{access.stack}-send_batch", due, chance), time.monotonic() + trouble.within
    while time.monotonic() < deadline:
        sent = int(cloud.ask("/_simulator/status")["accepted"])
        kills.look(sent)
        if sent >= trouble.calm_from * trouble.recipients:
            cloud.tell("/_simulator/settings", {"faults": trouble.calm})
        told(f"{sent:,} of {trouble.recipients:,} mails, {kills.count} workers killed")
        if _has_ended(access, campaign_id):
            return kills.count
        time.sleep(_EVERY)
    report = access.campaigns.report(campaign_id)
    raise RunTooLong(
        f"The campaign of the run {trouble.name!r} did not end within {trouble.within:,.0f} seconds: it is "
        f"{report.status.value}, and {report.settled:,} of its {report.rows:,} rows have come to an end."
    )


def _has_ended(access: Access, campaign_id: str) -> bool:
    summary = access.campaigns.summary(campaign_id)
    return bool(summary.get("finished_at"))


def _wait_for_events(cloud: LocalCloud, access: Access, campaign_id: str, told: Told) -> None:
    """Wait until SES has told everything and Hato has counted what it was told."""
    deadline, last = time.monotonic() + _EVENTS_WITHIN, dict[str, Any]()
    while time.monotonic() < deadline:
        pending = cloud.ask("/_simulator/status")["events_pending"]
        told(f"{pending:,} events to come")
        counted = dict(access.campaigns.report(campaign_id).events)
        if not pending and counted == last:
            return
        last = counted
        time.sleep(2.0)
    raise RunTooLong("The events did not come to their end.")
