"""Every error that Hato's Lambdas raise on purpose; the name says what happened or what to do.

HatoError
├── CampaignFailed          the campaign cannot be sent; its owner must change something
│   ├── InputIncomplete     the state machine's input lacks file_name or mail_id
│   ├── MailNotFound        no such mail
│   ├── MailInvalid         the mail has no subject or body, or its template does not parse
│   ├── MergeFieldMissing   the mail uses a field that the list has no column for
│   ├── ListNotFound        no such file in the bucket
│   ├── ListUnreadable      not a CSV that can be read: encoding, header, no email column
│   ├── ListEmpty           a header and no rows, or nothing at all
│   ├── ListTooLong         more rows than the functions can prepare or report in their time
│   └── KeyUnexpected       an upload outside lists/<mail_id>/ and broadcasts/
├── BatchReturned           the batch goes back to the state machine, which tries it again later
│   ├── SendingThrottled    SES's rate is used up, or SES or a table is out of order for a moment
│   ├── DailyQuotaReached   SES's daily limit is used up
│   ├── OutcomeUnsettled    a send was begun and nobody knows yet how it ended
│   └── CampaignPaused      the campaign's owner, or the circuit breaker, paused it
├── CampaignStopped         SES, or the campaign's owner, stopped the campaign: no batch of it may be sent
├── BatchMalformed          a queue message that is no batch; it goes to the dead-letter queue
├── CampaignUnbalanced      the report has not as many rows as the list
├── SettingInvalid          an environment variable holds what Hato cannot use
├── LinkInvalid             a link that is wrong, or for something else
│   ├── LinkExpired         a link that was right
│   └── AddressesNotAllowed a link that shows numbers and no addresses
├── RequestMalformed        a page was asked for something that makes no sense
├── CampaignNotFound        no such campaign
└── ReportMissing           the campaign has no report.csv, or none yet
"""


class HatoError(Exception):
    """Any error whose text may be shown to the user as it stands."""


class CampaignFailed(HatoError):
    """The campaign cannot be sent until its owner changes something."""


class InputIncomplete(CampaignFailed):
    """The state machine's input lacks `file_name` or `mail_id`."""


class MailNotFound(CampaignFailed):
    """There is no mail under this id."""


class MailInvalid(CampaignFailed):
    """The mail has no subject or no body, or its template does not parse."""


class MergeFieldMissing(CampaignFailed):
    """The mail uses a merge field that the list has no column for."""


class ListNotFound(CampaignFailed):
    """There is no such file in the upload bucket."""


class ListUnreadable(CampaignFailed):
    """The file cannot be read as a mailing list."""


class ListEmpty(CampaignFailed):
    """The list has no rows."""


class ListTooLong(CampaignFailed):
    """The list has more rows than one campaign takes."""


class KeyUnexpected(CampaignFailed):
    """The file was uploaded to a place where Hato expects none."""


class BatchReturned(HatoError):
    """The batch was not finished and must come again; the class name is the task's error in the state machine."""


class SendingThrottled(BatchReturned):
    """SES took no more mail at this pace, or the table of deliveries no more claims."""


class DailyQuotaReached(BatchReturned):
    """SES takes no more mail today."""


class OutcomeUnsettled(BatchReturned):
    """A send was begun earlier and its outcome is not known yet."""


class CampaignPaused(BatchReturned):
    """The campaign is paused."""


class CampaignStopped(HatoError):
    """The campaign must not be sent on."""


class BatchMalformed(HatoError):
    """The queue message is no batch."""


class LinkInvalid(HatoError):
    """The link is wrong, has expired, or is for something else."""


class LinkExpired(LinkInvalid):
    """The link was right and has expired."""


class AddressesNotAllowed(LinkInvalid):
    """The link shows no addresses."""


class CampaignNotFound(HatoError):
    """There is no campaign under this id."""


class RequestMalformed(HatoError):
    """What a page was asked for makes no sense."""


class ReportMissing(HatoError):
    """The campaign has no report.csv, or none yet."""


class CampaignUnbalanced(HatoError):
    """The rows of the list and the rows of the report are not the same number."""


class SettingInvalid(HatoError):
    """An environment variable holds a value that Hato cannot use."""
