"""What our own short names are called on pages, in English; japanese.py has the rest.

Names that are not listed, of events and sorts that SES may bring up one day, are shown as they are.
"""

from collections.abc import Mapping

STATUSES: Mapping[str, str] = {
    "preparing": "Preparing",
    "sending": "Sending",
    "paused": "Paused",
    "finished": "Finished",
    "cancelled": "Cancelled",
    "stopped": "Stopped",
    "failed": "Failed",
}
# How good it is to be there.
MOODS: Mapping[str, str] = {"finished": "good", "paused": "warn", "failed": "bad", "stopped": "bad"}

ENDS: Mapping[str, str] = {
    "accepted": "Accepted by SES",
    "already_sent": "Already sent",
    "suppressed": "Suppressed",
    "duplicate": "Duplicate",
    "invalid": "Invalid",
    "failed": "Failed",
    "unknown": "Unknown",
}
ENDS_MEAN: Mapping[str, str] = {
    "accepted": "handed over, each address once",
    "already_sent": "had this mail before",
    "suppressed": "must not be written to",
    "duplicate": "an earlier row has the same address",
    "invalid": "no address that mail can go to",
    "failed": "not sent",
    "unknown": "how the send ended never became known",
}

BOUNCES: Mapping[str, str] = {
    "bounced": "Bounced for good",
    "soft_bounced": "Bounced for now",
    "undetermined_bounced": "Bounced, for good or for now",
}
# SES's own sorts of bounces.
SORTS: Mapping[str, str] = {
    "": "SES does not say why",
    "General": "no reason given",
    "NoEmail": "no mail address found",
    "Suppressed": "on SES's own suppression list",
    "OnAccountSuppressionList": "on the account's suppression list",
    "UnsubscribedRecipient": "unsubscribed",
    "MailboxFull": "mailbox full",
    "MessageTooLarge": "mail too large",
    "ContentRejected": "content refused",
    "AttachmentRejected": "attachment refused",
    "Undetermined": "no reason given",
}
# Other things that SES tells of mails that it took.
TROUBLES: Mapping[str, str] = {
    "delayed": "Delayed on the way",
    "complained": "Complained: called spam",
    "unsubscribed": "Unsubscribed",
    "rejected": "Rejected by SES for its content",
    "rendering_failed": "Could not be filled in by SES",
}

PROVIDERS: Mapping[str, str] = {
    "gmail": "Gmail",
    "microsoft": "Outlook, Hotmail",
    "yahoo": "Yahoo, AOL",
    "yahoo-japan": "Yahoo! Japan",
    "icloud": "iCloud",
    "docomo": "Docomo",
    "au": "au",
    "softbank": "SoftBank",
    "rakuten": "Rakuten",
    "nifty": "Nifty",
    "ocn": "OCN",
    "gmx": "GMX, web.de",
    "proton": "Proton",
    "orange": "Orange",
    "comcast": "Comcast",
    "zoho": "Zoho",
    "yandex": "Yandex",
    "mail-ru": "Mail.ru",
    "qq": "QQ",
    "netease": "NetEase",
    "naver": "Naver",
    "other": "All others",
}

SERIES: Mapping[str, str] = {
    "delivered": "Deliveries",
    "human_opened": "Opens",
    "human_clicked": "Clicks",
}

# The moments of domain/history.py.
MOMENTS: Mapping[str, str] = {
    "claimed": "Taken up for sending",
    "accepted": "Accepted by SES",
    "failed": "Not sent",
    "delivered": "Delivered to the mailbox's server",
    "delayed": "Delayed on the way",
    "bounced": "Bounced for good",
    "soft_bounced": "Bounced for now",
    "undetermined_bounced": "Bounced, for good or for now",
    "complained": "Complained: called spam",
    "rejected": "Rejected by SES for its content",
    "rendering_failed": "Could not be filled in by SES",
    "opened": "Opened",
    "clicked": "Link followed",
    "unsubscribed": "Unsubscribed",
    "unknown_event": "SES told of something that Hato does not know",
}

# What Hato keeps of a contact.
CONTACT: Mapping[str, str] = {
    "username": "Name",
    "unsubscribed_at": "Unsubscribed",
    "complained_at": "Complained: called spam",
    "bounced_at": "Bounced for good",
    "soft_bounced_at": "Bounced for now, too often",
    "ses_suppressed_at": "On SES's suppression list since",
    "soft_bounces": "Bounces for now, one after another",
    "soft_bounces_ended_at": "Bounces for now ended",
    "error_reason": "What SES said",
    "noted_at": "Known from events alone, since",
    "ses_suppression_reason": "Why SES has it on its list",
    "haserror": "Marked with haserror",
}
