"""A view in words: what a terminal shows in colours, and a pipe in one line."""

from rich.text import Text

from chalicelib.domain.duration import duration
from hato.cli.glyphs import Glyphs
from hato.cli.watch.view import Alarm, Harm, Mark, View

_BAR = 40
_NOTHING = {False: "reading the list", True: "nothing was sent"}
_STYLES = {Mark.DONE: "green", Mark.NOW: "bold cyan", Mark.HELD: "bold yellow", Mark.FAILED: "bold red"}
_ALARMS = {Alarm.NONE: "", Alarm.NEAR: "yellow", Alarm.OVER: "bold red"}


def line(view: View) -> str:
    """The campaign at this moment in one line."""
    report = view.report
    told = [f"{report.settled} of {report.rows} rows" if report.rows else "", speed(view), _left(view)]
    told += [f"{each.count:,} {each.name} ({each.share:.2%})" for each in view.harms if each.count]
    why = f"; {view.why}" if view.why else ""
    return f"{view.phase}: {', '.join(each for each in told if each) or _NOTHING[report.has_ended]}{why}"


def lines(view: View, glyphs: Glyphs, width: int) -> list[Text]:
    """The campaign at this moment, in the few lines of a terminal that stay in their place."""
    found = [_phases(view, glyphs), _bar(view, glyphs, width)]
    pace = ", ".join(each for each in (speed(view), _left(view)) if each)
    if pace:
        found.append(Text(pace))
    if view.report.ends["accepted"]:
        found.append(Text("   ").join(_harm(each) for each in view.harms))
    if view.why:
        found.append(Text(view.why, "yellow"))
    return found


def speed(view: View) -> str:
    """How fast it goes, against what the account allows; empty while it does not go, or is not measured."""
    if view.phase not in {"sending", "paused", "waiting"}:
        return ""
    allowed = f"{view.allowance.full_rate:,.0f}/s" if view.allowance else ""
    if view.rate is None:
        return f"the account takes {allowed}" if allowed and view.phase == "sending" else ""
    return f"{view.rate:,.0f}/s of {allowed}" if allowed else f"{view.rate:,.0f}/s"


def _left(view: View) -> str:
    return "" if view.seconds_left is None else f"about {duration(view.seconds_left)} left"


def _phases(view: View, glyphs: Glyphs) -> Text:
    marks = {name: getattr(glyphs, name.value) for name in Mark}
    found = [Text(f"{marks[each.mark]} {each.name}", _STYLES.get(each.mark, "dim")) for each in view.phases]
    return Text("  ").join(found)


def _bar(view: View, glyphs: Glyphs, width: int) -> Text:
    if view.share is None:
        return Text(_NOTHING[view.report.has_ended], "dim")
    room = min(_BAR, max(8, width - 40))
    full = int(room * view.share)
    told = f" {view.report.settled:,} of {view.report.rows:,} rows  {view.share:.0%}"
    return Text.assemble((glyphs.full * full, "cyan"), (glyphs.rest * (room - full), "dim"), told)


def _harm(each: Harm) -> Text:
    return Text(f"{each.name} {each.count:,} ({each.share:.2%})", _ALARMS[each.alarm])
