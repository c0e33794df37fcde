"""The campaigns' files in dicts, beside the uploads."""

import json
from collections.abc import Iterable, Iterator, Sequence, Set

from chalicelib.domain.batch import Batch
from chalicelib.domain.mail import Mail
from chalicelib.domain.outcome import Outcome
from chalicelib.errors import ListNotFound
from tests.fakes.moments import Moments
from tests.fakes.uploads import FakeUploads


class FakeFiles(FakeUploads):
    """One bucket."""

    def __init__(self, moments: Moments | None = None) -> None:
        super().__init__()
        self.lines: dict[str, list[str]] = {}
        self.later_lines: dict[tuple[str, int], list[str]] = {}
        self.unsent_files: dict[tuple[str, int, int], list[Outcome]] = {}
        self.mails: dict[str, Mail] = {}
        self.rejections: dict[str, list[Outcome]] = {}
        self.outcome_files: dict[tuple[str, int], list[Outcome]] = {}
        self.reports: dict[str, list[Outcome]] = {}
        self._moments = moments or Moments()

    def write_batches(self, campaign_id: str, lines: Iterable[str], number: int = 1) -> str:
        if number > 1:
            self.later_lines[campaign_id, number] = list(lines)
            return f"campaigns/{campaign_id}/batches-r{number}.jsonl"
        self.lines[campaign_id] = list(lines)
        return f"campaigns/{campaign_id}/batches.jsonl"

    def batches(self, campaign_id: str) -> Iterator[Batch]:
        if campaign_id not in self.lines:
            raise ListNotFound(campaign_id)
        return (Batch.from_document(json.loads(line)) for line in self.lines[campaign_id])

    def write_rejected(self, campaign_id: str, outcomes: Iterable[Outcome]) -> None:
        self.rejections[campaign_id] = list(outcomes)

    def rejected(self, campaign_id: str) -> Iterator[Outcome]:
        if campaign_id not in self.rejections:
            raise ListNotFound(campaign_id)
        return iter(self.rejections[campaign_id])

    def write_mail(self, campaign_id: str, mail: Mail) -> None:
        self.mails[campaign_id] = mail

    def mail(self, campaign_id: str) -> Mail | None:
        return self.mails.get(campaign_id)

    def write_outcomes(self, campaign_id: str, batch: int, outcomes: Sequence[Outcome]) -> None:
        self._moments.reached("before outcomes")
        self.outcome_files[campaign_id, batch] = list(outcomes)
        self._moments.reached("after outcomes")

    def batches_with_outcomes(self, campaign_id: str) -> set[int]:
        return {batch for campaign, batch in self.outcome_files if campaign == campaign_id}

    def unsent_batches(self, campaign_id: str, number: int) -> set[int]:
        return {batch for campaign, when, batch in self.unsent_files if (campaign, when) == (campaign_id, number)}

    def write_unsent(self, campaign_id: str, number: int, batch: int, outcomes: Sequence[Outcome]) -> None:
        self._moments.reached("before unsent")
        self.unsent_files[campaign_id, number, batch] = list(outcomes)

    def outcomes(self, campaign_id: str, batches: int, number: int, unsent: Set[int]) -> Iterator[Outcome]:
        for batch in range(batches):
            if batch in unsent and (campaign_id, number, batch) in self.unsent_files:
                yield from self.unsent_files[campaign_id, number, batch]
            elif batch not in unsent and (campaign_id, batch) in self.outcome_files:
                yield from self.outcome_files[campaign_id, batch]
            else:
                raise ListNotFound(f"{campaign_id}, batch {batch}")

    def write_report(self, campaign_id: str, outcomes: Iterable[Outcome]) -> None:
        self._moments.reached("before report")
        self.reports[campaign_id] = list(outcomes)
