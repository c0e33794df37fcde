"""What `--watch` shows of a campaign, and how fast it finds that it goes."""

import io

import pytest
from rich.console import Console

from chalicelib.domain.report import Report
from hato.cli.glyphs import UNICODE
from hato.cli.watch import Watcher
from hato.cli.watch.allowance import Allowance
from hato.cli.watch.showing import APART, Plain, showing
from hato.cli.watch.view import Alarm, Mark, View
from hato.cli.watch.window import Window
from hato.cli.watch.words import line, lines
from tests.cli.campaigns import FINISHED, report
from tests.fakes.clock import FakeClock

ITEM = {"rate": 90, "ceiling": 100, "day_limit": 1000, "day_left": 500, "read_at": 0}


# ── how fast ────────────────────────────────────────────────────────────────────────────────────────────────────────


def measured(*looks: tuple[float, int]) -> float | None:
    window = Window(10.0)
    for at, count in looks:
        window.add(at, count)
    return window.rate


def test_a_rate_is_known_when_something_was_seen_to_grow_for_a_while() -> None:
    assert measured() is None
    assert measured((0, 5)) is None
    assert measured((0, 5), (1, 50)) is None
    assert measured((0, 0), (4, 200)) == 50


def test_what_has_not_moved_yet_has_no_rate_until_the_window_is_full() -> None:
    assert measured((0, 0), (5, 0)) is None
    assert measured((0, 0), (10, 0)) == 0


def test_only_the_last_seconds_count() -> None:
    assert measured((0, 0), (10, 1000), (15, 1000), (20, 1100)) == 10
    assert measured((0, 1000), (10, 1000), (20, 1000)) == 0


def test_a_counter_that_goes_back_is_no_rate_below_0() -> None:
    assert measured((0, 100), (10, 90)) == 0


def test_a_counter_is_quiet_since_it_last_moved() -> None:
    window = Window(10.0)
    assert window.quiet == 0
    for at, count in ((0, 1), (5, 2), (25, 2)):
        window.add(at, count)
    assert window.quiet == 20


# ── what the account allows ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_account_allows_its_rate_and_after_a_throttle_less_for_a_while() -> None:
    assert Allowance.from_item(ITEM, 1000.0) == Allowance(90, 90)
    cut = Allowance.from_item(ITEM | {"cut": 0.7, "cut_at": 1000.0}, 1000.0)
    assert cut is not None
    assert (cut.rate, cut.is_throttled) == (pytest.approx(63), True)
    later = Allowance.from_item(ITEM | {"cut": 0.7, "cut_at": 1000.0}, 1015.0)
    assert later is not None
    assert not later.is_throttled


def test_nobody_who_never_asked_ses_knows_what_it_allows() -> None:
    assert Allowance.from_item({}, 0.0) is None


@pytest.mark.parametrize(
    ("item", "is_over"),
    [
        ({"wanted_at": 990.0, "next_slot": 900.0}, True),
        ({"wanted_at": 990.0, "next_slot": 995.0}, False),
        ({"wanted_at": 990.0 - 3600, "next_slot": 0.0}, False),
        ({}, False),
    ],
)
def test_the_day_is_over_while_somebody_waits_for_the_next(item: dict[str, float], is_over: bool) -> None:
    found = Allowance.from_item(ITEM | item, 1000.0)
    assert found is not None
    assert found.is_day_over == is_over


# ── where it stands ─────────────────────────────────────────────────────────────────────────────────────────────────

PREPARING = report("preparing", rows=0, batches=0, invalid=0)
SENDING = report(counts={"accepted": 490}, events={"delivered@08": 400})
DAY_OVER = Allowance(90, 90, is_day_over=True)


def phases(view: View) -> list[tuple[str, Mark]]:
    return [(each.name, each.mark) for each in view.phases]


@pytest.mark.parametrize(
    ("view", "told"),
    [
        (View(PREPARING), "> preparing, . sending, . finishing, . finished"),
        (View(SENDING), "x preparing, > sending, . finishing, . finished"),
        (View(report("paused")), "x preparing, = paused, . finishing, . finished"),
        (View(report("paused", batches=0)), "= paused, . sending, . finishing, . finished"),
        (View(SENDING, None, DAY_OVER), "x preparing, = waiting, . finishing, . finished"),
        (View(report(counts={"accepted": 990})), "x preparing, x sending, > finishing, . finished"),
        (View(report("cancelled")), "x preparing, x sending, > finishing, . finished"),
        (View(FINISHED), "x preparing, x sending, x finishing, x finished"),
        (View(report("cancelled", finished_at="x")), "x preparing, x cancelled"),
        (View(report("stopped", finished_at="x")), "x preparing, ! stopped"),
        (View(report("failed", batches=0, finished_at="x")), "! failed"),
    ],
)
def test_the_phases_are_marked(view: View, told: str) -> None:
    marks = {Mark.DONE: "x", Mark.NOW: ">", Mark.HELD: "=", Mark.FAILED: "!", Mark.TO_COME: "."}
    assert ", ".join(f"{marks[mark]} {name}" for name, mark in phases(view)) == told


def test_time_left_comes_from_the_rows_left_and_the_measured_rate() -> None:
    assert View(SENDING, 50.0).seconds_left == 10
    assert View(SENDING, None).seconds_left is None
    assert View(SENDING, 0.0).seconds_left is None
    assert View(report("paused", counts={"accepted": 490}), 50.0).seconds_left is None


def test_why_it_does_not_go_on_or_not_at_full_speed_is_told() -> None:
    assert View(report("paused", reason="Paused by its owner.")).why == "Paused by its owner."
    assert "mails of today are used up" in View(SENDING, None, DAY_OVER).why
    assert "70% of the rate" in View(SENDING, 50.0, Allowance(63, 90)).why
    assert View(SENDING, 50.0, Allowance(90, 90)).why == ""
    assert View(SENDING, 0.0, quiet=59).why == ""
    assert View(SENDING, 0.0, quiet=90).why == "Nothing has moved for 1.5 minutes: batches wait to be tried again."


@pytest.mark.parametrize(
    ("bounced", "accepted", "alarm"),
    [
        (0, 2000, Alarm.NONE),
        (50, 2000, Alarm.NONE),
        (51, 2000, Alarm.NEAR),
        (101, 2000, Alarm.OVER),
        (101, 900, Alarm.NEAR),
    ],
)
def test_bounces_near_the_breakers_limit_are_an_alarm(bounced: int, accepted: int, alarm: Alarm) -> None:
    first, second = View(report(counts={"accepted": accepted}, events={"bounced": bounced})).harms
    assert (first.name, first.count, first.share, first.alarm) == ("bounced", bounced, bounced / accepted, alarm)
    assert (second.name, second.alarm) == ("complained", Alarm.NONE)


# ── in words ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_tells_all_of_it() -> None:
    view = View(report(counts={"accepted": 490}, events={"bounced": 49}), 50.4, Allowance(90, 90))
    assert line(view) == "sending: 500 of 1000 rows, 50/s of 90/s, about 10 seconds left, 49 bounced (10.00%)"
    assert line(View(PREPARING)) == "preparing: reading the list"
    assert line(View(FINISHED)).startswith("finished: 1000 of 1000 rows, 20 bounced")


def test_a_terminal_is_told_it_in_a_few_lines() -> None:
    told = [each.plain for each in lines(View(SENDING, 50.0, Allowance(90, 90)), UNICODE, 100)]
    assert told[0] == "✓ preparing  ▶ sending  · finishing  · finished"
    assert told[1] == "█" * 20 + "░" * 20 + " 500 of 1,000 rows  50%"
    assert told[2:] == ["50/s of 90/s, about 10 seconds left", "bounced 0 (0.00%)   complained 0 (0.00%)"]


# ── for a pipe ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Told:
    """What a pipe was told, with a clock that the test turns."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.now = 0.0
        self.tell = Plain(lambda words, **style: self.lines.append(words), lambda: self.now)

    def at(self, now: float, found: Report, rate: float | None = None) -> None:
        self.now = now
        self.tell(View(found, rate))


def test_a_pipe_gets_a_line_at_each_change_but_none_too_soon() -> None:
    told = Told()
    told.at(0, PREPARING)
    told.at(1, SENDING)
    assert told.lines == ["preparing: reading the list"]
    told.at(APART, SENDING)
    told.at(2 * APART, SENDING, rate=50.0)
    assert told.lines[1:] == ["sending: 500 of 1000 rows"]
    told.at(2 * APART, report(counts={"accepted": 491}))
    assert len(told.lines) == 3


def test_the_end_is_told_at_once() -> None:
    told = Told()
    told.at(0, SENDING)
    told.at(0.5, FINISHED)
    assert told.lines[-1].startswith("finished: 1000 of 1000 rows")


def test_a_pipe_gets_no_control_characters() -> None:
    stream = io.StringIO()
    with showing(Console(file=stream, width=20), lambda: 0.0) as show:
        show(View(SENDING, 50.0, Allowance(63, 90)))
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().rstrip("\n").isprintable()


# ── looking again and again ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_watcher_measures_and_asks_for_the_pace_only_now_and_then() -> None:
    clock, asked = FakeClock(), list[float]()
    begun = clock.seconds()
    campaign = {"accepted": 0}

    def item() -> dict[str, float]:
        asked.append(clock.seconds() - begun)
        return ITEM

    watcher = Watcher(lambda: report(counts=campaign), item, clock.seconds, clock.seconds)
    for _ in range(11):
        view = watcher.look()
        clock.turn(seconds=0.5)
        campaign["accepted"] += 20
    assert view.rate == pytest.approx(40)
    assert view.allowance == Allowance(90, 90)
    assert asked == [0, 2, 4]


def test_a_campaign_that_has_ended_needs_no_pace() -> None:
    def item() -> dict[str, float]:
        raise AssertionError("nobody needs to know")

    assert Watcher(lambda: FINISHED, item, lambda: 0.0, lambda: 0.0).look().allowance is None
