"""What has gone wrong lately: dead letters, alarms, campaigns that did not come to their end."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.campaign import PausedBy, Status
from hato.doctor.finding import Finding, Mark

RECENTLY = timedelta(days=7)
_NAMED = 3
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def judge_dead_letters(stack: str, subject: str, what: str, count: int) -> Finding:
    """Whether a dead-letter queue is empty."""
    if not count:
        return Finding(Mark.OK, subject, f"There is none: every {what} was worked on.")
    mend = f"`hato dead-letters list --stage {stack.removeprefix('hato-')}` shows them."
    whats = what if count == 1 else _plural(what)
    return Finding(Mark.WARNING, subject, f"About {count:,} {whats} could not be worked on, and lie there.", mend)


def judge_alarms(stack: str, raised: Sequence[str]) -> Finding:
    """Whether an alarm of the stage is raised."""
    if not raised:
        return Finding(Mark.OK, "alarms", f"No alarm of {stack} is raised.")
    names = ", ".join(sorted(raised))
    verb = "is" if len(raised) == 1 else "are"
    return Finding(Mark.WARNING, "alarms", f"{names} {verb} raised.", "docs/runbooks.md says what each one means.")


def judge_campaigns(summaries: Sequence[Mapping[str, Any]], now: datetime) -> Finding:
    """Whether Hato stopped, failed or paused a campaign of the last days."""
    subject, days = "campaigns", f"the last {RECENTLY.days} days"
    recent = [each for each in summaries if _is_stuck(each) and now - _time_of(each) <= RECENTLY]
    if not recent:
        return Finding(Mark.OK, subject, f"No campaign of {days} failed, was stopped, or paused itself.")
    recent.sort(key=_time_of, reverse=True)
    named = ", ".join(f"{each['campaign_id']} ({each['status']})" for each in recent[:_NAMED])
    more = f" and {len(recent) - _NAMED:,} more" if len(recent) > _NAMED else ""
    which = f"{len(recent):,} campaigns" if len(recent) > 1 else "A campaign"
    text = f"{which} of {days} did not come to an end: {named}{more}."
    mend = "`hato campaigns` says why; `hato resume CAMPAIGN` lets one go on when that is mended."
    return Finding(Mark.WARNING, subject, text, mend)


def _is_stuck(summary: Mapping[str, Any]) -> bool:
    status = summary.get("status")
    if status == Status.PAUSED:
        return summary.get("paused_by") == PausedBy.BREAKER
    return status in {Status.FAILED, Status.STOPPED}


def _time_of(summary: Mapping[str, Any]) -> datetime:
    text = summary.get("finished_at") or summary.get("created_at")
    return datetime.fromisoformat(str(text)) if text else _LONG_AGO


def _plural(what: str) -> str:
    return f"{what}es" if what.endswith("ch") else f"{what}s"
