"""An upload becomes a campaign."""

from typing import Any

import pytest

from chalicelib.domain.campaign import Upload
from chalicelib.steps.start_campaign import start_campaign
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.clock import FakeClock
from tests.fakes.executions import FakeExecutions
from tests.fakes.mails import FakeMails
from tests.fakes.moments import Moments, PowerCut
from tests.fakes.notify import FakeNotify
from tests.fakes.uploads import FakeUploads

LIST = Upload("uploads", "lists/m1/members.csv", "v1", "etag")
TEXT = Upload("uploads", "broadcasts/news.txt", "v1", "etag")


class House:
    def __init__(self) -> None:
        self.moments = Moments()
        self.campaigns = FakeCampaigns(self.moments)
        self.uploads = FakeUploads()
        self.mails = FakeMails()
        self.executions = FakeExecutions(self.moments)
        self.clock = FakeClock()
        self.notify = FakeNotify()

    def start(self, upload: Upload) -> dict[str, Any]:
        return start_campaign(
            upload,
            campaigns=self.campaigns,
            uploads=self.uploads,
            mails=self.mails,
            executions=self.executions,
            clock=self.clock,
            notify=self.notify,
        )


@pytest.fixture
def house() -> House:
    return House()


def test_an_uploaded_list_starts_the_campaign_of_its_mail(house):
    house.start(LIST)
    assert house.executions.started == {LIST.campaign_id: ("lists/m1/members.csv", "m1")}
    assert house.executions.versions == {LIST.campaign_id: LIST.version}
    summary = house.campaigns.summary(LIST.campaign_id)
    assert (summary["status"], summary["mail_id"]) == ("preparing", "m1")
    assert summary["source"] == "s3://uploads/lists/m1/members.csv"
    assert summary["created_at"] == "2026-01-31T08:00:00.000Z"
    assert summary["version_id"] == "v1", "for a later round, when the key may hold another list"


def test_an_upload_to_a_bucket_without_versions_has_none(house):
    upload = Upload("uploads", "lists/m1/members.csv", etag="etag")
    house.start(upload)
    assert "version_id" not in house.campaigns.summary(upload.campaign_id)
    assert house.executions.versions == {upload.campaign_id: ""}


def test_the_same_upload_told_twice_is_one_campaign(house):
    house.start(LIST)
    first = house.campaigns.summary(LIST.campaign_id)
    house.clock.turn(minutes=1)
    assert house.start(LIST)["campaign"] == LIST.campaign_id
    assert len(house.executions.started) == len(house.campaigns.items) == 1
    assert house.campaigns.summary(LIST.campaign_id) == first


def test_another_version_of_the_list_is_another_campaign(house):
    house.start(LIST)
    house.start(Upload("uploads", "lists/m1/members.csv", "v2", "etag"))
    assert len(house.executions.started) == 2


def test_a_text_is_stored_as_a_mail_and_starts_a_campaign_to_all(house):
    house.uploads.uploaded[TEXT.key] = "お知らせ\n\n本文です。\n".encode()
    house.start(TEXT)
    (mail,) = house.mails.items.values()
    assert (mail.subject, mail.body) == ("お知らせ", "本文です。\n")
    assert house.executions.started == {TEXT.campaign_id: (TEXT.key, mail.mail_id)}
    assert house.campaigns.summary(TEXT.campaign_id)["version_id"] == "v1"


def test_a_broadcast_may_name_a_mail_in_the_place_of_its_own_text(house):
    house.uploads.uploaded[TEXT.key] = b"not of article B's shape"
    house.uploads.said[TEXT.key] = {"mail-id": "spring%20sale"}
    house.start(TEXT)
    assert house.executions.started == {TEXT.campaign_id: (TEXT.key, "spring sale")}
    assert house.mails.items == {}


def test_a_text_told_twice_is_one_mail_and_one_campaign(house):
    house.uploads.uploaded[TEXT.key] = b"Hello\n\nBody\n"
    house.start(TEXT)
    house.start(TEXT)
    assert len(house.mails.items) == len(house.executions.started) == 1


@pytest.mark.parametrize("key", ["members.csv", "lists/members.csv", "lists//members.csv", "broadcasts/news.csv"])
def test_a_key_outside_the_prefixes_is_a_failed_campaign_that_says_where_to_upload(house, key):
    upload = Upload("uploads", key, "v1")
    assert house.start(upload)["failed"] == "KeyUnexpected"
    summary = house.campaigns.summary(upload.campaign_id)
    assert summary["status"] == "failed"
    assert "lists/<mail_id>/" in summary["reason"]
    assert summary["version_id"] == "v1"
    assert house.executions.started == {}


def test_a_campaigns_own_files_start_nothing(house):
    house.start(Upload("uploads", "campaigns/c1/report.csv", "v1"))
    assert house.campaigns.items == house.executions.started == {}


@pytest.mark.parametrize("content", [b"only a subject", b"Hello\nno blank line\nBody", b"", b"Hello\n\n\xff\xfe\xfa"])
def test_a_text_that_is_no_mail_is_a_failed_campaign(house, content):
    house.uploads.uploaded[TEXT.key] = content
    house.start(TEXT)
    assert house.campaigns.summary(TEXT.campaign_id)["status"] == "failed"
    assert house.mails.items == house.executions.started == {}


def test_a_text_that_is_gone_again_is_a_failed_campaign(house):
    assert house.start(TEXT)["failed"] == "ListNotFound"
    assert house.campaigns.summary(TEXT.campaign_id)["status"] == "failed"


def test_a_late_notification_of_a_text_that_is_gone_leaves_the_running_campaign_alone(house):
    house.uploads.uploaded[TEXT.key] = b"Hello\n\nBody\n"
    house.start(TEXT)
    house.campaigns.prepared(TEXT.campaign_id, "m", "arn", {"rows": 1})
    del house.uploads.uploaded[TEXT.key]
    house.start(TEXT)
    assert house.campaigns.summary(TEXT.campaign_id)["status"] == "sending"


def test_a_crash_before_the_execution_starts_is_made_up_for_by_the_next_notification(house):
    house.moments.cut("before start")
    with pytest.raises(PowerCut):
        house.start(LIST)
    house.start(LIST)
    assert list(house.executions.started) == [LIST.campaign_id]


def test_a_crash_before_a_failure_is_recorded_is_made_up_for_by_the_next_notification(house):
    upload = Upload("uploads", "members.csv", "v1")
    house.moments.cut("after create")
    with pytest.raises(PowerCut):
        house.start(upload)
    house.start(upload)
    assert house.campaigns.summary(upload.campaign_id)["status"] == "failed"


def test_an_upload_that_failed_before_it_began_is_told_of_and_one_that_began_is_not(house):
    upload = Upload("uploads", "members.csv", "v1")
    house.start(upload)
    house.start(LIST)
    assert house.notify.told == [(upload.campaign_id, "failed")]
