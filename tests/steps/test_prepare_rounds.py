"""Batches are prepared again: the same ones in a later round, none where the campaign has ended."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.domain.campaign import ENDED, Status
from chalicelib.domain.pacing import Pace
from tests.fakes.uploads import FakeUploads
from tests.steps.preparing import LIST, House


@pytest.fixture
def house() -> House:
    return House()


# --- again


def test_preparing_twice_gives_the_same_batches(house):
    # Its first answer was lost on the way, and the state machine asks again.
    house.upload("a@example.com,A", "nonsense,B")
    first = house.prepare()
    lines, summary = house.files.lines["c1"], house.campaigns.summary("c1")
    house.clock.turn(minutes=1)
    again = house.prepare()
    assert again == first | {"batches_key": "campaigns/c1/batches-r2.jsonl"}
    assert house.files.later_lines["c1", 2] == lines
    assert (house.files.lines["c1"], house.campaigns.summary("c1")) == (lines, summary)


def stopped(*done: int) -> House:
    """A campaign of three batches, two people each, which was stopped when these had been done."""
    house = House(rate=0.5)
    house.upload(*(f"p{n}@example.com,N" for n in range(6)), "nonsense,N", "p1@example.com,N")
    house.prepare()
    for number in done:
        house.files.write_outcomes("c1", number, [])
    house.campaigns.end("c1", Status.STOPPED, "SES says so")
    return house


@pytest.mark.parametrize(
    ("done", "left"), [((), [0, 1, 2]), ((0,), [1, 2]), ((1,), [0, 2]), ((0, 2), [1]), ((0, 1, 2), [])]
)
def test_a_later_round_sends_the_batches_that_are_not_done_just_as_they_were(done, left):
    house = stopped(*done)
    first = list(house.files.lines["c1"])
    assert house.campaigns.reopen("c1", house.campaigns.summary("c1")) == 2
    house.files.uploaded.clear()  # neither the list nor the mail is read again
    house.mails.items.clear()
    prepared = house.prepare()
    assert prepared["batches_key"] == "campaigns/c1/batches-r2.jsonl"
    assert house.files.later_lines["c1", 2] == [first[number] for number in left]
    assert house.files.lines["c1"] == first, "all batches of the campaign, for its report"
    assert {name: prepared[name] for name in ("batches", "rows", "invalid", "duplicate", "status")} == {
        "batches": len(left),
        "rows": 8,
        "invalid": 1,
        "duplicate": 1,
        "status": "sending",
    }
    assert house.campaigns.summary("c1")["batches"] == 3


def test_each_round_has_a_file_of_its_own():
    house = stopped(0)
    house.campaigns.reopen("c1", house.campaigns.summary("c1"))
    house.prepare()
    house.campaigns.end("c1", Status.STOPPED, "SES says so again")
    house.files.write_outcomes("c1", 1, [])
    house.campaigns.reopen("c1", house.campaigns.summary("c1"))
    assert house.prepare()["batches_key"] == "campaigns/c1/batches-r3.jsonl"
    assert [len(house.files.later_lines["c1", number]) for number in (2, 3)] == [2, 1]


def test_a_campaign_that_failed_before_it_had_batches_reads_its_list_in_a_later_round(house):
    house.prepare()
    house.campaigns.end("c1", Status.FAILED, "There is no file.")
    house.campaigns.reopen("c1", house.campaigns.summary("c1"))
    house.upload("a@example.com,A")
    prepared = house.prepare()
    assert (prepared["batches"], prepared["batches_key"]) == (1, "campaigns/c1/batches.jsonl")
    assert house.campaigns.summary("c1")["status"] == "sending"


# --- a campaign that has ended


@pytest.mark.parametrize("status", sorted(ENDED))
@pytest.mark.parametrize("is_prepared", [True, False])
def test_a_campaign_that_has_ended_has_nothing_to_send(house, is_prepared, status):
    house.upload("a@example.com,A")
    house.campaigns.create("c1", "s", "m1", "t")
    if is_prepared:
        house.prepare()
    house.campaigns.end("c1", status, "why")
    before = house.campaigns.summary("c1")
    assert house.prepare()["batches"] == 0
    assert house.campaigns.summary("c1") == before
    assert house.files.later_lines == {}


def test_a_campaign_that_is_cancelled_while_its_list_is_read_has_nothing_to_send_and_knows_its_rows(house):
    class Slow(FakeUploads):
        def read_list(self, key: str, version: str = "") -> Iterator[bytes]:
            yield b"email,name\n"
            house.campaigns.cancel("c1", "enough")
            yield b"a@example.com,A\nb@example.com,B\n"

    lists = Slow()
    lists.uploaded[LIST["file_name"]] = b""
    house.step = replace(house.step, lists=lists)
    assert house.prepare() == {"campaign_id": "c1", "batches": 0}
    summary = house.campaigns.summary("c1")
    assert (summary["status"], summary["rows"], summary["batches"]) == ("cancelled", 2, 1)
    assert len(list(house.files.batches("c1"))) == 1


def test_an_account_that_may_not_send_by_now_stops_a_later_round_too():
    house = stopped(0)
    house.campaigns.reopen("c1", house.campaigns.summary("c1"))
    house.pacer.pace = Pace(0.0)
    assert house.refuse()[0] == "CampaignStopped"
    assert house.files.later_lines == {}
