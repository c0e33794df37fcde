"""How `hato campaigns` looks."""

import io
from threading import Barrier

import pytest
from rich.console import Console

from chalicelib.domain.report import Report
from hato.cli.glyphs import UNICODE
from hato.cli.listing import Found, print_campaigns, read_newest
from hato.cli.listing.table import lines
from tests.cli.campaigns import FINISHED, report
from tests.fakes.campaigns import FakeCampaigns

NEVER_BEGUN = report("failed", rows=0, batches=0, reason="There is no mail 'spring'.")


def table(width: int | None = None) -> list[str]:
    return [each.plain.rstrip() for each in lines([FINISHED, NEVER_BEGUN], width, UNICODE)]


def test_a_campaign_is_a_line_with_its_rates() -> None:
    head, first, second = table()
    titles = ["created", "campaign", "status", "mail", "rows", "accepted", "delivered", "opened", "clicked", "bounced"]
    assert head.split() == titles
    assert first.split() == [
        *("2026-05-01", "08:00", FINISHED.campaign_id, "finished", "spring"),
        *("1,000", "985", "95.4%", "21.3%", "2.1%", "2.0%"),
    ]
    assert second.split()[-6:] == ["0", "0", "–", "–", "–", "–"]


@pytest.mark.parametrize("width", [10, 40, 60, 80, 100, 120])
def test_a_narrow_terminal_gets_fewer_columns_and_every_id_whole(width: int) -> None:
    found = table(width)
    assert all(FINISHED.campaign_id in each for each in found[1:])
    assert max(map(len, found)) <= max(width, len(f"{FINISHED.campaign_id}  finished"))


def test_what_says_least_is_left_out_first() -> None:
    widest = len(max(table(), key=len))
    lost = [set(table()[0].split()) - set(table(width)[0].split()) for width in (widest, widest - 1, widest - 20, 40)]
    assert lost[0] == set()
    assert lost[1] == {"accepted"}
    assert lost[2] == {"accepted", "mail", "clicked"}
    assert "campaign" not in lost[3]


def printed(found: Found, width: int = 60) -> str:
    stream = io.StringIO()
    print_campaigns(Console(file=stream, width=width), found)
    return stream.getvalue()


def test_why_a_campaign_came_to_nothing_is_told_below_the_table() -> None:
    text = printed(Found([FINISHED, NEVER_BEGUN], are_older=False))
    assert text.endswith(f"\nWhy\n  {NEVER_BEGUN.campaign_id}  There is no mail 'spring'.\n")


def test_a_pipe_gets_all_columns_whatever_its_width() -> None:
    assert "bounced" in printed(Found([FINISHED], are_older=False)).splitlines()[0]
    assert "\x1b" not in printed(Found([FINISHED], are_older=False))


def test_how_to_see_older_campaigns_is_told_where_there_are_any() -> None:
    told = "\nThere are older ones: `hato campaigns --limit 5`\n"
    assert printed(Found([FINISHED], are_older=True)).endswith(told)
    assert told not in printed(Found([FINISHED]))


def test_who_has_no_campaigns_is_told_how_to_make_one() -> None:
    assert printed(Found([], are_older=False)) == "There are no campaigns yet: `hato send` makes one.\n"


class SlowCampaigns(FakeCampaigns):
    """Each report waits until another is asked for, too."""

    def __init__(self) -> None:
        super().__init__()
        self._both = Barrier(2, timeout=10)

    def report(self, campaign_id: str) -> Report:
        self._both.wait()
        return super().report(campaign_id)


def test_the_newest_are_read_side_by_side() -> None:
    campaigns = SlowCampaigns()
    for day in (2, 3, 1):
        campaigns.create(f"c-{day}", "a.csv", "m", f"2026-05-0{day}T00:00:00.000Z")
    found = read_newest(campaigns, 2)
    assert ([each.campaign_id for each in found.reports], found.are_older) == (["c-3", "c-2"], True)
