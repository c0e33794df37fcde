"""What people do with a mail that arrived."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hato.local.ses.plan import plan
from hato.local.ses.settings import Behaviour, Settings
from hato.local.ses.step import Kind, Step, Trackable

LINKS = tuple(f"https://example.com/{number}" for number in range(5))
DAY = 24 * 60 * 60.0
READERS = Behaviour(hard_bounces=0, soft_bounces=0, delays=0, opens=1, clicks=1, bots=0, complaints=0.2)
PEOPLE = [f"person{number}@example.com" for number in range(3000)]


def plans(
    behaviour: Behaviour = READERS, links: Sequence[str] = LINKS, delay: float = DAY, seed: int = 1
) -> Iterator[tuple[Step, ...]]:
    settings = Settings(seed=seed, behaviour=behaviour, engagement_delay=delay)
    return (plan(person, "mail", settings, Trackable(opens=True, links=tuple(links))) for person in PEOPLE)


def clicks(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if step.kind is Kind.CLICK]


def delivered(steps: Sequence[Step]) -> float:
    return next(step.after for step in steps if step.kind is Kind.DELIVERY)


def test_everybody_who_clicks_follows_one_or_two_different_links_at_different_times() -> None:
    for steps in plans():
        followed = clicks(steps)
        assert 1 <= len(followed) <= 2
        assert len({step.link for step in followed}) == len(followed) == len({step.after for step in followed})


def test_every_link_is_followed_by_as_many_and_some_follow_two() -> None:
    followed = [clicks(steps) for steps in plans()]
    first = Counter(steps[0].link for steps in followed)
    assert set(first) == set(LINKS)
    assert all(count / len(PEOPLE) == pytest.approx(0.2, abs=0.04) for count in first.values())
    assert {steps[1].link for steps in followed if len(steps) == 2} == set(LINKS)
    assert sum(len(steps) == 2 for steps in followed) / len(PEOPLE) == pytest.approx(0.3, abs=0.04)


def test_a_mail_with_one_link_is_clicked_once() -> None:
    assert {len(clicks(steps)) for steps in plans(links=LINKS[:1])} == {1}


def test_a_click_comes_with_an_open_or_after_one() -> None:
    for steps in plans():
        seen = [step.kind for step in steps if step.kind in (Kind.OPEN, Kind.CLICK)]
        assert seen[0] is Kind.OPEN


def test_clicks_are_seen_where_opens_are_not() -> None:
    settings = Settings(behaviour=READERS)
    steps = plan(PEOPLE[0], "mail", settings, Trackable(opens=False, links=LINKS))
    assert {step.kind for step in steps} == {Kind.SEND, Kind.DELIVERY, Kind.CLICK}


@given(st.floats(0.001, 30 * DAY), st.integers())
def test_nobody_acts_in_the_first_twentieth_of_the_time_nor_after_its_end(delay: float, seed: int) -> None:
    settings = Settings(seed=seed, engagement_delay=delay, behaviour=READERS)
    steps = plan("ann@example.com", "mail", settings, Trackable(opens=True, links=LINKS))
    acts = [step for step in steps if step.kind in (Kind.OPEN, Kind.CLICK, Kind.COMPLAINT)]
    assert all(0.05 * delay <= step.after - delivered(steps) + 1e-6 for step in acts)
    assert all(step.after - delivered(steps) <= delay + 1e-6 for step in acts)


def test_people_act_all_through_the_time_they_have() -> None:
    waits = [step.after - delivered(steps) for steps in plans() for step in steps if step.kind is Kind.COMPLAINT]
    assert min(waits) < 0.1 * DAY
    assert max(waits) > 0.95 * DAY
    assert sum(waits) / len(waits) == pytest.approx(0.525 * DAY, rel=0.1)


def test_where_ses_gives_no_verdicts_it_gives_none_for_any_event_of_the_recipient() -> None:
    for share in (0.0, 0.4, 1.0):
        behaviour = Behaviour(hard_bounces=0, soft_bounces=0, opens=1, clicks=1, bots=0.5, bot_verdicts=share)
        told = [{step.verdict for step in steps if step.kind in (Kind.OPEN, Kind.CLICK)} for steps in plans(behaviour)]
        assert {len(verdicts) for verdicts in told} == {1}
        assert sum(verdicts == {True} for verdicts in told) / len(PEOPLE) == pytest.approx(share, abs=0.04)


def test_what_people_do_does_not_depend_on_verdicts_nor_on_scanners() -> None:
    def of_people(behaviour: Behaviour) -> list[list[tuple[Kind, float, str]]]:
        return [[(s.kind, s.after, s.link) for s in steps if not s.bot] for steps in plans(behaviour)]

    with_scanners = Behaviour(**{**vars(READERS), "bots": 1.0, "bot_verdicts": 0.0})
    assert of_people(READERS) == of_people(with_scanners)


def test_the_same_seed_has_the_same_readers_whoever_is_asked_first() -> None:
    settings, seen = Settings(behaviour=READERS), Trackable(opens=True, links=LINKS)
    forward = {person: plan(person, "mail", settings, seen) for person in PEOPLE[:200]}
    backward = {person: plan(person, "mail", settings, seen) for person in reversed(PEOPLE[:200])}
    assert forward == backward
    assert list(plans(seed=1)) != list(plans(seed=2))


def test_steps_come_in_the_order_of_their_times() -> None:
    assert all(one.after <= other.after for steps in plans() for one, other in pairwise(steps))
