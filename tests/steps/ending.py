"""A campaign that comes to its end: its batches, its rejected rows, and the step that writes its report."""

from typing import Any

from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.parcel import Answer
from chalicelib.steps.finish_campaign import FinishCampaign
from tests.fakes.mailer import Reply
from tests.steps.house import SETTLING, House, address, batch

FIRST, SECOND = batch("abc"), batch("defg", number=1)
TOO_MANY = {"Error": "States.ExceedToleratedFailureThreshold", "Cause": "The threshold was exceeded."}


class Ending(House):
    """A campaign of two batches and two rejected rows, nine rows in all."""

    def __init__(self) -> None:
        super().__init__()
        self.finish_campaign = FinishCampaign(
            files=self.files,
            campaigns=self.campaigns,
            ledger=self.ledger,
            clock=self.clock,
            settling_time=SETTLING.time,
            notify=self.notify,
        )
        self.campaigns.create("c1", "s3://uploads/lists/m1/a.csv", "m1", "t1")
        self.files.write_batches("c1", [FIRST.to_line(), SECOND.to_line()])
        self.files.write_rejected(
            "c1",
            [Outcome(8, "nonsense", OutcomeKind.INVALID, "why"), Outcome(9, address("a"), OutcomeKind.DUPLICATE, "w")],
        )
        self.campaigns.prepared("c1", "m1", "arn", {"rows": 9, "invalid": 1, "duplicate": 1, "batches": 2})

    def end(self, error: Any = None) -> dict[str, Any]:
        return self.finish_campaign("c1", error, {"file_name": "lists/m1/a.csv", "mail_id": "m1"} if error else None)

    def report(self) -> dict[int, str]:
        """Row and end of each line, in the report's order."""
        return {each.row: each.kind.value for each in self.files.reports["c1"]}

    def reasons(self) -> dict[str, str]:
        return {each.email[0]: each.reason for each in self.files.reports["c1"] if each.row < 8}

    def balanced(self) -> bool:
        return self.campaigns.report("c1").balanced and len(self.files.reports["c1"]) == 9

    def sent(self) -> set[str]:
        """Who was sent to, says the report."""
        return {each.email for each in self.files.reports["c1"] if each.kind is OutcomeKind.ACCEPTED}

    def break_off(self, names: str, *, arrives: bool = False) -> None:
        """The next send to these will break off, and who knows whether the mail arrives."""
        for name in names:
            self.mailer.for_address[address(name)] = [Reply(Answer.UNSURE, arrives)]
