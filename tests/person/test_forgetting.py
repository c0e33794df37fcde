"""A person is erased everywhere, and what is left still adds up."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.forgotten import MARKER, NOBODY, NOBODY_AT_ALL, forgotten_key
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.recipient import Recipient
from hato.person.forgetting import CampaignUnderWay, Forgetting
from tests.contracts.conftest import clients, moto, session  # noqa: F401 - fixtures
from tests.person.stage import AT, HANAKO, KEY, TARO, Stage

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
MAILS = {"campaigns/c1/mail.json", "campaigns/c2/mail.json"}  # what was sent, not to whom


@pytest.fixture
def stage(moto: dict[str, Any]) -> Stage:  # noqa: F811 - the fixture
    return Stage(moto)


def forget(stage: Any, email: str = TARO) -> Any:
    return Forgetting(stage, email).forget(NOW)


def test_nothing_names_a_forgotten_person_any_more_and_everybody_else_is_as_before(stage: Stage) -> None:
    stage.contact(TARO, username="Taro")
    stage.contact("Taro@Example.com", plan="pro")
    stage.contact(HANAKO, username="Hanako")
    stage.campaign("c1")
    stage.campaign("c2", "m2")
    assert len(stage.where(TARO)) > 10
    before = stage.where(HANAKO)
    done = forget(stage)
    assert stage.where(TARO) == MAILS
    assert stage.where(HANAKO) == before
    assert (done.contacts, done.deliveries) == (2, 2)
    assert [item for item in stage.items("ContactsTable") if item["email"] == HANAKO]


def test_the_rows_of_the_campaign_still_add_up(stage: Stage) -> None:
    stage.campaign("c1")
    forget(stage)
    rejected = list(stage.files.rejected("c1"))
    outcomes = list(stage.files.outcomes("c1", 1, 1, set()))
    unsent = list(stage.files.outcomes("c1", 1, 1, {0}))
    assert [(row.row, row.email, row.kind) for row in (*outcomes, *rejected)] == [
        (2, NOBODY, OutcomeKind.ACCEPTED),
        (3, HANAKO, OutcomeKind.ACCEPTED),
        (4, NOBODY, OutcomeKind.DUPLICATE),
    ]
    assert unsent == outcomes
    assert (outcomes[0].message_id, rejected[0].reason) == ("", "")
    (batch,) = stage.files.batches("c1")
    assert batch.recipients[0] == Recipient(2, NOBODY_AT_ALL, {})
    assert stage.contacts.suppressed(batch.recipients).keys() == {NOBODY_AT_ALL}


def test_a_hash_is_all_that_is_kept_and_it_keeps_the_address_out(stage: Stage) -> None:
    stage.contact(TARO, unsubscribed_at=AT)
    forget(stage)
    kept = sorted(stage.items("ContactsTable"), key=lambda item: item["email"])
    assert kept == [{"email": MARKER}, {"email": forgotten_key(KEY, TARO), "forgotten_at": "2026-02-03"}]
    assert stage.contacts.suppressed([Recipient(2, TARO, {})]).keys() == {TARO}
    assert list(stage.contacts.in_good_standing()) == []


def test_forgetting_again_does_what_is_left(stage: Stage) -> None:
    stage.campaign("c1")
    forget(stage)
    stage.campaign("c2")
    stage.contact(TARO)
    assert forget(stage).contacts == 1
    assert stage.where(TARO) == MAILS
    done = forget(stage)
    assert (done.contacts, done.deliveries, done.files.rewritten, done.files.versions_deleted) == (0, 0, 0, 0)


def test_a_forgetting_that_breaks_off_has_kept_the_hash_and_is_finished_by_the_next(stage: Stage) -> None:
    class PowerCut(Exception):
        pass

    def fail(words: str) -> None:
        if "contacts" in words:
            raise PowerCut

    stage.campaign("c1")
    stage.contact(TARO)
    with pytest.raises(PowerCut):
        Forgetting(stage, TARO, fail).forget(NOW)
    assert stage.contacts.forgotten({TARO}) == {TARO}
    forget(stage)
    assert stage.where(TARO) == {"campaigns/c1/mail.json"}


def test_uploaded_lists_are_told_and_left_alone_until_they_are_to_be_deleted(stage: Stage) -> None:
    stage.upload("lists/m1/people.csv", "email\nTaro@example.com\n")
    stage.upload("lists/m1/people.csv", "email\nhanako@example.com\n")  # the older version still names Taro
    stage.upload("lists/m1/people.csv.old", "email\nhanako@example.com\n")
    stage.upload("lists/m2/sjis.csv", "メール,名前\ntaro@example.com,山田太郎様のおなまえ\n", "cp932")
    stage.upload("lists/m2/utf16.csv", "email\ntaro@example.com\n", "utf-16")
    stage.upload("lists/m2/others.csv", "email\nkentaro@example.com\n")
    stage.upload("lists/m2/book.xlsx", "PK\x03\x04 xl/ and so on")
    stage.upload("broadcasts/hello.txt", "Hello\n\nWrite to taro@example.com.\n")
    before = stage.content()
    done = forget(stage)
    assert stage.content() == before
    named = {"lists/m1/people.csv": 1, "lists/m2/sjis.csv": 1, "lists/m2/utf16.csv": 1}
    assert (done.files.lists, done.files.unreadable) == (named, ["lists/m2/book.xlsx"])
    assert Forgetting(stage, TARO).eraser.delete_lists(done.files.lists) == 4
    left = {key for key, _ in stage.content()}
    assert left == {"lists/m1/people.csv.old", "lists/m2/others.csv", "lists/m2/book.xlsx", "broadcasts/hello.txt"}


def test_a_campaign_under_way_that_names_the_person_must_end_first(stage: Stage) -> None:
    stage.campaign("c1", status=Status.SENDING)
    with pytest.raises(CampaignUnderWay, match="c1 is under way and names"):
        Forgetting(stage, TARO).check()
    Forgetting(stage, "somebody.else@example.com").check()
    stage.campaigns.finish("c1", Status.FINISHED, "", {}, AT)
    Forgetting(stage, TARO).check()


def test_a_campaign_that_still_reads_its_list_may_name_the_person(stage: Stage) -> None:
    stage.campaigns.create("c1", "lists/m1/people.csv", "", AT)
    with pytest.raises(CampaignUnderWay, match="still reading its list"):
        Forgetting(stage, TARO).check()
    stage.campaigns.fail("c1", "no such mail", AT)
    Forgetting(stage, TARO).check()


def test_other_contacts_that_name_the_address_are_told(stage: Stage) -> None:
    stage.contact(HANAKO, friend="Taro <taro@example.com>")
    stage.contact("jiro@example.com", friend="kentaro@example.com")
    assert forget(stage).named_by == (HANAKO,)


def test_an_address_that_hato_could_never_write_to_is_erased_from_the_rows_that_were_rejected(stage: Stage) -> None:
    odd = "taro..y@docomo.ne.jp"
    rejected = Outcome(2, "Taro..Y@docomo.ne.jp", OutcomeKind.INVALID, "The part before the @ has two dots together.")
    stage.files.write_rejected("c1", [rejected])
    assert forget(stage, odd).files.rewritten == 1
    assert list(stage.files.rejected("c1")) == [Outcome(2, NOBODY, OutcomeKind.INVALID)]


def test_a_large_file_is_rewritten_from_its_first_line_to_its_last(stage: Stage) -> None:
    rows = [Outcome(row, f"p{row}@example.com", OutcomeKind.ACCEPTED, "", f"id-{row}") for row in range(2, 30_002)]
    stage.files.write_report("c1", [*rows, Outcome(30_002, TARO, OutcomeKind.ACCEPTED)])
    done = forget(stage)
    assert done.files.rewritten == 1
    ((_, text),) = [(key, text) for (key, _), text in stage.content().items() if key.endswith("report.csv")]
    assert text.count("\n") == 30_002
    assert "30002,forgotten,accepted" in text
