"""The campaigns in a dict."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from chalicelib.domain.campaign import ENDED, RESUMABLE, Newest, PausedBy, Status
from chalicelib.domain.event_counts import EventCounts
from chalicelib.domain.report import Report
from chalicelib.domain.tally import Count
from chalicelib.errors import CampaignNotFound, CampaignPaused, CampaignStopped
from tests.fakes.moments import Moments


class FakeCampaigns:
    """Summaries, counters, and which batches were counted."""

    def __init__(self, moments: Moments | None = None) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.counters: dict[str, dict[str, int]] = {}
        self.events: dict[str, dict[int, dict[str, dict[str, int]]]] = {}  # by campaign, shard and time
        self.mail_links: dict[str, tuple[str, ...]] = {}
        self._counted: set[tuple[str, int]] = set()
        self._moments = moments or Moments()

    def create(
        self,
        campaign_id: str,
        source: str,
        mail_id: str,
        now: str,
        version: str = "",
        options: Mapping[str, Any] = {},
    ) -> bool:
        if campaign_id in self.items:
            return False
        summary = {"status": Status.PREPARING.value, "source": source, "mail_id": mail_id, "created_at": now}
        summary |= {"version_id": version} if version else {}
        summary |= {"input_options": dict(options)} if options else {}
        self.items[campaign_id] = {"campaign_id": campaign_id, "part": "summary", **summary}
        self._moments.reached("after create")
        return True

    def prepared(self, campaign_id: str, mail_id: str, execution: str, numbers: Mapping[str, int]) -> None:
        summary = self.items[campaign_id]
        summary |= {"mail_id": mail_id, "execution_arn": execution, **numbers}
        if summary["status"] == Status.PREPARING:
            summary["status"] = Status.SENDING.value

    def check_sending(self, campaign_id: str) -> None:
        summary = self.summary(campaign_id)
        status = Status(summary.get("status", Status.SENDING))
        if status is Status.PAUSED:
            raise CampaignPaused(summary.get("reason") or "paused")
        if status in ENDED:
            raise CampaignStopped(summary.get("reason") or status.value)

    def pause(self, campaign_id: str, reason: str, by: PausedBy) -> bool:
        guarded = by is PausedBy.OWNER or "unguarded" not in self.items.get(campaign_id, {})
        values = {"status": Status.PAUSED.value, "reason": reason, "paused_by": by.value}
        return guarded and self._change(campaign_id, values, {Status.PREPARING, Status.SENDING})

    def unpause(self, campaign_id: str, summary: Mapping[str, Any]) -> bool:
        return self._change(campaign_id, _going_on(summary), {Status.PAUSED}, ("reason", "paused_by"))

    def reopen(self, campaign_id: str, summary: Mapping[str, Any]) -> int:
        removed = ("reason", "paused_by", "finished_at")
        return self._next_round(campaign_id, summary, _going_on(summary), RESUMABLE, removed)

    def next_round(self, campaign_id: str, summary: Mapping[str, Any]) -> int:
        return self._next_round(campaign_id, summary, {}, ENDED)

    def cancel(self, campaign_id: str, reason: str) -> bool:
        values = {"status": Status.CANCELLED.value, "reason": reason}
        return self._change(campaign_id, values, set(Status) - ENDED)

    def mark_notified(self, campaign_id: str, what: str) -> None:
        self._moments.reached("before mark notified")
        if campaign_id in self.items:
            self.items[campaign_id].setdefault("notified", set()).add(what)

    def stop(self, campaign_id: str, reason: str) -> None:
        self.end(campaign_id, Status.STOPPED, reason)

    def end(self, campaign_id: str, status: Status, reason: str) -> bool:
        return self._end(campaign_id, status, {"reason": reason})

    def fail(self, campaign_id: str, reason: str, now: str) -> None:
        summary = self.items[campaign_id]
        if (summary["status"], summary["mail_id"]) == (Status.PREPARING, ""):
            self._end(campaign_id, Status.FAILED, {"reason": reason, "finished_at": now})

    def finish(self, campaign_id: str, status: Status, reason: str, totals: Mapping[str, Any], now: str) -> Status:
        self._moments.reached("before finish")
        if not self._end(campaign_id, status, {"reason": reason}):
            status = Status(self.items[campaign_id]["status"])
        self.items[campaign_id] |= {**totals, "finished_at": now}
        return status

    def count_batch(self, campaign_id: str, batch: int, totals: Mapping[str, int]) -> None:
        self._moments.reached("before count")
        if (campaign_id, batch) not in self._counted:
            self._counted.add((campaign_id, batch))
            for name, count in totals.items():
                self._add(campaign_id, name, count)
        self._moments.reached("after count")

    def count_events(self, campaign_id: str, shard: int, changes: Mapping[Count, int]) -> Mapping[Count, int]:
        of_shard = self.events.setdefault(campaign_id, {}).setdefault(shard, {})
        for count, number in changes.items():
            counts = of_shard.setdefault(count.since, {})
            counts[count.name] = counts.get(count.name, 0) + number
        return {count: of_shard[count.since][count.name] for count in changes}

    def event_counts(self, campaign_id: str, shard: int) -> Mapping[Count, int]:
        return EventCounts.from_items(_items({shard: self.events.get(campaign_id, {}).get(shard, {})})).counts

    def keep_links(self, campaign_id: str, links: Sequence[str]) -> None:
        self.mail_links[campaign_id] = tuple(links)

    def links(self, campaign_id: str) -> Sequence[str]:
        return self.mail_links.get(campaign_id, ())

    def summary(self, campaign_id: str) -> dict[str, Any]:
        return dict(self.items.get(campaign_id, {}))

    def report(self, campaign_id: str) -> Report:
        if campaign_id not in self.items:
            raise CampaignNotFound(campaign_id)
        counters = {"part": "counts#00", **self.counters.get(campaign_id, {})}
        links = {"part": "links", "links": self.links(campaign_id)}
        parts = [self.items[campaign_id], counters, links]
        return Report.from_parts(campaign_id, parts, _items(self.events.get(campaign_id, {})))

    def totals(self, campaign_id: str) -> dict[str, int]:
        """The event counters of a campaign that are not zero."""
        return {name: count for name, count in self.report(campaign_id).events.items() if count}

    def summaries(self) -> Iterator[dict[str, Any]]:
        yield from self._listed().values()

    def newest(self, limit: int, before: str = "") -> Newest:
        places = [place for place in self._listed() if not before or place < before]
        found = [self._listed()[place] for place in places[:limit]]
        return Newest(found, places[limit - 1] if len(places) > limit else "")

    def mail_ids(self) -> list[str]:
        return list(dict.fromkeys(each["mail_id"] for each in self._listed().values() if each["mail_id"]))

    def _listed(self) -> dict[str, dict[str, Any]]:
        """The campaigns that were created, by their places, the newest first."""
        all_created = [each for each in self.items.values() if "created_at" in each]
        created = {f"{each['created_at']}#{each['campaign_id']}": each for each in all_created}
        return {place: dict(created[place]) for place in sorted(created, reverse=True)}

    def _add(self, campaign_id: str, name: str, count: int) -> None:
        counters = self.counters.setdefault(campaign_id, {})
        counters[name] = counters.get(name, 0) + count

    def _next_round(
        self,
        campaign_id: str,
        summary: Mapping[str, Any],
        values: Mapping[str, Any],
        before: Set[Status],
        removed: Iterable[str] = (),
    ) -> int:
        last = int(summary.get("round", 1))
        if self.items.get(campaign_id, {}).get("round", 1) != last:
            return 0
        return last + 1 if self._change(campaign_id, {**values, "round": last + 1}, before, removed) else 0

    def _change(
        self, campaign_id: str, values: Mapping[str, Any], before: Set[Status], removed: Iterable[str] = ()
    ) -> bool:
        summary = self.items.get(campaign_id, {})
        if summary.get("status") not in before:
            return False
        summary |= values
        for name in removed:
            summary.pop(name, None)
        return True

    def _end(self, campaign_id: str, status: Status, values: Mapping[str, Any]) -> bool:
        summary = self.items.setdefault(campaign_id, {"campaign_id": campaign_id, "part": "summary"})
        if summary.get("status") in ENDED - {status}:
            return False
        summary |= {"status": status.value, **values}
        return True


def _going_on(summary: Mapping[str, Any]) -> dict[str, Any]:
    status = Status.SENDING if "batches" in summary else Status.PREPARING
    return {"status": status.value} | ({"unguarded": True} if summary.get("paused_by") == PausedBy.BREAKER else {})


def _items(shards: Mapping[int, Mapping[str, Mapping[str, int]]]) -> list[dict[str, Any]]:
    """The items that count events."""
    return [{"part": since, **counts} for shard in shards.values() for since, counts in shard.items()]
