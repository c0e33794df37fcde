"""The answers of SES that are not a success, by the names and HTTP codes its v2 API uses.

SesError
├── BadRequest            400  the request itself is wrong
├── MessageRejected       400  the account may not send this
├── SendingPaused         400  the account's sending is switched off
├── NotFound              404  a configuration set or template that is not there
├── TooManyRequests       429  the sending rate or the daily quota is used up
└── InternalFailure       500  SES itself failed; whether before or after it took the mails, nobody says
"""

from __future__ import annotations


class SesError(Exception):
    """A call that SES refuses as a whole."""

    code = "InternalFailure"
    status = 500

    @property
    def message(self) -> str:
        return str(self)


class BadRequest(SesError):
    code, status = "BadRequestException", 400


class MessageRejected(SesError):
    code, status = "MessageRejected", 400


class SendingPaused(SesError):
    code, status = "SendingPausedException", 400


class NotFound(SesError):
    code, status = "NotFoundException", 404


class TooManyRequests(SesError):
    code, status = "TooManyRequestsException", 429


class InternalFailure(SesError):
    code, status = "InternalFailure", 500
