"""One campaign to many on the local cloud, as deployed: `python -m bench.real_run [RECIPIENTS [RATE]]`.

The emulator does in Python, on one machine, what AWS does with many: how fast it goes is the emulator's affair. What it
shows is that all rows are accounted for, and that everybody has the mail once. SES's simulator tells of one mail in
twenty what became of it, for each event costs the emulator more than the mail.
"""

import json
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.side_by_side.letter import LETTER, people
from chalicelib.domain.campaign import Upload
from chalicelib.domain.mail import Mail
from hato.access import Access
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.local.ses.step import Kind
from hato.packaging import package
from hato.project import BUILD, shown

RECIPIENTS, RATE = 100_000, 1000.0
_RESULT = BUILD / "real_run.json"
_MAIL = Mail("real-run", LETTER.subject, LETTER.text, LETTER.html)
_SETTINGS = {
    "daily_quota": -1.0,
    "faults": {"lost_events": 0.95},
    "behaviour": {"hard_bounces": 0.0, "complaints": 0.0},
}
_WITHIN, _EVERY, _QUIET = 3600.0, 2.0, 10.0


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds from the upload on, and what came of it; `repeated` are addresses that were sent to more than once.

    A call that breaks off is settled after a quarter of an hour, so the last hundredth may take that long.
    """

    recipients: int
    rate: float
    seconds_to_prepare: float
    seconds_to_send_99_percent: float
    seconds_to_send: float
    seconds_to_finish: float
    status: str
    is_balanced: bool
    accepted: int
    mails: int
    repeated: int
    deliveries_told: int
    deliveries_counted: int

    @property
    def holds(self) -> bool:
        """Whether everybody has the mail once, and the report says so."""
        once = self.mails == self.accepted == self.recipients and not self.repeated
        return self.is_balanced and once and self.deliveries_told == self.deliveries_counted


def main(recipients: int = RECIPIENTS, rate: float = RATE) -> int:
    """Run, print and write down; 0 where everybody has the mail once, else 1."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the cloud ends with us
    console = Console()
    with console.status("Packaging the functions ...") as status, tempfile.TemporaryDirectory(prefix="hato-") as folder:
        made = package(BUILD / "real-run-package", local_cloud.STAGE)
        cloud = local_cloud.start(Path(folder) / "cloud", rate=rate)
        try:
            access = cloud.deploy(made, "pigeon@example.com")
            cloud.tell("/_simulator/settings", _SETTINGS)
            result = run(cloud, access, recipients, rate, status.update)
        finally:
            cloud.down()
    console.print_json(data=asdict(result))
    sending = result.seconds_to_send_99_percent - result.seconds_to_prepare
    console.print(f"{0.99 * recipients / sending:,.0f} mails a second while sending; all is right: {result.holds}")
    _RESULT.parent.mkdir(exist_ok=True)
    _RESULT.write_text(json.dumps(asdict(result), indent=1) + "\n")
    console.print(f"Written to {shown(_RESULT)}.")
    return int(not result.holds)


def run(cloud: LocalCloud, access: Access, recipients: int, rate: float, told: Callable[[str], None]) -> Result:
    """Upload the list and wait until the campaign has ended and its events are told."""
    access.mails.put(_MAIL)
    key = f"lists/{_MAIL.mail_id}/people.csv"
    rows = [f"{person.email},{person.name}" for person in people(0, recipients)]
    body = "\n".join(["email,name", *rows, ""]).encode()
    began = time.monotonic()
    answer = access.client("s3").put_object(Bucket=access.bucket, Key=key, Body=body)
    campaign_id = Upload(access.bucket, key, answer["VersionId"], answer["ETag"].strip('"')).campaign_id
    moments: dict[str, float] = {}

    def has_come_to(stage: str, is_so: Callable[[dict[str, Any]], bool]) -> None:
        while not is_so(summary := access.campaigns.summary(campaign_id)):
            told(f"{stage}: {summary.get('status', 'not there yet')}, {cloud.ask('/_simulator/status')}")
            if time.monotonic() - began > _WITHIN:
                raise TimeoutError(f"The campaign did not come to {stage} within {_WITHIN:,.0f} seconds.")
            time.sleep(_EVERY)
        moments[stage] = time.monotonic() - began

    def accepted() -> int:
        return access.campaigns.report(campaign_id).ends["accepted"]

    has_come_to("batches", lambda summary: "batches" in summary)
    has_come_to("99%", lambda summary: accepted() >= 0.99 * recipients)
    has_come_to("sent", lambda summary: accepted() >= recipients)
    has_come_to("the end", lambda summary: bool(summary.get("finished_at")))
    has_come_to("its last event", lambda summary: not cloud.ask("/_simulator/status")["events_pending"])
    time.sleep(_QUIET)
    sent = Counter(mail["to"][0] for mail in cloud.ask_lines("/messages"))
    events = [event for event in cloud.ask_lines("/_simulator/events") if event["published"]]
    report = access.campaigns.report(campaign_id)
    return Result(
        recipients=recipients,
        rate=rate,
        seconds_to_prepare=round(moments["batches"], 1),
        seconds_to_send_99_percent=round(moments["99%"], 1),
        seconds_to_send=round(moments["sent"], 1),
        seconds_to_finish=round(moments["the end"], 1),
        status=report.status.value,
        is_balanced=report.balanced,
        accepted=report.ends["accepted"],
        mails=sent.total(),
        repeated=sum(number > 1 for number in sent.values()),
        deliveries_told=sum(event["kind"] == Kind.DELIVERY for event in events),
        deliveries_counted=report.events["delivered"],
    )


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2]), *map(float, sys.argv[2:3])))
