"""SES's account: may it send, to whom, how much, and whom does it leave out by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from hato.doctor.finding import Finding, Mark

UNLIMITED = -1.0
QUOTA_WARNING = 0.8
SUPPRESSED = frozenset({"BOUNCE", "COMPLAINT"})

_REVIEWS = {
    "PENDING": ("AWS has your request for production access before it.", "Wait for the answer: it comes by mail."),
    "DENIED": ("AWS denied the request for production access.", "Answer the case in the AWS support center."),
    "FAILED": ("The request for production access did not get through.", "Ask again."),
}
_ASK = (
    "Ask for production access in the SES console (Get set up), or with `aws sesv2 put-account-details "
    "--production-access-enabled --mail-type MARKETING --website-url URL --use-case-description TEXT`."
)
_STANDINGS = {
    "HEALTHY": (Mark.OK, "SES has nothing against how this account sends.", ""),
    "PROBATION": (
        Mark.WARNING,
        "SES has the account under review, and may stop it.",
        "Read what AWS wrote about it, mend the cause, and answer in the AWS support center.",
    ),
    "SHUTDOWN": (
        Mark.FAILED,
        "SES has stopped the account from sending.",
        "Mend what AWS wrote about, and ask in the AWS support center to be let send again.",
    ),
}


@dataclass(frozen=True, slots=True)
class SendingAccount:
    """SES's account in one region. `rate` is mails a second; `quota` and `sent` are mails in 24 hours, -1 no limit."""

    has_production_access: bool
    is_enabled: bool
    standing: str
    rate: float
    quota: float
    sent: float
    suppressed: frozenset[str] = SUPPRESSED
    review: str = ""


def judge_account(account: SendingAccount) -> Iterator[Finding]:
    """All that GetAccount tells."""
    yield judge_production_access(account)
    yield judge_sending(account)
    yield judge_standing(account)
    yield judge_quota(account)
    yield judge_suppression(account)


def judge_production_access(account: SendingAccount) -> Finding:
    """Whether the account may write to everybody."""
    subject = "production access"
    if account.has_production_access:
        return Finding(Mark.OK, subject, "The account is out of SES's sandbox: it may write to anybody.")
    about, mend = _REVIEWS.get(account.review, ("", _ASK))
    text = "The account is in SES's sandbox: it may write to verified addresses only, 200 mails a day, one a second."
    return Finding(Mark.FAILED, subject, f"{text} {about}".rstrip(), mend)


def judge_sending(account: SendingAccount) -> Finding:
    """Whether sending is switched on."""
    if account.is_enabled:
        return Finding(Mark.OK, "sending", "Sending is switched on.")
    return Finding(
        Mark.FAILED,
        "sending",
        "Sending is switched off for the whole account in this region.",
        "`aws sesv2 put-account-sending-attributes --sending-enabled`, once you know why it was switched off.",
    )


def judge_standing(account: SendingAccount) -> Finding:
    """What SES thinks of the account."""
    other = (Mark.UNKNOWN, f"SES calls the account's standing {account.standing or 'nothing'}.", "")
    mark, text, mend = _STANDINGS.get(account.standing, other)
    return Finding(mark, "standing", text, mend)


def judge_quota(account: SendingAccount) -> Finding:
    """How much may be sent, and how much of it is left."""
    subject, rate = "quota", f"{account.rate:,g} mail{'' if account.rate == 1 else 's'} a second"
    if account.quota == UNLIMITED:
        return Finding(Mark.OK, subject, f"{rate}, with no limit a day.")
    used = account.sent / account.quota if account.quota else 1.0
    text = f"{rate}, {account.quota:,.0f} in 24 hours; {account.sent:,.0f} of them ({used:.0%}) are used."
    if used <= QUOTA_WARNING:
        return Finding(Mark.OK, subject, text)
    mend = "Wait until they are older than a day (a campaign waits by itself), or ask for more in Service Quotas."
    return Finding(Mark.WARNING, subject, text, mend)


def judge_suppression(account: SendingAccount) -> Finding:
    """Whether SES itself leaves out who bounced or complained, whatever sent the mail."""
    subject = "suppression list"
    if account.suppressed >= SUPPRESSED:
        return Finding(Mark.OK, subject, "SES leaves out by itself who bounced or complained.")
    missing = " nor for a ".join(sorted(reason.lower() for reason in SUPPRESSED - account.suppressed))
    return Finding(
        Mark.WARNING,
        subject,
        f"SES puts nobody on its suppression list for a {missing}.",
        "`aws sesv2 put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT`",
    )
