"""Every word of the pages is there in both languages, and every name that Hato has is one of them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from string import Formatter

import pytest
from jinja2 import Environment, nodes

from chalicelib.domain import contact, facts, history, providers, recipient, tally
from chalicelib.domain.campaign import Status
from chalicelib.domain.history import Moment
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.reasons import OTHERS, without_particulars
from chalicelib.steps.triage import UNKNOWN
from chalicelib.web import message_page, names
from chalicelib.web.assets import TEMPLATES
from chalicelib.web.dashboard_page import Entry, dashboard_page
from chalicelib.web.japanese import JAPANESE
from chalicelib.web.recipient_page import Person, recipient_page
from chalicelib.web.sentences import JAPANESE as SENTENCES
from chalicelib.web.sentences import sentence
from chalicelib.web.words import Words
from tests.web.showing import Shown, report, shown

TABLES = [table for name, table in vars(names).items() if name.isupper() and name != "MOODS"]
# Words that are the same in Japanese: names of products and formats, and what programs are told.
COMMAND = "hato report CAMPAIGN --link"
SAME = {"SES", "Hato", "UTC", "CSV", "JSON", "Apple", "Gmail", "Outlook", "Hotmail", "Yahoo", "AOL", "JAPAN"}
SAME |= {"haserror", "report", "csv"}


def in_templates() -> Iterator[str]:
    """What templates say with `t("...")`."""
    for file in TEMPLATES.rglob("*.html"):
        for call in Environment(autoescape=True).parse(file.read_text()).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t" and isinstance(call.args[0], nodes.Const):
                yield call.args[0].value


def all_said() -> set[str]:
    titles = {*message_page._TITLES.values(), "This cannot be shown"}
    return {*in_templates(), *titles, *(words for table in TABLES for words in table.values())}


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_japanese_table_has_all_words_of_the_pages_and_no_others() -> None:
    assert all_said() - set(JAPANESE) == set()
    assert set(JAPANESE) - all_said() == set()


@pytest.mark.parametrize("english", JAPANESE)
def test_both_languages_say_the_same_values(english: str) -> None:
    assert fields(english) == fields(JAPANESE[english])
    assert JAPANESE[english].strip() == JAPANESE[english] != ""


def japanese_pages() -> Iterator[str]:
    """All pages with all that they can say, and nothing of others' making but digits and signs."""
    mine = {"campaign_id": "1", "mail_id": "2", "source": "3", "mail_links": ["//4", "//5", "//6"], "reasons": ()}
    finished, sending = (replace(report(status), **mine) for status in ("finished", "sending"))
    for each in (finished, sending):
        yield shown(each, language="ja").text.replace("Rebound", "")  # SES's own word
    yield Shown(dashboard_page([Entry(sending, "x")], "ja", older="x", refresh="x", recipient="x")).text
    yield Shown(dashboard_page([], "ja", refresh="x")).text.replace("hato send", "")
    moments = [Moment("2026-05-01T08:00:00.000Z", name, is_human=False) for name in names.MOMENTS]
    why = "The contact bounced 2026-05-01T08:00:00Z."
    for person in (
        Person("1@2", dict.fromkeys(names.CONTACT, "1"), why, [("1", "2", moments)]),
        Person("1@2", None, "", ()),
    ):
        yield Shown(recipient_page(person, "ja", back="x")).text
    for status in (400, 403, 404):
        yield Shown(message_page.message_page(status, "", "ja")).text.replace(COMMAND, "")


@pytest.mark.parametrize("text", list(japanese_pages()), ids=range(9))
def test_no_english_word_is_left_on_a_japanese_page(text: str) -> None:
    assert set(re.findall(r"[A-Za-z]{2,}", text)) - SAME == set()


class TestNames:
    """What Hato's own short names are called."""

    def test_every_status_end_bounce_and_provider_has_one(self) -> None:
        assert set(names.STATUSES) == {each.value for each in Status}
        assert set(names.ENDS) == set(names.ENDS_MEAN) == {each.value for each in OutcomeKind}
        assert set(names.BOUNCES) == set(tally.BOUNCES)
        assert set(names.PROVIDERS) == {*providers._DOMAINS, providers.OTHER}
        assert set(names.CONTACT) >= contact.OURS

    def test_every_moment_has_one(self) -> None:
        times = {each.removesuffix("_at") for each in facts.FACT_TIMES}
        assert set(names.MOMENTS) == {*history._STEPS, *times}

    def test_every_total_of_a_campaign_is_on_its_page(self) -> None:
        in_figures = {"delivered", "opened", "human_opened", "clicked", "human_clicked"}
        assert {*names.TROUBLES, *names.BOUNCES, *in_figures} == set(tally.TOTALS)

    def test_one_that_nobody_knows_stays_what_it_is(self) -> None:
        assert Words("ja").name(names.SORTS, "New<Sort>") == "New&lt;Sort&gt;"

    def test_a_language_that_nobody_speaks_here_is_english(self) -> None:
        assert Words("xx")("Delivered") == "Delivered"


class TestSentences:
    """What the tables keep as reasons."""

    @pytest.mark.parametrize("reason", [*(reason for _, reason in recipient._FAULTS), UNKNOWN, OTHERS])
    def test_every_reason_of_a_row_is_translated(self, reason: str) -> None:
        assert sentence(reason, "ja").is_translated

    @pytest.mark.parametrize("attribute", contact.SUPPRESSIONS)
    def test_every_suppression_is_translated_with_its_time_and_without(self, attribute: str) -> None:
        why = contact.why_suppressed({attribute: "2026-05-01T08:00:00.000Z"})
        with_time, without = sentence(why, "ja"), sentence(without_particulars(why), "ja")
        assert with_time.is_translated
        assert "2026-05-01T08:00:00.000Z" in with_time.text
        assert without.is_translated
        assert "…" not in without.text

    def test_an_english_page_says_them_as_they_are_without_gaps(self) -> None:
        assert sentence("The contact has been on SES's suppression list since ….", "en").text.endswith(
            "suppression list."
        )

    @pytest.mark.parametrize(("english", "japanese"), SENTENCES)
    def test_both_languages_have_room_for_the_same(self, english: str, japanese: str) -> None:
        assert english.count("{}") == len(re.findall(r"\{\d?\}", japanese))

    def test_what_nobody_translated_is_told_to_be_english(self) -> None:
        assert sentence("550 5.1.1 user unknown", "ja") == ("550 5.1.1 user unknown", False)
