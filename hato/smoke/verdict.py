"""What a smoke test found, held against what must come back: one check for each promise."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.campaign import Status
from chalicelib.domain.contact import is_set
from chalicelib.domain.event import EventKind
from chalicelib.domain.facts import EVENT_TIMES
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.report import Report
from hato.smoke.expectations import MAILS, Mailbox, Plan, Row

Items = Mapping[str, Mapping[str, Any]]  # items of a table, by their address

# The word for each event, after "2 of 2".
_WORDS = {
    EventKind.DELIVERED: "delivered",
    EventKind.BOUNCED_PERMANENTLY: "bounced for good",
    EventKind.COMPLAINED: "complained of",
    EventKind.BOUNCED_TRANSIENTLY: "bounced for now",
    EventKind.REJECTED: "rejected",
    EventKind.RENDERING_FAILED: "not rendered",
}
# The function that records each event that must come back.
_RECORDED_BY = {
    EventKind.DELIVERED: "on_delivery",
    EventKind.BOUNCED_PERMANENTLY: "on_feedback",
    EventKind.COMPLAINED: "on_feedback",
}

_SHOWN = 3  # of what is wrong with one check


@dataclass(frozen=True, slots=True)
class Check:
    """One promise, and whether it holds; `functions` are those whose logs say why it does not."""

    name: str
    ok: bool
    detail: str
    functions: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """The check as a JSON object."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail}


def judge_end(report: Report) -> Check:
    """Whether the campaign came to its end, and to a good one."""
    why = f": {report.reason}" if report.reason else ""
    if report.has_ended:
        detail = f"{report.campaign_id} is {report.status.value}{why}"
        return Check("campaign", report.status is Status.FINISHED, detail)
    settled = f"after {report.settled} of {report.rows} rows"
    detail = f"{report.campaign_id} is still {report.status.value}, {settled}{why}"
    return Check("campaign", False, detail, ("prepare_batches", "send_batch", "finish_campaign"))


def judge_rows(plan: Plan, report: Report) -> Check:
    """Whether the totals are the list's, and balance."""
    expected = Counter(row.end.value for row in plan.rows())
    wrong = [f"{report.ends[k]} {k}, not {expected[k]}" for k in OutcomeKind if report.ends[k] != expected[k]]
    if report.rows != expected.total():
        wrong.append(f"{report.rows} rows, not {expected.total()}")
    if not report.balanced:
        wrong.append(f"{report.settled} of {report.rows} rows are accounted for")
    right = ", ".join(f"{count} {kind}" for kind, count in expected.items())
    return _check("rows", wrong, f"{right}; they balance", "send_batch")


def judge_lines(plan: Plan, lines: Iterable[Outcome]) -> Check:
    """Whether report.csv has every row, each as it must end, and says why where a row was not sent to."""
    found = {line.row: line for line in lines}
    rows = plan.rows()
    strange = sorted(found.keys() - {row.number for row in rows})
    wrong = [sentence for row in rows if (sentence := _wrong_line(row, found.get(row.number)))]
    wrong += [f"row {number} is not of the list" for number in strange]
    return _check("report.csv", wrong, f"{len(rows)} lines, each as it must end", "send_batch", "finish_campaign")


def judge_execution(status: str) -> Check:
    """Whether the state machine's execution succeeded."""
    return Check("state machine", status == "SUCCEEDED", f"the execution is {status}", ("finish_campaign",))


def judge_mailbox(plan: Plan, mailbox: Mailbox, deliveries: Items, contacts: Items) -> Check:
    """Whether all that must come back from this mailbox has come back, and nothing else."""
    addresses = plan.addresses(mailbox)
    counts = _counts(deliveries.get(address, {}) for address in addresses)
    marked = sum(is_set(contacts.get(address, {}).get("haserror")) for address in addresses)
    missing = [kind for kind in counts if kind in mailbox.must and counts[kind] < mailbox.mails]
    wrong = [f"{counts[kind]} of {mailbox.mails} {_WORDS[kind]}" for kind in missing]
    if marked != (mailbox.mails if mailbox.marks else 0):
        wrong.append(f"{marked} of {mailbox.mails} contacts marked with haserror")
    wrong += [
        f"{count} {_WORDS[kind]}, which must not be"
        for kind, count in counts.items()
        if count and kind not in mailbox.must | mailbox.may
    ]
    functions = {_RECORDED_BY[kind] for kind in missing} or {"on_feedback"}
    return _check(mailbox.name, wrong, _all_well(mailbox, counts), *sorted(functions))


def judge_counters(deliveries: Items, report: Report) -> Check:
    """Whether the campaign's counters say what its deliveries say."""
    counts = {EVENT_TIMES[kind].removesuffix("_at"): count for kind, count in _counts(deliveries.values()).items()}
    wrong = [f"{report.events[k]} {k}, and the ledger has {n}" for k, n in counts.items() if report.events[k] != n]
    right = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return _check("counters", wrong, f"{right}: as in the ledger", "on_delivery", "on_feedback")


def judge_again(report: Report) -> Check:
    """Whether the same list, uploaded again, was sent to nobody."""
    wrong = [] if report.status is Status.FINISHED else [f"it is {report.status.value}: {report.reason}"]
    if report.ends["accepted"]:
        wrong.append(f"{report.ends['accepted']} were accepted a second time")
    if report.ends["already_sent"] != MAILS:
        wrong.append(f"{report.ends['already_sent']} of {MAILS} are already_sent")
    return _check("second upload", wrong, f"nobody gets it twice: {MAILS} already sent", "send_batch")


def judge_dead_letters(before: Mapping[str, int], after: Mapping[str, int]) -> Check:
    """Whether no message came into a dead-letter queue (by its output's name) while the test ran."""
    wrong = [f"{after[q] - before[q]} came into {q}" for q in before if after[q] > before[q]]
    return _check("dead letters", wrong, f"none came into {' or '.join(before)}")


def judge_page(status: int | str, names_campaign: bool) -> Check:
    """Whether the signed link opened the report's page; `status` is the HTTP status, or why there was none."""
    wrong = [] if status == 200 else [f"the signed link answers {status}"]
    if status == 200 and not names_campaign:
        wrong.append("the page does not name the campaign")
    # The function of the pages bears the stack's own name.
    return _check("report page", wrong, "the signed link answers 200", "")


def _wrong_line(row: Row, line: Outcome | None) -> str:
    """What is wrong with a row's line in report.csv; empty where nothing is."""
    if line is None:
        return f"row {row.number} is missing"
    if line.kind is not row.end:
        return f"row {row.number} is {line.kind.value}, not {row.end.value} ({line.reason or 'with no reason given'})"
    if line.kind is not OutcomeKind.ACCEPTED and not line.reason:
        return f"row {row.number} is {line.kind.value}, and nothing says why"
    return ""


def _check(name: str, wrong: Sequence[str], right: str, *functions: str) -> Check:
    more = [f"and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
    return Check(name, not wrong, "; ".join([*wrong[:_SHOWN], *more]) or right, functions)


def _counts(deliveries: Iterable[Mapping[str, Any]]) -> dict[EventKind, int]:
    """How many of these items of the ledger have seen each event."""
    items = list(deliveries)
    return {kind: sum(EVENT_TIMES[kind] in item for item in items) for kind in _WORDS}


def _all_well(mailbox: Mailbox, counts: Mapping[EventKind, int]) -> str:
    came = " and ".join(word for kind, word in _WORDS.items() if kind in mailbox.must)
    marked = ", contacts marked with haserror" if mailbox.marks else ""
    answers = f"; automatic answers so far: {counts[EventKind.BOUNCED_TRANSIENTLY]}" if mailbox.may else ""
    return f"{mailbox.mails} of {mailbox.mails} {came}{marked}{answers}"
