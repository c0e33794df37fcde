"""The mails: the fake and DynamoDB promise the same; and which mail a campaign's batches get."""

from typing import Any

import pytest

from chalicelib.aws.campaign_mails import CampaignMails
from chalicelib.aws.mails import Mails
from chalicelib.domain.mail import Mail
from chalicelib.errors import MailInvalid, MailNotFound
from tests.contracts.conftest import make_table
from tests.fakes.files import FakeFiles
from tests.fakes.mails import FakeMails

PLAIN = Mail("m1", "Hello", "Body")
FULL = Mail(
    "m1", "こんにちは", "{{ name }}様", "<p>{{ name }}</p>", "a@example.com", ("b@example.com", "c@example.com")
)


class TestMails:
    @pytest.fixture(params=["fake", "dynamodb"])
    def mails(self, request: pytest.FixtureRequest) -> Any:
        if request.param == "fake":
            return FakeMails()
        dynamodb = request.getfixturevalue("moto_dynamodb")
        return Mails(dynamodb, make_table(dynamodb, "mail_id"))

    @pytest.mark.parametrize("mail", [PLAIN, FULL])
    def test_a_mail_is_found_as_it_was_put(self, mails, mail):
        mails.put(mail)
        assert mails.get("m1") == mail

    def test_putting_again_takes_the_place_of_all_that_was_there(self, mails):
        mails.put(FULL)
        mails.put(PLAIN)
        assert mails.get("m1") == PLAIN

    def test_a_mail_that_is_not_there_is_not_found(self, mails):
        with pytest.raises(MailNotFound, match="m1"):
            mails.get("m1")


def test_a_mail_put_by_hand_without_a_body_is_invalid(moto_dynamodb):
    table = make_table(moto_dynamodb, "mail_id")
    moto_dynamodb.put_item(TableName=table, Item={"mail_id": {"S": "m1"}, "subject": {"S": "Hello"}})
    with pytest.raises(MailInvalid):
        Mails(moto_dynamodb, table).get("m1")


def test_a_campaign_sends_the_mail_as_it_was_when_the_campaign_began():
    files, mails = FakeFiles(), FakeMails(Mail("m1", "edited since", "Body"))
    files.write_mail("c1", PLAIN)
    assert CampaignMails(files, mails).template("c1", "m1").mail == PLAIN


def test_a_batch_of_no_campaign_gets_its_mail_from_the_table():
    assert CampaignMails(FakeFiles(), FakeMails(PLAIN)).template("by-hand", "m1").mail == PLAIN


def test_a_mail_that_was_not_found_is_looked_for_again():
    mails = FakeMails()
    campaign_mails = CampaignMails(FakeFiles(), mails)
    with pytest.raises(MailNotFound):
        campaign_mails.template("c1", "m1")
    mails.put(PLAIN)
    assert campaign_mails.template("c1", "m1").mail == PLAIN
