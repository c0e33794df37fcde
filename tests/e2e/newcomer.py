"""README's commands, word for word, as somebody types them who has nothing but README.

The `aws` commands are made as calls of boto3: the AWS CLI is not among what Hato installs.
"""

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from hato.local import cloud as local_cloud
from hato.project import ROOT
from tests.e2e.plain_aws import PlainAws
from tests.markdown import Page
from tests.transcript import Step, campaigns_as_shown, steps, with_campaigns

README = Page.read(ROOT / "README.md")
HERE, THERE = "Use it on this machine", "Use it with nothing but AWS"
SABURO = "saburo@example.com"


class Newcomer:
    """Somebody in an empty folder, with `hato` on the path and no settings of AWS."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cloud = folder / "work", folder / "local"
        self.folder.mkdir()
        self.campaigns: dict[str, str] = {}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HATO_"))}
        self._environment = kept | {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]]),
            "HOME": str(self.folder),
            "HATO_LOCAL_FOLDER": str(self.cloud),
            "COLUMNS": "80",
        }

    def do(self, step: Step) -> None:
        """Do what is shown, and see what is shown; progress, which goes to stderr, is not."""
        command = with_campaigns(step.command, self.campaigns)
        done = subprocess.run(
            ["bash", "-ec", command],
            env=self._environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        found = campaigns_as_shown(step.shown, done.stdout)
        shown = "\n".join(step.shown)
        assert found is not None, f"README shows for `{command}`\n{shown}\nbut it prints\n{done.stdout}"
        assert found.items() <= (self.campaigns | found).items()
        self.campaigns |= found
        self._let_them_begin(list(found.values()))

    def aws(self) -> PlainAws:
        cloud = local_cloud.running(self.cloud)
        assert cloud is not None
        return PlainAws(cloud.endpoint_url, cloud.region, cloud.stack, cloud.inbox_url)

    def _let_them_begin(self, campaigns: list[str]) -> None:
        """Wait until they send: whoever reads an id and types it again needs longer."""
        for campaign_id in campaigns:
            aws = self.aws()
            aws.wait_for(partial(has_begun, aws, campaign_id), f"the beginning of {campaign_id}")


def has_begun(aws: PlainAws, campaign_id: str) -> bool | None:
    """True once there is a campaign of this id, and its list is read."""
    summary = aws.get_item("CampaignsTable", campaign_id=campaign_id, part="summary")
    return summary.get("status", "preparing") != "preparing" or None


def follow_readme(folder: Path) -> None:
    newcomer = Newcomer(folder)
    try:
        follow(newcomer)
        assert [process.cmdline() for process in processes_of(folder)] == []
    finally:
        if cloud := local_cloud.running(newcomer.cloud):
            cloud.down()
        for process in processes_of(folder):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def follow(newcomer: Newcomer) -> None:
    *here, last = steps(README.section(HERE))
    for step in here:
        newcomer.do(step)
    assert {"local", "mail", "send", "report"} <= {each.command.split()[1] for each in here}
    assert last.command == "hato local down"
    use_nothing_but_aws(newcomer.aws(), newcomer.folder)
    newcomer.do(last)


def use_nothing_but_aws(aws: PlainAws, folder: Path) -> None:
    """Make the calls of the section, on the local cloud as it says itself, and see what it promises."""
    # It says in words alone that the contacts are to be put into their table, and what they are made of.
    aws.put_item("ContactsTable", {"email": {"S": SABURO}, "username": {"S": "Saburo"}, "haserror": {"N": "0"}})
    for words in aws_commands(README.section(THERE)):
        call(aws, folder, words)
    first, again = aws.ended_campaigns("/lists/welcome/people.csv", 2)
    assert (first["status"], first["accepted"], first["already_sent"]) == ("finished", "2", "0")
    assert (again["status"], again["accepted"], again["already_sent"]) == ("finished", "0", "2")
    assert len(aws.report(again["campaign_id"])) == 4
    (broadcast,) = aws.ended_campaigns("/broadcasts/example.txt")
    assert broadcast["status"] == "finished"
    assert "accepted" in [row["outcome"] for row in aws.report(broadcast["campaign_id"]) if row["email"] == SABURO]
    subject = (folder / "example.txt").read_text().splitlines()[0]
    assert [each["subject"] for each in aws.inbox(broadcast["mail_id"]) if each["to"] == [SABURO]] == [subject]


def aws_commands(page: Page) -> list[list[str]]:
    """The words of each command of the AWS CLI that the page shows."""
    found = [each for block in page.blocks for each in re.split(r"^(?=aws )", block, flags=re.MULTILINE) if each]
    assert found
    return [shlex.split(each.replace("\\\n", " ")) for each in found]


def call(aws: PlainAws, folder: Path, words: list[str]) -> None:
    """Do what the command does, with the names of the local cloud in the places that the section says."""
    names = {"hato-dev-": "hato-local-", "s3://UPLOAD_BUCKET/": f"s3://{aws.outputs['UploadBucket']}/"}
    for shown, name in names.items():
        words = [each.replace(shown, name) for each in words]
    match words:
        case ["aws", "dynamodb", "put-item", "--table-name", table, "--item", item]:
            aws.client("dynamodb").put_item(TableName=table, Item=json.loads(item))
        case ["aws", "s3", "cp", file, target]:
            bucket, _, key = target.removeprefix("s3://").partition("/")
            aws.client("s3").put_object(Bucket=bucket, Key=key, Body=(folder / file).read_bytes())
        case _:
            raise AssertionError(f"README shows `{shlex.join(words)}`, which this test cannot do")


def processes_of(folder: Path) -> list[Any]:
    """The processes that run in this folder, this one left out."""
    found = []
    for process in psutil.process_iter(["cwd", "cmdline"]):
        told = [process.info["cwd"] or "", *(process.info["cmdline"] or ())]
        if process.pid != os.getpid() and any(str(folder) in each for each in told):
            found.append(process)
    return found
