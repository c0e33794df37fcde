"""SES: one SendBulkEmail call for up to 50 recipients, and what its answers mean."""

import json
import re
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ParamValidationError,
)

from chalicelib.domain.mail import Mail
from chalicelib.domain.parcel import Answer, Parcel, SendResult
from chalicelib.domain.recipient import shard_of, shard_tag
from chalicelib.domain.tag import to_tag
from chalicelib.domain.tracking import Tracking

# A request with an inline template is at most 1 MB; what is not the recipients' own takes a little of it.
_MOST_REQUEST_BYTES = 900_000
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
        self._sesv2 = sesv2
        self._configuration_set = configuration_set
        self._sender = sender

    def send(self, mail: Mail, campaign_id: str, parcels: Sequence[Parcel]) -> list[SendResult]:
        """Send to all of them in one call; one answer each, in order. Never raises for what SES or the network do."""
        try:
            answer = self._sesv2.send_bulk_email(**self._request(mail, campaign_id, parcels))
        except ClientError as error:
            return self._refused(mail, campaign_id, parcels, error)
        except _NOTHING_SENT as error:
            return _all(parcels, Answer.TRANSIENT, f"SES could not be reached: {error}")
        except ParamValidationError as error:  # a setting that no try will mend, such as an empty From address
            return _all(parcels, Answer.STOPPED, f"The request to SES is not valid: {error}")
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
        for parcel in sorted(parcels, key=lambda each: each.tracking, reverse=True):
            need = len(json.dumps(self._entry("", "", parcel)))
            if not calls or len(calls[-1]) >= size or need > room or calls[-1][0].tracking != parcel.tracking:
                calls.append([])
                room = _MOST_REQUEST_BYTES
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

    def _request(self, mail: Mail, campaign_id: str, parcels: Sequence[Parcel]) -> dict[str, Any]:
        # The mail is filled in already and travels as values, so that what was previewed is what is sent.
        parts = {"Subject": "{{s}}", "Text": "{{t}}" if mail.body else "", "Html": "{{h}}" if mail.html else ""}
        request: dict[str, Any] = {
            "FromEmailAddress": mail.sender or self._sender,
            "ConfigurationSetName": self._configuration_set,
            "DefaultContent": {
                "Template": {
                    "TemplateContent": {name: part for name, part in parts.items() if part},
                    "TemplateData": "{}",
                }
            },
            "DefaultEmailTags": _tags(campaign_id, mail.mail_id),
            "BulkEmailEntries": [self._entry(campaign_id, mail.mail_id, parcel) for parcel in parcels],
        }
        if mail.reply_to:
            request["ReplyToAddresses"] = list(mail.reply_to)
        if parcels[0].tracking != Tracking():  # else nothing is said: an older boto3 does not know the words
            request["ConfigurationOverrides"] = {"Tracking": tracking_overrides(parcels[0].tracking)}
        return request

    def _entry(self, campaign_id: str, mail_id: str, parcel: Parcel) -> dict[str, Any]:
        mail, email = parcel.mail, parcel.recipient.email
        data = {"s": mail.subject, "t": mail.text, "h": mail.html}
        headers = {"ReplacementHeaders": unsubscribe_headers(parcel.unsubscribe_url)} if parcel.unsubscribe_url else {}
        return headers | {
            "Destination": {"ToAddresses": [email]},
            # All the tags again: whether an entry's tags are added to the default ones is not documented.
            "ReplacementTags": [
                *_tags(campaign_id, mail_id),
                {"Name": "shard", "Value": shard_tag(shard_of(email))},
            ],
            "ReplacementEmailContent": {
                "ReplacementTemplate": {"ReplacementTemplateData": json.dumps(data, ensure_ascii=False)}
            },
        }


def unsubscribe_headers(url: str) -> list[dict[str, str]]:
    """What lets a mail program unsubscribe its owner with one click (RFC 8058), as SES takes headers."""
    return [
        {"Name": "List-Unsubscribe", "Value": f"<{url}>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]


def tracking_overrides(tracking: Tracking) -> dict[str, str]:
    """What is not tracked, in SES's words; of the rest nothing is said, and the configuration set decides."""
    told = {"OpenTrackingEnabled": tracking.opens, "ClickTrackingEnabled": tracking.clicks}
    return {name: "DISABLED" for name, on in told.items() if not on}


def _tags(campaign_id: str, mail_id: str) -> list[dict[str, str]]:
    return [
        {"Name": "campaign", "Value": to_tag(campaign_id)},
        {"Name": "mail", "Value": to_tag(mail_id)},
    ]


def _all(parcels: Sequence[Parcel], answer: Answer, reason: str) -> list[SendResult]:
    return [SendResult(answer, reason=reason)] * len(parcels)
