"""What scanners do with a mail, and how they show."""

from collections import Counter
from collections.abc import Sequence

import pytest

from hato.local.ses.plan import plan
from hato.local.ses.settings import Behaviour, Settings
from hato.local.ses.step import BROWSER, KNOWN_SCANNERS, SCANNER, Kind, Step, Trackable

LINKS = tuple(f"https://example.com/{number}" for number in range(5))
SCANNED = Behaviour(hard_bounces=0, soft_bounces=0, delays=0, opens=0, bots=1, complaints=0, bot_verdicts=0)
PEOPLE = [f"person{number}@example.com" for number in range(3000)]


def scans(
    links: Sequence[str] = LINKS, opens: bool = True, delay: float = 60, verdicts: float = 0
) -> list[tuple[list[Step], float]]:
    """The scanner's steps of every recipient, and when its mail was delivered."""
    behaviour = Behaviour(**{**vars(SCANNED), "bot_verdicts": verdicts})
    settings = Settings(delivery_delay=delay, behaviour=behaviour)
    found = [plan(person, "mail", settings, Trackable(opens, tuple(links))) for person in PEOPLE]
    return [([s for s in steps if s.bot], next(s.after for s in steps if s.kind is Kind.DELIVERY)) for steps in found]


def sort(steps: Sequence[Step], delivered: float) -> str:
    """How the scanner shows; an assertion fails where it does so in no way, or in two."""
    links = {step.link for step in steps if step.kind is Kind.CLICK}
    signs = {
        "agent": all(step.agent in KNOWN_SCANNERS for step in steps),
        "burst": len(links) >= 3 and all(0 <= step.after - delivered <= 2 for step in steps),
        "early": any(step.after <= delivered - 0.005 for step in steps),
    }
    (shown,) = [name for name, is_shown in signs.items() if is_shown]
    if shown != "agent":
        assert {step.agent for step in steps} == {BROWSER}
        assert {step.kind for step in steps} == {Kind.CLICK}
    return shown


def test_a_scanner_shows_in_exactly_one_of_three_ways_each_as_often() -> None:
    shares = Counter(sort(steps, delivered) for steps, delivered in scans())
    assert set(shares) == {"agent", "burst", "early"}
    assert all(count / len(PEOPLE) == pytest.approx(1 / 3, abs=0.04) for count in shares.values())


def test_a_known_scanner_opens_and_follows_one_link_when_the_mail_arrives() -> None:
    known = [(steps, at) for steps, at in scans() if sort(steps, at) == "agent"]
    for steps, delivered in known:
        assert [step.kind for step in steps] == [Kind.OPEN, Kind.CLICK]
        assert {step.after for step in steps} == {delivered}
        assert len({step.agent for step in steps}) == 1
    assert {steps[0].agent for steps, _ in known} == set(KNOWN_SCANNERS)
    assert {steps[1].link for steps, _ in known} == set(LINKS)


def test_a_burst_is_three_different_links_and_any_of_them() -> None:
    bursts = [steps for steps, delivered in scans() if sort(steps, delivered) == "burst"]
    assert {len(steps) for steps in bursts} == {3}
    assert {step.link for steps in bursts for step in steps} == set(LINKS)


def test_an_early_scanner_clicks_once_and_never_before_the_send() -> None:
    early = [steps for steps, delivered in scans(delay=0.2) if sort(steps, delivered) == "early"]
    assert {len(steps) for steps in early} == {1}
    assert min(steps[0].after for steps in early) >= 0


def test_a_mail_with_two_links_is_scanned_in_no_burst() -> None:
    assert {sort(steps, at) for steps, at in scans(LINKS[:2])} == {"agent", "early"}


def test_a_mail_that_arrives_at_once_is_scanned_by_nobody_early() -> None:
    assert {sort(steps, at) for steps, at in scans(delay=0.049)} == {"agent", "burst"}


def test_a_scanner_does_only_what_ses_can_see() -> None:
    assert {tuple(step.kind for step in steps) for steps, _ in scans(links=())} == {(Kind.OPEN,)}
    assert {step.kind for steps, _ in scans(opens=False) for step in steps} == {Kind.CLICK}
    assert all(not steps for steps, _ in scans(links=(), opens=False))


def test_where_ses_gives_its_verdict_every_scanner_opens_and_follows_the_first_link_at_once() -> None:
    for steps, delivered in scans(verdicts=1):
        assert [(step.kind, step.link) for step in steps] == [(Kind.OPEN, ""), (Kind.CLICK, LINKS[0])]
        assert {(step.after, step.agent, step.verdict) for step in steps} == {(delivered, SCANNER, True)}


def test_the_same_seed_has_the_same_scanners() -> None:
    assert scans() == scans()
