"""What SES is asked, and what its answers mean, without SES."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.session import Session

from chalicelib.aws.mailer import ERRORS, STATUSES, Mailer
from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.parcel import Answer, Parcel, SendResult
from chalicelib.domain.recipient import Recipient, shard_of, shard_tag
from chalicelib.domain.tracking import Tracking

MAIL = Mail("spring", "Hello", "Text", "<p>HTML</p>")


class FakeSes:
    """Remembers each request and answers as it is told; a recipient for whom it has an error spoils the call."""

    def __init__(self, answer: Callable[[list[str]], Any] | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self._answer = answer or (lambda emails: [{"Status": "SUCCESS", "MessageId": f"id-{e}"} for e in emails])

    def send_bulk_email(self, Body: bytes) -> dict[str, Any]:  # noqa: N803 - as the client has it
        request = json.loads(Body)
        self.requests.append(request)
        emails = [entry["Destination"]["ToAddresses"][0] for entry in request["BulkEmailEntries"]]
        answer = self._answer(emails)
        if isinstance(answer, Exception):
            raise answer
        return {"BulkEmailEntryResults": answer}


def parcels(count: int, text: str = "Text") -> list[Parcel]:
    return [
        Parcel(Recipient(row, f"p{row}@example.com", {}), Rendered(f"Hello {row}", text, "<p>{{ kept }}</p>"))
        for row in range(count)
    ]


def send(ses: FakeSes, count: int = 2, mail: Mail = MAIL) -> list[SendResult]:
    return Mailer(ses, "hato-test", "from@example.com").send(mail, "c1", parcels(count))


def test_every_mail_carries_its_own_way_out() -> None:
    ses = FakeSes()
    people = [replace(each, unsubscribe_url=f"https://e.example/{each.recipient.row}") for each in parcels(2)]
    Mailer(ses, "hato-test", "from@example.com").send(MAIL, "c1", people)
    headers = [entry["ReplacementHeaders"] for entry in ses.requests[0]["BulkEmailEntries"]]
    assert [{each["Name"]: each["Value"] for each in some} for some in headers] == [
        {"List-Unsubscribe": f"<https://e.example/{row}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        for row in range(2)
    ]


def test_a_call_has_one_setting_of_what_is_tracked() -> None:
    untracked, half = Tracking(opens=False, clicks=False), Tracking(opens=True, clicks=False)
    settings = [Tracking(), untracked, Tracking(), half, untracked, Tracking()]
    people = [replace(each, tracking=setting) for each, setting in zip(parcels(6), settings, strict=True)]
    ses = FakeSes()
    mailer = Mailer(ses, "hato-test", "from@example.com")
    calls = mailer.fit(people, 2)
    assert [[each.recipient.row for each in call] for call in calls] == [[0, 2], [5], [3], [1, 4]]
    for call in calls:
        mailer.send(MAIL, "c1", call)
    assert [request.get("ConfigurationOverrides") for request in ses.requests] == [
        None,
        None,
        {"Tracking": {"ClickTrackingEnabled": "DISABLED"}},
        {"Tracking": {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"}},
    ]


def refusal(code: str, status: int = 400, message: str = "no") -> ClientError:
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "SendBulkEmail")


def test_a_call_carries_each_recipients_own_mail_as_values_and_nothing_personal_in_its_tags() -> None:
    ses = FakeSes()
    results = send(ses)
    assert results == [SendResult(Answer.ACCEPTED, f"id-p{row}@example.com") for row in range(2)]
    (request,) = ses.requests
    assert request["FromEmailAddress"] == "from@example.com"
    assert request["ConfigurationSetName"] == "hato-test"
    content = request["DefaultContent"]["Template"]["TemplateContent"]
    assert content == {"Subject": "{{s}}", "Text": "{{t}}", "Html": "{{h}}"}
    entry = request["BulkEmailEntries"][1]
    data = entry["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"]
    assert json.loads(data) == {"s": "Hello 1", "t": "Text", "h": "<p>{{ kept }}</p>"}
    tags = {tag["Name"]: tag["Value"] for tag in entry["ReplacementTags"]}
    assert tags == {"campaign": "c1", "mail": "spring", "shard": shard_tag(shard_of("p1@example.com"))}


def test_a_mail_that_is_only_html_has_no_empty_text_part() -> None:
    ses = FakeSes()
    send(ses, mail=Mail("m", "S", "", "<p>Only this</p>"))
    content = ses.requests[0]["DefaultContent"]["Template"]["TemplateContent"]
    assert content == {"Subject": "{{s}}", "Html": "{{h}}"}


def test_a_mail_with_a_sender_and_answers_of_its_own_has_them_in_the_request() -> None:
    ses = FakeSes()
    send(ses, mail=Mail("m", "S", "B", sender="other@example.com", reply_to=("r@example.com",)))
    (request,) = ses.requests
    assert (request["FromEmailAddress"], request["ReplyToAddresses"]) == ("other@example.com", ["r@example.com"])
    assert "Html" not in request["DefaultContent"]["Template"]["TemplateContent"]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("TRANSIENT_FAILURE", Answer.TRANSIENT),
        ("ACCOUNT_THROTTLED", Answer.THROTTLED),
        ("ACCOUNT_DAILY_QUOTA_EXCEEDED", Answer.QUOTA),
        ("ACCOUNT_SUSPENDED", Answer.STOPPED),
        ("ACCOUNT_SENDING_PAUSED", Answer.STOPPED),
        ("CONFIGURATION_SET_SENDING_PAUSED", Answer.STOPPED),
        ("CONFIGURATION_SET_NOT_FOUND", Answer.STOPPED),
        ("MAIL_FROM_DOMAIN_NOT_VERIFIED", Answer.STOPPED),
        ("TEMPLATE_NOT_FOUND", Answer.STOPPED),
        ("INVALID_SENDING_POOL_NAME", Answer.STOPPED),
        ("MESSAGE_REJECTED", Answer.REFUSED),
        ("INVALID_PARAMETER", Answer.REFUSED),
        ("FAILED", Answer.REFUSED),
        ("A_STATUS_OF_TOMORROW", Answer.UNSURE),
    ],
)
def test_each_status_of_a_recipient_has_its_meaning_beside_one_that_was_accepted(status: str, answer: Answer) -> None:
    entries = [{"Status": "SUCCESS", "MessageId": "id"}, {"Status": status, "Error": "because"}]
    accepted, other = send(FakeSes(lambda emails: entries))
    assert accepted == SendResult(Answer.ACCEPTED, "id")
    assert other == SendResult(answer, reason=f"{status}: because")


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (refusal("TooManyRequestsException", 429, "Maximum sending rate exceeded."), Answer.THROTTLED),
        (refusal("TooManyRequestsException", 429, "Daily message quota exceeded."), Answer.QUOTA),
        (refusal("LimitExceededException", 400, "Daily message quota exceeded"), Answer.QUOTA),
        (refusal("AccountSuspendedException"), Answer.STOPPED),
        (refusal("SendingPausedException"), Answer.STOPPED),
        (refusal("MailFromDomainNotVerifiedException"), Answer.STOPPED),
        (refusal("NotFoundException", 404), Answer.STOPPED),
        (refusal("AccessDeniedException", 403), Answer.STOPPED),
        (refusal("SomethingNewException", 400), Answer.STOPPED),
        (refusal("InternalFailure", 500), Answer.UNSURE),
        (refusal("ServiceUnavailable", 503), Answer.UNSURE),
        (ReadTimeoutError(endpoint_url="ses"), Answer.UNSURE),
        (ConnectionClosedError(endpoint_url="ses"), Answer.UNSURE),
        (ConnectTimeoutError(endpoint_url="ses"), Answer.TRANSIENT),
        (EndpointConnectionError(endpoint_url="ses"), Answer.TRANSIENT),
        (refusal("ExpiredTokenException", 403), Answer.TRANSIENT),
    ],
)
def test_each_error_of_a_call_has_its_meaning_for_all_of_its_recipients(error: Exception, answer: Answer) -> None:
    ses = FakeSes(lambda emails: error)
    assert [result.answer for result in send(ses, 3)] == [answer] * 3
    assert len(ses.requests) == 1


def test_every_status_and_every_error_that_sess_model_names_has_a_treatment() -> None:
    model = Session().get_service_model("sesv2")
    named = set(model.shape_for("BulkEmailStatus").enum)
    assert named == STATUSES.keys()
    errors = {shape.name for shape in model.operation_model("SendBulkEmail").error_shapes}
    assert len(errors) > 5
    assert errors <= ERRORS.keys()


UNVERIFIED = "Email address is not verified. The following identities failed the check in region US-EAST-1: "


@pytest.mark.parametrize(
    ("failed", "answer"),
    [
        ("from@example.com", Answer.STOPPED),
        ("someone@example.com, from@example.com", Answer.STOPPED),
        ("From@Example.com, p0@example.com", Answer.STOPPED),
        ("p0@example.com", Answer.REFUSED),
        ("notfrom@example.com", Answer.REFUSED),
        ("from@example.com.invalid", Answer.REFUSED),
    ],
)
def test_a_sender_that_is_not_verified_stops_the_campaign_and_a_recipient_fails_alone(
    failed: str, answer: Answer
) -> None:
    rejected = [{"Status": "MESSAGE_REJECTED", "Error": UNVERIFIED + failed}]
    assert [each.answer for each in send(FakeSes(lambda emails: rejected), 1)] == [answer]
    whole = refusal("MessageRejected", message=UNVERIFIED + failed)
    assert [each.answer for each in send(FakeSes(lambda emails: whole), 1)] == [answer]


@pytest.mark.parametrize("code", ["BadRequestException", "MessageRejected"])
def test_one_recipient_who_spoils_a_call_is_found_and_the_others_are_sent_to(code: str) -> None:
    def answer(emails: list[str]) -> Any:
        if "p3@example.com" in emails:
            return refusal(code)
        return [{"Status": "SUCCESS", "MessageId": f"id-{email}"} for email in emails]

    results = send(FakeSes(answer), 12)
    assert [result.answer for result in results] == [
        Answer.REFUSED if row == 3 else Answer.ACCEPTED for row in range(12)
    ]


def test_a_refusal_of_many_alike_is_one_of_the_campaign() -> None:
    ses = FakeSes(lambda emails: refusal("BadRequestException", message="Illegal From address"))
    assert {result.answer for result in send(ses, 10)} == {Answer.STOPPED}
    assert {result.answer for result in send(ses, 9)} == {Answer.REFUSED}


def test_an_answer_for_fewer_than_were_asked_leaves_all_of_them_unsure() -> None:
    ses = FakeSes(lambda emails: [{"Status": "SUCCESS", "MessageId": "id"}])
    assert {result.answer for result in send(ses, 2)} == {Answer.UNSURE}


def test_calls_are_packed_by_number_and_by_the_size_of_their_request() -> None:
    mailer = Mailer(FakeSes(), "hato-test", "from@example.com")
    assert [len(call) for call in mailer.fit(parcels(25), 10)] == [10, 10, 5]
    large = mailer.fit(parcels(10, text="x" * 200_000), 50)
    assert [len(call) for call in large] == [4, 4, 2]
    assert [parcel.recipient.row for call in large for parcel in call] == list(range(10))
    assert [len(call) for call in mailer.fit(parcels(2, text="x" * 2_000_000), 50)] == [1, 1]
