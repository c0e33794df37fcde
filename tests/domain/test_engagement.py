"""Who opened a mail or followed a link: a person or a program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.engagement import Look, Word, by_people, is_scanner, word_of

DELIVERED = "2026-01-31T08:00:10.000Z"


def at(second: float) -> str:
    return f"2026-01-31T08:00:{second:06.3f}Z"


def look(second: float, link: str = "", word: Word = Word.UNSAID) -> Look:
    return Look(at(second), word, link)


@pytest.mark.parametrize(
    ("is_bot", "agent", "word"),
    [
        (True, "Mozilla/5.0", Word.BOT),
        (False, "curl/8.5", Word.PERSON),  # SES has seen more than a name
        (None, "curl/8.5", Word.SCANNER),
        (None, "Mozilla/5.0 (Windows NT 10.0)", Word.UNSAID),
        (None, "", Word.UNSAID),
    ],
)
def test_ses_is_believed_first_and_the_programs_own_name_after_it(is_bot: bool | None, agent: str, word: Word) -> None:
    assert word_of(is_bot, agent) is word


@pytest.mark.parametrize(
    "agent",
    [
        "BarracudaCentral/1.0",
        "Mozilla/5.0 (compatible; Mimecast URL scanner)",
        "proofpoint-url-defense",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "Slackbot-LinkExpanding 1.0",
        "Mozilla/5.0 HeadlessChrome/120.0",
        "python-requests/2.31",
        "Go-http-client/2.0",
    ],
)
def test_programs_that_look_into_mails_are_known_by_their_names(agent: str) -> None:
    assert is_scanner(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36",
        "Thunderbird/115.0",
    ],
)
def test_what_people_read_with_is_no_scanner_nor_are_the_proxies_that_fetch_pictures_for_them(agent: str) -> None:
    assert not is_scanner(agent)


def test_what_came_before_the_delivery_was_no_person() -> None:
    early, late = look(9.999, "0"), look(10, "0")
    assert by_people([late, early], DELIVERED) == [late]
    assert by_people([early], "") == [early], "who knows"


def test_ses_word_for_a_person_stands_against_all_signs() -> None:
    burst = [look(1, str(link), Word.PERSON) for link in range(5)]
    assert by_people(burst, DELIVERED) == burst


@pytest.mark.parametrize(
    ("clicks", "people"),
    [
        ([(20, "0"), (21, "1")], [20, 21]),
        ([(20, "0"), (25, "1"), (30, "2")], []),  # ten seconds, to the end
        ([(20, "0"), (25, "1"), (30.001, "2")], [20, 25, 30.001]),
        ([(20, "0"), (21, "0"), (22, "0"), (23, "1")], [20, 21, 22, 23]),  # the same link again and again
        ([(20, "0"), (21, "1"), (22, "2"), (28, "0"), (45, "1")], [45]),
        ([(20, "0"), (21, "1"), (22, "2"), (31, "3"), (32, "4")], []),  # one burst right after the other
        ([(20, "0"), (29, "1"), (38, "2"), (47, "3")], [20, 29, 38, 47]),
    ],
)
def test_three_links_within_ten_seconds_are_a_programs(clicks: list[tuple[float, str]], people: list[float]) -> None:
    found = by_people([look(second, link) for second, link in clicks], DELIVERED)
    assert [each.at for each in found] == [at(second) for second in people]


def test_opens_make_no_burst() -> None:
    opens = [look(20 + second) for second in range(5)]
    assert by_people(opens, DELIVERED) == opens


looks = st.builds(look, st.integers(0, 40), st.sampled_from(["0", "1", "2", "3"]), st.sampled_from(Word))


@given(st.lists(looks, max_size=8), st.randoms())
def test_the_order_in_which_clicks_are_told_is_nothing(clicks: list[Look], chance: object) -> None:
    shuffled = clicks[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert by_people(clicks, DELIVERED) == by_people(shuffled, DELIVERED)


@given(looks)
def test_what_is_written_is_read_again(one: Look) -> None:
    assert Look.read(str(one)) == one


def test_a_word_of_another_version_says_nothing() -> None:
    assert Look.read(f"{DELIVERED} alien 3") == Look(DELIVERED, Word.UNSAID, "3")
