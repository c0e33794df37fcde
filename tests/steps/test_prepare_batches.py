"""A list becomes batches."""

import json
import math
from dataclasses import replace

import pytest

from chalicelib.domain import pacing
from chalicelib.domain.campaign import Status
from chalicelib.domain.mail import Mail
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.pacing import Limits
from tests.steps.preparing import LIST, MAIL, TEXT, House


@pytest.fixture
def house() -> House:
    return House()


def test_a_list_becomes_batches_a_kept_mail_and_a_campaign_that_is_sending(house):
    house.upload("a@example.com,A", "b@example.com,B")
    prepared = house.prepare()
    assert prepared["batches_key"] == "campaigns/c1/batches.jsonl"
    assert house.people() == [(2, "a@example.com"), (3, "b@example.com")]
    (batch,) = house.files.batches("c1")
    assert (batch.campaign_id, batch.mail_id, batch.number) == ("c1", "m1", 0)
    assert batch.recipients[1].fields["name"] == "B"
    assert house.files.mails["c1"] == MAIL
    summary = house.campaigns.summary("c1")
    assert (summary["status"], summary["execution_arn"]) == ("sending", "arn:execution")
    assert (summary["rows"], summary["invalid"], summary["duplicate"], summary["batches"]) == (2, 0, 0, 1)


def test_rows_that_cannot_be_sent_to_are_kept_with_their_reason_and_counted(house):
    house.upload("a@example.com,A", "nonsense,B", "A@Example.com,C", "d@example.com,D", ",E")
    prepared = house.prepare()
    assert house.people() == [(2, "a@example.com"), (5, "d@example.com")]
    assert house.rejected() == [(3, "invalid"), (4, "duplicate"), (6, "invalid")]
    assert all(each.reason for each in house.files.rejections["c1"])
    assert (prepared["rows"], prepared["invalid"], prepared["duplicate"]) == (5, 2, 1)


def test_every_row_is_sent_to_or_rejected(house):
    house.upload(*(f"p{n % 90}@example.com,N" if n % 7 else "nonsense,N" for n in range(300)))
    prepared = house.prepare()
    assert prepared["rows"] == 300 == len(house.people()) + len(house.rejected())
    assert prepared["invalid"] + prepared["duplicate"] == len(house.rejected())


# --- how much goes at once


@pytest.mark.parametrize(
    ("rate", "daily", "sizes"),
    [
        (0.5, math.inf, [2] * 6),
        (1.0, math.inf, [5, 5, 2]),
        (2.0, math.inf, [10, 2]),
        (200.0, math.inf, [12]),
        (14.0, 1000.0, [12]),
        (14.0, 50.0, [5, 5, 2]),
        (14.0, 1.0, [1] * 12),
    ],
)
def test_a_batch_is_some_seconds_of_sending_and_no_more_than_a_tenth_of_a_day(rate, daily, sizes):
    house = House(rate, daily)
    house.upload(*(f"p{n}@example.com,N" for n in range(12)))
    prepared = house.prepare()
    assert [len(batch.recipients) for batch in house.files.batches("c1")] == sizes
    assert [batch.number for batch in house.files.batches("c1")] == list(range(len(sizes)))
    assert prepared["batches"] == len(sizes)
    assert prepared["concurrency"] == pacing.concurrency(Limits(rate, daily), pacing.batch_size(Limits(rate, daily)))


def test_the_limits_are_those_that_the_account_has_now(house):
    house.upload(*(f"p{n}@example.com,N" for n in range(12)))
    asked = list[str]()

    class Account:
        def refresh(self) -> Limits:
            asked.append("the account")
            return Limits(1.0)

    house.step = replace(house.step, account=Account())
    assert house.prepare()["batches"] == 3
    assert asked == ["the account"]


# --- what cannot be sent


def test_a_list_whose_rows_are_all_rejected_is_a_campaign_of_no_batches(house):
    house.upload("nonsense,A", "more nonsense,B")
    prepared = house.prepare()
    assert (prepared["batches"], prepared["rows"], prepared["invalid"]) == (0, 2, 2)
    assert house.campaigns.summary("c1")["batches"] == 0


@pytest.mark.parametrize("content", [b"", b"email,name\n", b"email,name\n\n , \n"])
def test_a_list_without_rows_is_refused(house, content):
    house.files.uploaded[LIST["file_name"]] = content
    assert house.refuse()[0] == "ListEmpty"
    assert "batches" not in house.campaigns.summary("c1")


def test_a_list_that_is_no_csv_is_refused(house):
    house.files.uploaded[LIST["file_name"]] = b"\x00\x01\x02\x03" * 100
    assert house.refuse()[0] == "ListUnreadable"


def test_a_list_that_lacks_a_column_is_refused_before_anything_is_written(house):
    house.upload("a@example.com", header="email")
    error, cause = house.refuse()
    assert (error, "{{ name }}" in cause) == ("MergeFieldMissing", True)
    assert house.files.lines == house.files.mails == {}
    assert house.campaigns.summary("c1")["status"] == "preparing"


def test_a_list_that_is_broken_near_its_end_leaves_no_batches_and_no_numbers(house):
    house.upload(*(f"p{n}@example.com,N" for n in range(200)), '"no end,N')
    assert house.refuse()[0] == "ListUnreadable"
    assert house.files.lines == house.files.rejections == {}
    assert "batches" not in house.campaigns.summary("c1")


def test_a_list_that_is_not_there_is_not_found(house):
    assert house.refuse()[0] == "ListNotFound"


def test_a_mail_that_is_not_there_is_not_found(house):
    house.upload("a@example.com,A")
    assert house.refuse(LIST | {"mail_id": "m2"})[0] == "MailNotFound"


def test_a_mail_that_does_not_parse_is_refused(house):
    house.upload("a@example.com,A")
    house.mails.put(Mail("m1", "Hello {{ name", "Body"))
    assert house.refuse()[0] == "MailInvalid"


@pytest.mark.parametrize("document", [{}, {"file_name": "lists/m1/a.csv"}, {"mail_id": "m1"}, LIST | {"mail_id": 7}])
def test_an_input_that_lacks_something_makes_no_campaign(house, document):
    assert house.refuse(document)[0] == "InputIncomplete"
    assert house.campaigns.items == {}


def test_an_account_that_may_not_send_stops_the_campaign_before_its_list_is_read():
    house = House(rate=0.0)
    house.upload("a@example.com,A")
    assert house.refuse() == ("CampaignStopped", "SES lets this account send nothing.")
    assert house.files.lines == {}


def test_a_campaign_started_by_hand_records_where_its_list_is(house):
    house.upload("a@example.com,A")
    house.prepare()
    assert house.campaigns.summary("c1")["source"] == LIST["file_name"]


def test_a_campaign_started_by_an_upload_keeps_the_source_it_has(house):
    house.upload("a@example.com,A")
    house.campaigns.create("c1", "s3://uploads/lists/m1/members.csv", "m1", "t")
    house.prepare()
    assert house.campaigns.summary("c1")["source"] == "s3://uploads/lists/m1/members.csv"


def test_a_campaign_paused_while_it_is_prepared_stays_paused_and_knows_its_numbers(house):
    house.upload("a@example.com,A")
    house.campaigns.create("c1", "s", "m1", "t")
    house.campaigns.items["c1"]["status"] = Status.PAUSED.value
    house.prepare()
    summary = house.campaigns.summary("c1")
    assert (summary["status"], summary["rows"], summary["batches"]) == ("paused", 1, 1)


# --- to all contacts


def test_a_text_goes_to_every_contact_in_good_standing(house):
    house.contact("a@example.com", name="A", haserror=0, issend=1)
    house.contact("b@example.com", name="B", haserror=1)
    house.contact("c@example.com", name="C", unsubscribed_at="t")
    house.contact("D@Example.com", name="D")
    prepared = house.prepare(TEXT)
    assert house.people() == [(1, "a@example.com"), (2, "d@example.com")]
    assert prepared["rows"] == 2
    (batch,) = house.files.batches("c1")
    assert batch.recipients[1].fields["email"] == "D@Example.com", "the spelling under which the contact is filed"


def test_a_contact_that_lacks_a_field_is_rejected_alone(house):
    house.contact("a@example.com", name="A")
    house.contact("b@example.com")
    house.prepare(TEXT)
    assert house.people() == [(1, "a@example.com")]
    assert house.rejected() == [(2, "invalid")]
    assert "name" in house.files.rejections["c1"][0].reason


def test_a_field_that_no_contact_has_refuses_the_mail(house):
    house.contact("a@example.com", username="A")
    house.contact("b@example.com", username="B")
    error, cause = house.refuse(TEXT)
    assert (error, "{{ name }}" in cause) == ("MergeFieldMissing", True)


def test_two_contacts_of_one_address_are_one_recipient(house):
    house.contact("a@example.com", name="A")
    house.contact("A@example.com", name="A")
    house.prepare(TEXT)
    assert house.people() == [(1, "a@example.com")]
    assert house.rejected() == [(2, "duplicate")]


def test_a_contact_whose_key_is_no_address_is_rejected(house):
    house.contact("nonsense", name="A")
    house.contact("a@example.com", name="A")
    house.prepare(TEXT)
    assert house.people() == [(2, "a@example.com")]
    assert house.rejected() == [(1, "invalid")]


def test_a_text_to_nobody_is_refused(house):
    assert house.refuse(TEXT)[0] == "ListEmpty"


def test_a_contact_too_large_for_a_message_is_rejected_alone(house):
    # One line of more than 256 KiB would end the whole campaign.
    house.contact("a@example.com", name="A", note="x" * 300_000)
    house.contact("b@example.com", name="B")
    house.prepare(TEXT)
    assert house.people() == [(2, "b@example.com")]
    assert house.rejected() == [(1, "invalid")]
    assert max(map(len, house.files.lines["c1"])) < 1000


def test_a_contact_with_characters_that_sqs_refuses_is_sent_to_without_them(house):
    # They would have the queue refuse the message of everybody in the batch.
    house.contact("a@example.com", name="A\x00\ufffe\uffff")
    house.prepare(TEXT)
    (line,) = house.files.lines["c1"]
    assert json.loads(line)["recipients"][0]["fields"]["name"] == "A"


def test_rejected_rows_too_many_for_memory_come_in_order(house):
    rows = 30_000
    house.upload("a@example.com,A", *("nonsense,N" * 1 for _ in range(rows)))
    house.prepare()
    assert [each.row for each in house.files.rejections["c1"]] == list(range(3, rows + 3))
    assert {each.kind for each in house.files.rejections["c1"]} == {OutcomeKind.INVALID}


def test_the_uploader_may_say_which_column_holds_the_addresses(house):
    house.upload("a@example.com,A,old@example.com", header="to,name,email")
    house.say(email_column="to")
    house.prepare()
    assert house.people() == [(2, "a@example.com")]


def test_whoever_starts_by_hand_may_say_it_too_and_that_holds(house):
    house.upload("a@example.com,A,old@example.com", header="宛先,name,email")
    house.say(email_column="email")
    house.prepare({**LIST, "email_column": "宛先"})
    assert house.people() == [(2, "a@example.com")]


def test_a_column_name_that_is_not_ascii_is_url_encoded_in_the_metadata(house):
    house.upload("a@example.com,A", header="宛先,name")
    house.say(email_column="%E5%AE%9B%E5%85%88")
    house.prepare()
    assert house.people() == [(2, "a@example.com")]


def test_a_broadcast_may_go_to_some_of_the_contacts(house):
    house.contact("a@example.com", name="A", plan="pro", lang="ja")
    house.contact("b@example.com", name="B", plan="pro")
    house.contact("c@example.com", name="C", plan="free", lang="ja")
    house.files.uploaded[TEXT["file_name"]] = b"Hello\n\nBody"
    house.say(TEXT["file_name"], where="plan=pro&lang=ja")
    house.prepare({**TEXT, "version_id": "v1"})
    assert house.people() == [(1, "a@example.com")]


def test_a_broadcast_by_hand_may_go_to_some_of_the_contacts(house):
    house.contact("a@example.com", name="A", plan="pro")
    house.contact("b@example.com", name="B", plan="free")
    house.prepare({**TEXT, "where": {"plan": "free"}})
    assert house.people() == [(1, "b@example.com")]


def test_a_broadcast_whose_file_is_gone_goes_to_nobody_for_it_may_have_been_meant_for_some(house):
    house.contact("a@example.com", name="A")
    assert house.refuse({**TEXT, "version_id": "v1"})[0] == "ListNotFound"


def test_a_broadcast_to_contacts_of_whom_there_are_none_says_so(house):
    house.contact("a@example.com", name="A")
    error, cause = house.refuse({**TEXT, "where": {"plan": "gold"}})
    assert error == "ListEmpty"
    assert "contacts with plan=gold" in cause


def test_what_was_told_by_hand_is_kept_for_a_later_round(house):
    house.refuse({**TEXT, "where": {"plan": "gold"}, "email_column": "to"})
    assert house.campaigns.summary("c1")["input_options"] == {"where": {"plan": "gold"}, "email_column": "to"}


def test_a_list_with_more_rows_than_a_campaign_takes_is_refused_whole_and_leaves_nothing(house):
    house.step = replace(house.step, most_rows=2)
    house.upload("a@example.com,A", "no address", "b@example.com,B")
    name, why = house.refuse()
    assert name == "ListTooLong"
    assert "more than 2 rows" in why
    assert house.campaigns.items["c1"]["status"] == "preparing", "the state machine says how it ended"
    house.upload("a@example.com,A", "no address")
    assert house.prepare()["rows"] == 2
