"""SES: one SendBulkEmail call for up to 50 recipients, and what its answers mean."""

import re
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)

from chalicelib.aws.bulk_request import MOST_BYTES, BulkRequest
from chalicelib.domain.mail import Mail
from chalicelib.domain.parcel import Answer, Parcel, SendResult

_MANY = 10

# SES's status for one recipient of a call: all that its model names.
STATUSES: Mapping[str, Answer] = {
    "SUCCESS": Answer.ACCEPTED,
    "TRANSIENT_FAILURE": Answer.TRANSIENT,
    "ACCOUNT_THROTTLED": Answer.THROTTLED,
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": Answer.QUOTA,
    "ACCOUNT_SUSPENDED": Answer.STOPPED,
    "ACCOUNT_SENDING_PAUSED": Answer.STOPPED,
    "CONFIGURATION_SET_SENDING_PAUSED": Answer.STOPPED,
    "CONFIGURATION_SET_NOT_FOUND": Answer.STOPPED,
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": Answer.STOPPED,
    "TEMPLATE_NOT_FOUND": Answer.STOPPED,
    "INVALID_SENDING_POOL_NAME": Answer.STOPPED,
    "MESSAGE_REJECTED": Answer.REFUSED,
    "INVALID_PARAMETER": Answer.REFUSED,
    "FAILED": Answer.REFUSED,
}

# SES's errors for a whole call. The account's pauses are plain 400s, so they go by name.
ERRORS: Mapping[str, Answer] = {
    "TooManyRequestsException": Answer.THROTTLED,
    "ThrottlingException": Answer.THROTTLED,
    "LimitExceededException": Answer.THROTTLED,
    "AccountSuspendedException": Answer.STOPPED,
    "SendingPausedException": Answer.STOPPED,
    "MailFromDomainNotVerifiedException": Answer.STOPPED,
    "NotFoundException": Answer.STOPPED,
    "AccessDeniedException": Answer.STOPPED,
    "MessageRejected": Answer.REFUSED,
    "BadRequestException": Answer.REFUSED,
    # A signature that came too late, or of credentials that are just being changed: refused before anything was done.
    "ExpiredTokenException": Answer.TRANSIENT,
    "RequestExpired": Answer.TRANSIENT,
    "InvalidSignatureException": Answer.TRANSIENT,
}

# Raised before anything left this machine.
_NOTHING_SENT = (EndpointConnectionError, ConnectTimeoutError)


class Mailer:
    """Sends through SES, and puts its answers in Hato's words."""

    def __init__(self, sesv2: Any, configuration_set: str, sender: str) -> None:
        """`sesv2` is a client that sends a request's body as it is handed over."""
        self._sesv2 = sesv2
        self._sender = sender
        self._request = BulkRequest(configuration_set, sender)

    def send(self, mail: Mail, campaign_id: str, parcels: Sequence[Parcel]) -> list[SendResult]:
        """Send to all of them in one call; one answer each, in order. Never raises for what SES or the network do."""
        try:
            answer = self._sesv2.send_bulk_email(Body=self._request.body(mail, campaign_id, parcels))
        except ClientError as error:
            return self._refused(mail, campaign_id, parcels, error)
        except _NOTHING_SENT as error:
            return _all(parcels, Answer.TRANSIENT, f"SES could not be reached: {error}")
        except HTTPClientError as error:  # a timeout or a broken connection: the call may have arrived
            return _all(parcels, Answer.UNSURE, f"The call to SES broke off: {error}")
        results = [self._result(mail, entry) for entry in answer["BulkEmailEntryResults"]]
        # Should SES answer for fewer than it was asked, nobody knows which.
        return results if len(results) == len(parcels) else _all(parcels, Answer.UNSURE, "SES's answer was cut.")

    def fit(self, parcels: Sequence[Parcel], size: int) -> list[list[Parcel]]:
        """The parcels in calls of at most `size` recipients and of at most what SES takes in one request.

        What is tracked is said once for a call, so who is tracked otherwise is in another one.
        """
        calls: list[list[Parcel]] = []
        room = 0
        in_order = sorted(parcels, key=lambda each: each.tracking, reverse=True)
        for parcel, need in zip(in_order, self._request.sizes(in_order), strict=True):
            if not calls or len(calls[-1]) >= size or need > room or calls[-1][0].tracking != parcel.tracking:
                calls.append([])
                room = MOST_BYTES
            calls[-1].append(parcel)
            room -= need
        return calls

    def _refused(self, mail: Mail, campaign_id: str, parcels: Sequence[Parcel], error: ClientError) -> list[SendResult]:
        code, text = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        answer = ERRORS.get(code)
        if answer is Answer.THROTTLED and "daily" in text.lower():
            answer = Answer.QUOTA
        if answer is Answer.REFUSED and self._is_about_sender(mail, text):
            answer = Answer.STOPPED
        if answer is None:
            # A server's error may come after the mail went out; any other refusal concerns the whole campaign.
            answer = Answer.UNSURE if status >= 500 else Answer.STOPPED
        if answer is Answer.REFUSED and len(parcels) > 1:
            # One recipient can spoil the call for all: find out which, a call each. Where SES refuses many alike and
            # takes none, it is the campaign that it refuses.
            results: list[SendResult] = []
            for parcel in parcels:
                results += self.send(mail, campaign_id, [parcel])
                if len(results) == _MANY and set(results) == {SendResult(Answer.REFUSED, reason=f"{code}: {text}")}:
                    return _all(parcels, Answer.STOPPED, f"{code}: {text}")
            return results
        return _all(parcels, answer, f"{code}: {text}")

    def _result(self, mail: Mail, entry: Mapping[str, Any]) -> SendResult:
        status, error = entry.get("Status", ""), entry.get("Error") or ""
        # A status that is new to us may mean anything, so it is settled like a call that broke off.
        answer = STATUSES.get(status, Answer.UNSURE)
        if answer is Answer.REFUSED and self._is_about_sender(mail, error):
            answer = Answer.STOPPED
        reason = "" if answer is Answer.ACCEPTED else f"{status}: {error}".rstrip(": ")
        return SendResult(answer, entry.get("MessageId") or "", reason)

    def _is_about_sender(self, mail: Mail, text: str) -> bool:
        """Whether SES refuses whom the mail comes from, and so all of it; in the sandbox it may be the recipient."""
        _, sender = parseaddr(mail.sender or self._sender)
        failed = text.lower().partition("failed the check")[2]
        return bool(sender) and re.search(rf"[\s,:]{re.escape(sender.lower())}(,|\.?$)", failed) is not None


def _all(parcels: Sequence[Parcel], answer: Answer, reason: str) -> list[SendResult]:
    return [SendResult(answer, reason=reason)] * len(parcels)
