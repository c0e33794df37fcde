"""The demo, from an empty machine to a report that adds up."""

import json
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule

from chalicelib.aws.files import report_key
from chalicelib.domain.mail import Mail
from chalicelib.domain.report import Report
from hato.access import Access
from hato.cli.report import print_ends, print_report
from hato.cli.watch import wait_for_start, watch
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.packaging import package
from hato.project import BUILD, shown
from hato.uploading import upload_list

_HERE = Path(__file__).parent
_MAIL_ID = "pigeon-post"
_BOUNCED = [f"former.member{number:02d}@example.org" for number in range(1, 11)]
_SEED = "27"  # with it the simulated recipients do a little of everything
_CAMPAIGN_WITHIN = 180.0
_EVENTS_WITHIN = 150.0
_RESULT = BUILD / "demo.json"

# What the list holds, and so what must come out.
_EXPECTED = {
    "rows": 500,
    "invalid": 10,
    "duplicate": 10,
    "suppressed": 10,
    "accepted": 470,
    "failed": 0,
    "unknown": 0,
}
# The simulator's words for the report's numbers.
_TRUTH = {
    "delivered": "Delivery",
    "bounced": "Bounce",
    "complained": "Complaint",
    "opened": "Open",
    "clicked": "Click",
}


def run_demo(console: Console) -> int:
    """Run the demo and write build/demo.json; 0 where everything adds up, 1 where anything does not."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the cloud ends with us
    with tempfile.TemporaryDirectory(prefix="hato-demo-") as name:
        with console.status("Starting the local cloud ..."):
            cloud = local_cloud.start(Path(name) / "cloud", options=("--seed", _SEED))
        try:
            return _run(console, cloud)
        finally:
            cloud.down()


def _run(console: Console, cloud: LocalCloud) -> int:
    access = _deploy(console, cloud)
    mailing_list = _HERE / "list.csv"
    _prepare(access)
    console.print(Rule(f"[bold]1[/]  {shown(mailing_list)}, 500 rows, dropped into S3", align="left"))
    first = _campaign(access, mailing_list, console)
    first = _wait_for_events(console, cloud, access, first)
    print_report(console, first)
    kept = _keep_report(access, first)
    console.print(f"Every row and how it ended: {shown(kept)}, one line of it:\n  {_example(kept)}")
    console.print(Rule("[bold]2[/]  the same list again: nobody gets it twice", align="left"))
    second = _campaign(access, mailing_list, console)
    print_ends(console, second)
    return _judge(console, cloud, first, second)


def _deploy(console: Console, cloud: LocalCloud) -> Access:
    with console.status("Packaging the functions ...") as status:
        made = package(BUILD / "demo-package", cloud.stage)
        access = cloud.deploy(made, "pigeon@example.com", lambda text: status.update(f"Deploying: {text} ..."))
    console.print(f"Hato is deployed as {access.stack} on the local cloud {cloud.endpoint_url}.")
    return access


def _prepare(access: Access) -> None:
    """Store the mail, and contacts who have bounced before."""
    access.mails.put(
        Mail(
            _MAIL_ID,
            "A letter for {{ username }}",
            (_HERE / "mail.txt").read_text(encoding="utf-8"),
            (_HERE / "mail.html").read_text(encoding="utf-8"),
        )
    )
    for email in _BOUNCED:
        access.contacts.mark_unreachable(email, "bounced_at", "2026-01-15T09:30:00.000Z", "no such mailbox")


def _campaign(access: Access, mailing_list: Path, console: Console) -> Report:
    campaign_id = upload_list(access, mailing_list, _MAIL_ID)
    wait_for_start(access, campaign_id)
    return watch(access, campaign_id, console, _CAMPAIGN_WITHIN)


def _wait_for_events(console: Console, cloud: LocalCloud, access: Access, report: Report) -> Report:
    """Wait until SES has told everything, and Hato has counted it or time is up."""
    deadline = time.monotonic() + _EVENTS_WITHIN
    with console.status("SES reports ...") as status:
        while time.monotonic() < deadline:
            told = cloud.ask("/_simulator/status")
            report = access.campaigns.report(report.campaign_id)
            status.update(f"SES reports: {told['events_pending']} events to come ...")
            if not told["events_pending"] and not _differences(cloud, report):
                break
            time.sleep(0.5)
    return report


def _differences(cloud: LocalCloud, report: Report) -> list[str]:
    """Where the report's events are not what the simulated recipients did."""
    did: dict[str, set[str]] = {kind: set() for kind in _TRUTH.values()}
    for event in cloud.ask_lines("/_simulator/events"):
        kind = "soft bounce" if event["kind"] == "Bounce" and _is_soft(event) else event["kind"]
        did.setdefault(kind, set()).add(event["recipient"])
    return [
        f"{number}: the report says {report.events[number]}, the simulated SES {len(did[kind])}"
        for number, kind in _TRUTH.items()
        if report.events[number] != len(did[kind])
    ]


def _is_soft(event: Mapping[str, Any]) -> bool:
    return not str(event["detail"]).startswith("Permanent")


def _keep_report(access: Access, report: Report) -> Path:
    """Copy report.csv into the build folder."""
    body = access.client("s3").get_object(Bucket=access.bucket, Key=report_key(report.campaign_id))["Body"]
    kept = BUILD / "demo-report.csv"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(body.read())
    return kept


def _example(report_csv: Path) -> str:
    lines = report_csv.read_text(encoding="utf-8-sig").splitlines()
    return next((line for line in lines[1:] if ",suppressed," in line), lines[0])


def _judge(console: Console, cloud: LocalCloud, first: Report, second: Report) -> int:
    """Compare everything, write build/demo.json, and say what does not add up."""
    inbox = [message["to"][0] for message in cloud.ask_lines("/messages")]
    result = {
        **{name: first.to_document()[name] for name in (*_EXPECTED, "already_sent", *_TRUTH)},
        "balanced": first.balanced and second.balanced,
        "messages_in_inbox": len(inbox),
        "second_run_accepted": second.ends["accepted"],
        "second_run_already_sent": second.ends["already_sent"],
    }
    _RESULT.write_text(json.dumps(result, indent=2) + "\n")
    wrong = [f"{name} is {result[name]}, not {n}" for name, n in _EXPECTED.items() if result[name] != n]
    wrong += _differences(cloud, first)
    if len(inbox) != first.ends["accepted"] or len(set(inbox)) != len(inbox):
        wrong.append(f"the inbox holds {len(inbox)} mails to {len(set(inbox))} addresses")
    wrong += [f"campaign {r.campaign_id} is {r.status.value}" for r in (first, second) if not r.has_ended]
    if not result["balanced"]:
        wrong.append("the rows do not balance")
    if second.ends["accepted"] or second.ends["already_sent"] != first.ends["accepted"]:
        wrong.append(f"the second run sent {second.ends['accepted']} mails")
    for sentence in wrong:
        console.print(f"[red]✗[/] {sentence}")
    if not wrong:
        console.print(
            f"[green]✓[/] {len(inbox)} mails in the inbox, one for each address; every row is accounted for, and "
            "every event is counted.\n"
            f"The numbers are in {shown(_RESULT)}. To look around in a cloud that stays: `hato local up`; its "
            "inbox is the page at the inbox url."
        )
    return 1 if wrong else 0
