"""The list of stored mails."""

from chalicelib.aws.mails import Mails
from tests.fakes.aws import FakeAws


def test_the_stored_mails_are_listed_with_their_subjects_also_one_that_was_put_by_hand_without_any() -> None:
    items = [{"mail_id": {"S": "a"}, "subject": {"S": "Hello"}}, {"mail_id": {"S": "b"}}]
    aws = FakeAws({("dynamodb", "Scan"): {"Items": items}})
    assert list(Mails(aws.client("dynamodb"), "mails").subjects()) == [("a", "Hello"), ("b", "")]
