"""Hato's own run: campaigns of one and of three full batches to simulated people, once its functions are warm."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from bench.counting.counters import Play, play
from bench.counting.record import Kind, Reader, Sums, Tally, minus, part
from bench.side_by_side.letter import LETTER
from chalicelib.domain.campaign import Upload
from chalicelib.domain.mail import Mail
from hato.access import Access
from hato.cost.counted import Count, Per, System
from hato.local.cloud import LocalCloud
from hato.project import ROOT

OPENS, CLICKS = 0.3, 0.05
WARM_UP, ONE, SEVERAL = 60, 500, 1_500
BATCH = 500  # mails, at this rate
RATE = 200.0
_PEOPLE = {
    "hard_bounces": 0.0,
    "soft_bounces": 0.0,
    "delays": 0.0,
    "complaints": 0.0,
    "opens": OPENS,
    "repeated_opens": 0.0,
    "clicks": CLICKS / OPENS,  # of those who open
    "bots": 0.0,
}
_MAIL = Mail("letter", LETTER.subject, LETTER.text, LETTER.html)
_EVENTS = {"on_delivery": Per.DELIVERY, "on_engagement": Per.ENGAGEMENT}
_PREFIX = "hato-local-"
_WITHIN = 600.0

Told = Callable[[str], None]


def count_hato(cloud: LocalCloud, access: Access, reader: Reader, told: Told) -> System:
    """Run the campaigns, and say what each mail, batch, event and campaign takes."""
    cloud.tell("/_simulator/settings", {"seed": 7, "behaviour": _PEOPLE, "engagement_delay": 2.0})
    access.mails.put(_MAIL)
    campaign = Campaigns(cloud, access, reader, told)
    campaign.run(WARM_UP)
    one, several = campaign.run(ONE), campaign.run(SEVERAL)
    told("Hato: the counters of a million mails ...")
    played = play()
    counts = [_as_in_a_million(each, played) for each in _counts(one, several)]
    return System(counts, _memory(), "arm64", BATCH, platform_lines=not _are_off(access))


class Campaigns:
    """Campaigns to people who had no mail yet."""

    def __init__(self, cloud: LocalCloud, access: Access, reader: Reader, told: Told) -> None:
        self._cloud, self._access, self._reader, self._told = cloud, access, reader, told
        self._people = 0

    def run(self, number: int) -> Tally:
        """Send to so many, wait for all that they do, and return what was asked for meanwhile."""
        key = f"lists/{_MAIL.mail_id}/{number}.csv"
        people = range(self._people, self._people + number)
        self._people += number
        rows = [f"reader{each:08}@example.com,Reader O'{each:08}" for each in people]
        self._reader.skip()
        answer = self._access.client("s3").put_object(
            Bucket=self._access.bucket, Key=key, Body="\n".join(["email,name", *rows]).encode()
        )
        upload = Upload(self._access.bucket, key, answer["VersionId"], answer["ETag"].strip('"'))
        self._wait_for(upload.campaign_id, number)
        return {_ours(kind): sums for kind, sums in self._reader.tally().items() if _is_of_hato(kind)}

    def _wait_for(self, campaign_id: str, number: int) -> None:
        """Until the campaign has ended and the last event is recorded."""
        deadline, quiet = time.monotonic() + _WITHIN, 0
        while quiet < 3:
            if time.monotonic() > deadline:
                raise TimeoutError(f"The campaign to {number:,} did not end within {_WITHIN:,.0f} seconds.")
            time.sleep(1.0)
            pending = self._cloud.ask("/_simulator/status")["events_pending"]
            ended = self._access.campaigns.summary(campaign_id).get("finished_at")
            self._told(f"Hato: {number:,} mails, {pending:,} events to come ...")
            quiet = quiet + 1 if ended and not pending else 0


def _is_of_hato(kind: Kind) -> bool:
    """What the account's owner asks for is ours, but for SES's events, which the simulator publishes as the owner."""
    return kind.who != "root" or kind.what == "sns:Publish"


def _ours(kind: Kind) -> Kind:
    who, what, on = (text.replace(_PREFIX, "") for text in kind)
    return Kind(who, what, on)


def _counts(one: Tally, several: Tally) -> Iterator[Count]:
    """By what each is done for; what grows with the batches is told from what does not by the two campaigns."""
    started = Kind("states", "states:ChildStarted", "")
    one_batch, more_batches = one[started]["calls"], several[started]["calls"]
    further = more_batches - one_batch
    grown = minus(several, one)
    for kind in sorted(one.keys() | several.keys()):
        sums = _together(one.get(kind), several.get(kind))
        if kind.who in _EVENTS or kind.who == "root":
            per = _EVENTS.get(kind.who) or _EVENTS[f"on_{kind.on}"]
            yield _count(per, kind, sums, 1 / _events(one, several, per))
        elif kind.who == "send_batch" and "Batch" in kind.what:
            yield _count(Per.MAIL, kind, sums, 1 / (ONE + SEVERAL))
        elif kind.who == "send_batch":
            yield _count(Per.BATCH, kind, sums, 1 / (one_batch + more_batches))
        elif kind.who != "refresh_pace":  # it runs whether anything is sent or not
            yield _count(Per.BATCH, kind, grown.get(kind, {}), 1 / further)
            first = minus({kind: one.get(kind, {})}, {kind: part(grown.get(kind, {}), one_batch / further)})
            yield _count(Per.CAMPAIGN, kind, first[kind], 1)


def _events(one: Tally, several: Tally, per: Per) -> float:
    name = next(name for name, each in _EVENTS.items() if each is per)
    kind = Kind(name, "lambda:Invoke", name)
    return one[kind]["calls"] + several[kind]["calls"]


def _together(one: Sums | None, other: Sums | None) -> Sums:
    both = [each for each in (one, other) if each]
    return {name: sum(each[name] for each in both) for name in both[0]}


def _count(per: Per, kind: Kind, sums: Sums, share: float) -> Count:
    return Count(per, kind.who, kind.what, kind.on, **part(sums, share))


def _as_in_a_million(count: Count, played: Play) -> Count:
    """With the write units of counters that are as large as a large campaign's."""
    if (count.what, count.on) != ("dynamodb:UpdateItem", "campaigns") or count.who not in _EVENTS:
        return count
    units = {Per.DELIVERY: played.delivery, Per.ENGAGEMENT: played.engagement}[count.per]
    return replace(count, writes=round(count.calls * units, 7))


def _are_off(access: Access) -> bool:
    """Whether Lambda is told to write no line of its own for a call that went well."""
    told = access.client("lambda").get_function_configuration(FunctionName=f"{access.stack}-on_delivery")
    return bool(told.get("LoggingConfig", {}).get("SystemLogLevel") == "WARN")


def _memory() -> dict[str, int]:
    """Of the functions, as they are deployed."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    return {name: each["lambda_memory_size"] for name, each in config["lambda_functions"].items()}
