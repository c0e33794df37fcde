"""A test mail: a real one, to one address, that no campaign knows of."""

from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.domain.mail import Mail
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import MailInvalid, MergeFieldMissing
from hato.mails.sample import Sample, placeholders
from hato.mails.trial import TrialRefused, send_trial
from tests.fakes.aws import FakeAws

MAIL = Mail("m 1", "To {{ name }}", "Hello {{ name }} {{ unsubscribe_url }}", '<a href="{{ unsubscribe_url }}">x</a>')
ADA = Sample(Recipient(2, "ada@example.com", {"name": "Ada"}))
URL = "https://api.example.com/unsubscribe/taro@example.com/m%201"


class FakeStage(FakeAws):
    """A stage that notes what SES is asked."""

    stage, stack = "dev", "hato-dev"

    def __init__(self, sender: str = "News <news@example.com>", of_functions: str = "") -> None:
        stack = {"StackName": "hato-dev", "StackStatus": "CREATE_COMPLETE", "CreationTime": 0}
        parameters = [{"ParameterKey": "Sender", "ParameterValue": sender}]
        function = {"FunctionName": "hato-dev-api", "Environment": {"Variables": {"SENDER": of_functions}}}
        super().__init__(
            {
                ("cloudformation", "DescribeStacks"): {"Stacks": [stack | {"Parameters": parameters}]},
                ("lambda", "ListFunctions"): {"Functions": [function]},
                ("sesv2", "SendEmail"): {"MessageId": "0100"},
            }
        )
        self.outputs = {"ConfigurationSet": "hato-dev"}
        self.sent: list[dict[str, Any]] = []

    def answer(self, service: str, operation: Any, asked: dict[str, Any]) -> dict[str, Any]:
        if operation.name == "SendEmail":
            self.sent.append(asked)
        return super().answer(service, operation, asked)

    def unsubscribe_url(self, email: str, mail_id: str) -> str:
        return f"https://api.example.com/unsubscribe/{email}/{quote(mail_id)}"


def test_a_test_mail_is_the_mail_with_a_mark_before_its_subject() -> None:
    stage = FakeStage()
    assert send_trial(stage, MAIL, ADA, "Taro@Example.com") == "0100"
    (sent,) = stage.sent
    assert sent["Destination"] == {"ToAddresses": ["taro@example.com"]}
    assert sent["FromEmailAddress"] == "News <news@example.com>"
    assert sent["ConfigurationSetName"] == "hato-dev"
    content = sent["Content"]["Simple"]
    assert content["Subject"]["Data"] == "[test] To Ada"
    assert content["Body"]["Text"]["Data"] == f"Hello Ada {URL}"
    assert content["Body"]["Html"]["Data"] == f'<a href="{URL}">x</a>'
    assert content["Headers"] == [
        {"Name": "List-Unsubscribe", "Value": f"<{URL}>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]


def test_its_events_belong_to_no_campaign_and_no_mail() -> None:
    stage = FakeStage()
    send_trial(stage, MAIL, ADA, "taro@example.com")
    assert stage.sent[0]["EmailTags"] == [{"Name": "test", "Value": "x--bSAx"}]


def test_the_mails_own_sender_reply_to_and_tracking_are_used() -> None:
    stage = FakeStage()
    mail = Mail("m", "S", "T", "", "a@example.com", ("b@example.com",), track_opens=False)
    send_trial(stage, mail, placeholders(mail), "taro@example.com")
    (sent,) = stage.sent
    assert (sent["FromEmailAddress"], sent["ReplyToAddresses"]) == ("a@example.com", ["b@example.com"])
    assert sent["ConfigurationOverrides"] == {"Tracking": {"OpenTrackingEnabled": "DISABLED"}}
    assert "Html" not in sent["Content"]["Simple"]["Body"]


def test_the_sender_may_be_the_functions_where_no_stack_has_one() -> None:
    stage = FakeStage(sender="", of_functions="from@example.com")
    send_trial(stage, MAIL, ADA, "taro@example.com")
    assert stage.sent[0]["FromEmailAddress"] == "from@example.com"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nobody", "cannot be sent to 'nobody': There is no @ in the address."),
        ("a@example.com, b@example.com", "cannot be sent to"),
        ("a@example.com\r\nBcc: b@example.com", "cannot be sent to"),
    ],
)
def test_an_address_that_no_list_may_have_is_refused_and_nothing_is_sent(address: str, said: str) -> None:
    stage = FakeStage()
    with pytest.raises(TrialRefused, match="cannot be sent to") as refused:
        send_trial(stage, MAIL, ADA, address)
    assert said in str(refused.value)
    assert stage.sent == []


def test_without_any_sender_nothing_is_sent() -> None:
    stage = FakeStage(sender="")
    with pytest.raises(TrialRefused, match="has no sender"):
        send_trial(stage, MAIL, ADA, "taro@example.com")


def test_a_mail_that_cannot_be_filled_in_is_not_sent() -> None:
    stage = FakeStage()
    with pytest.raises(MergeFieldMissing):
        send_trial(stage, MAIL, Sample(Recipient(2, "a@example.com", {})), "taro@example.com")
    broken = Mail("m", "S", "{{ x|int // 0 }}")
    with pytest.raises(MailInvalid):
        send_trial(stage, broken, Sample(Recipient(2, "a@example.com", {"x": "1"})), "taro@example.com")
    assert stage.sent == []
