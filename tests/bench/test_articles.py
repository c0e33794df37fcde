"""The articles' systems, as the bench measures them: each asks for what its article says, in that order."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from bench.articles import article_a, article_b
from hato.project import ROOT

PEOPLE = 20
_SEND = """
from importlib import import_module
from sys import argv
from bench.side_by_side.letter import LETTER, people
sender = import_module(argv[1]).contender(LETTER)
everybody = list(people(0, int(argv[2])))
for first in range(0, len(everybody), sender.people_at_once):
    sender.send(everybody[first : first + sender.people_at_once])
"""


@pytest.fixture(scope="module")
def stand_in() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.side_by_side.server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.stdin.close()


def calls_of(module: object, stand_in: str) -> dict[str, int]:
    """What it asks for to send to everybody."""
    urlopen(f"{stand_in}/_stand_in/begin/0").close()
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    subprocess.run(
        [sys.executable, "-c", _SEND, module.__name__, str(PEOPLE)],
        cwd=ROOT,
        env=os.environ | credentials | {"AWS_ENDPOINT_URL": stand_in},
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    with urlopen(f"{stand_in}/_stand_in/calls") as answer:
        return json.load(answer)


def test_article_a_asks_four_times_for_each_mail(stand_in: str) -> None:
    assert calls_of(article_a, stand_in) == {"GetItem": 2 * PEOPLE, "SendEmail": PEOPLE, "PutItem": PEOPLE}


def test_article_b_asks_five_times_for_each_mail_and_once_for_its_queue(stand_in: str) -> None:
    each = {"UpdateItem": 2 * PEOPLE, "SendMessage": PEOPLE, "GetObject": PEOPLE, "SendEmail": PEOPLE}
    assert calls_of(article_b, stand_in) == {"GetQueueUrl": 1, **each}


def test_article_a_waits_a_second_after_each_row_in_a_child_that_is_standard() -> None:
    machine = json.loads((ROOT / "bench" / "articles" / "article_a.asl.json").read_text())
    children = machine["States"]["DistributedMap"]["ItemProcessor"]
    assert children["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert children["States"]["ProcessItemTask"]["Next"] == "WaitState"
    assert children["States"]["WaitState"] == {"Type": "Wait", "Seconds": 1, "End": True}


def test_what_ses_says_when_a_topic_is_set_up_is_no_event() -> None:
    article_a.on_delivery({"Records": [{"Sns": {"Message": "Successfully validated SNS topic"}}]}, None)
