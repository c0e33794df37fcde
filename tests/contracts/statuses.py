"""What the tests of the campaigns' records say over and over."""

from typing import Any

from chalicelib.domain.campaign import Status
from tests.fakes.campaigns import FakeCampaigns

NUMBERS = {"rows": 10, "invalid": 1, "duplicate": 2, "batches": 3}


def put(campaigns: Any, campaign_id: str, **values: Any) -> None:
    """Set attributes of a summary by hand."""
    if isinstance(campaigns, FakeCampaigns):
        campaigns.items[campaign_id] |= values
        return
    campaigns._dynamodb.update_item(
        TableName=campaigns._table,
        Key={"campaign_id": {"S": campaign_id}, "part": {"S": "summary"}},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
    )


def in_status(campaigns: Any, status: Status, prepared: bool = True, campaign_id: str = "c1") -> dict[str, Any]:
    """A campaign that stands so, with all that one may carry of a round before; its summary."""
    campaigns.create(campaign_id, "s3://b/k", "m1", "t1")
    if prepared:
        campaigns.prepared(campaign_id, "m1", "arn", NUMBERS)
    put(campaigns, campaign_id, status=status.value, reason="why", finished_at="t8")
    return dict(campaigns.summary(campaign_id))
