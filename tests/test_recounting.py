"""Counters rebuilt from the ledger: whether they agree, and set right where they do not."""

from typing import Any

import pytest

from chalicelib.aws.campaigns import Campaigns
from chalicelib.aws.items import to_item
from chalicelib.aws.ledger import Ledger
from chalicelib.domain.facts import Fact
from chalicelib.domain.recipient import shard_of, shard_tag
from chalicelib.domain.tally import Count
from chalicelib.errors import CampaignNotFound
from chalicelib.steps.keep_fact import keep_fact
from hato.recounting import Difference, Recounting
from tests.contracts.conftest import clients, make_table, moto, moto_dynamodb, session

__all__ = ["clients", "moto", "moto_dynamodb", "session"]

AT = "2026-01-31T08:15:00.000Z"
PEOPLE = [f"p{number}@example.com" for number in range(40)]


class Stage:
    """A ledger and a campaign's counters that agree; what `between` does happens while the recount waits."""

    def __init__(self, dynamodb: Any) -> None:
        self.dynamodb, self.table = dynamodb, make_table(dynamodb, "mail_shard", "email")
        self.campaigns = Campaigns(dynamodb, make_table(dynamodb, "campaign_id", "part"))
        self.ledger = Ledger(dynamodb, self.table)
        self.waited: list[float] = []
        self.between: list[Any] = []
        self.campaigns.create("c1", "s3://b/k", "m1", AT)
        self.campaigns.count_batch("c1", 0, {"accepted": len(PEOPLE) - 1})
        for number, email in enumerate(PEOPLE):
            shard = f"m1#{shard_tag(shard_of(email))}"
            item = {"mail_shard": shard, "email": email, "campaign_id": "c1" if number else "c0", "claimed_at": AT}
            dynamodb.put_item(TableName=self.table, Item=to_item(item))
            self.tell(email, "delivered_at")

    def tell(self, email: str, attribute: str) -> None:
        """An event is recorded and counted."""
        keep_fact("m1", email, Fact(attribute, AT), self.ledger, self.campaigns)

    def forget_to_count(self, email: str) -> None:
        """An event is recorded, and the function dies before it counts it."""
        self.ledger.add_fact("m1", email, Fact("complained_at", AT))

    def recount(self) -> Any:
        return Recounting(self.dynamodb, self.table, self.campaigns, self._sleep).recount("c1")

    def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        if self.between:
            self.between.pop(0)()


@pytest.fixture
def stage(moto_dynamodb: Any) -> Stage:
    return Stage(moto_dynamodb)


def test_counters_that_agree_are_left_alone(stage: Stage) -> None:
    found = stage.recount()
    assert found.agreed
    assert (found.deliveries, found.accepted, found.reported) == (39, 39, 39)  # one is another campaign's
    assert stage.waited == []
    assert stage.campaigns.report("c1").events["delivered"] == 39


def test_what_was_not_counted_is_counted_and_told(stage: Stage) -> None:
    for email in PEOPLE[1:4]:
        stage.forget_to_count(email)
    found = stage.recount()
    assert not found.agreed
    assert found.differences == [Difference("2026-01-31T06", "complained", 0, 3)]
    assert stage.campaigns.report("c1").events["complained"] == 3
    assert stage.recount().agreed


def test_what_was_counted_and_is_not_so_is_taken_back(stage: Stage) -> None:
    shard = shard_of(PEOPLE[1])
    stage.campaigns.count_events("c1", shard, {Count("2026-01-30T18", "bounced/General"): 2})
    found = stage.recount()
    assert found.differences == [Difference("2026-01-30T18", "bounced/General", 2, 0)]
    assert stage.campaigns.report("c1").events["bounced"] == 0


def test_who_was_forgotten_stays_counted(stage: Stage) -> None:
    for email in PEOPLE[1:3]:
        key = to_item({"mail_shard": f"m1#{shard_tag(shard_of(email))}", "email": email})
        stage.dynamodb.delete_item(TableName=stage.table, Key=key)
    stage.forget_to_count(PEOPLE[3])
    found = stage.recount()
    assert (found.accepted, found.reported) == (37, 39)
    assert found.differences == [Difference("2026-01-31T06", "complained", 0, 1)]
    events = stage.campaigns.report("c1").events
    assert (events["delivered"], events["complained"]) == (39, 1)


def test_an_event_that_is_counted_a_moment_later_is_no_error(stage: Stage) -> None:
    email = PEOPLE[1]
    stage.forget_to_count(email)
    stage.between.append(
        lambda: stage.campaigns.count_events("c1", shard_of(email), {Count("2026-01-31T06", "complained"): 1})
    )
    assert stage.recount().agreed
    assert stage.campaigns.report("c1").events["complained"] == 1


def test_events_that_come_meanwhile_stay_counted(stage: Stage) -> None:
    email = PEOPLE[1]
    stage.forget_to_count(email)
    stage.between.append(lambda: stage.tell(email, "delayed_at"))
    assert [each.name for each in stage.recount().differences] == ["complained"]
    events = stage.campaigns.report("c1").events
    assert (events["complained"], events["delayed"]) == (1, 1)


def test_clicks_are_counted_anew_by_their_links(stage: Stage) -> None:
    fact = Fact("clicked_at", AT, "https://example.com/", f"{AT} unsaid 0")
    stage.ledger.add_fact("m1", PEOPLE[1], fact)
    assert {each.name for each in stage.recount().differences} == {
        "clicked@08",
        "human_clicked@08",
        "clicked_link/0",
        "human_clicked_link/0",
    }


def test_a_campaign_that_does_not_exist_is_not_counted(moto_dynamodb: Any) -> None:
    campaigns = Campaigns(moto_dynamodb, make_table(moto_dynamodb, "campaign_id", "part"))
    with pytest.raises(CampaignNotFound):
        Recounting(moto_dynamodb, "x", campaigns).recount("nobody")
