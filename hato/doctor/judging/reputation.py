"""The shares of bounces and complaints by which SES judges an account."""

from dataclasses import dataclass

from hato.doctor.finding import Finding, Mark


@dataclass(frozen=True, slots=True)
class Limit:
    """A share from 0 to 1: from `review` on SES reviews an account, from `stop` on it may stop it."""

    subject: str
    what: str
    review: float
    stop: float
    mend: str


BOUNCES = Limit(
    *("bounce rate", "bounces", 0.05, 0.10),
    mend="Send to addresses that asked for it lately, and leave out old lists; bounced contacts are left out already.",
)
COMPLAINTS = Limit(
    *("complaint rate", "complaints", 0.001, 0.005),
    mend="Send only to people who asked for it, and make it easy to leave.",
)


def judge_rate(share: float | None, limit: Limit) -> Finding:
    """How near SES's limits the account is; None where SES has published no share."""
    if share is None:
        return Finding(Mark.UNKNOWN, limit.subject, f"Not known yet: SES has counted no {limit.what} lately.")
    text = (
        f"{share:.2%} {limit.what}; SES reviews accounts from {limit.review:.1%}, and stops them from {limit.stop:.1%}."
    )
    if share < limit.review:
        return Finding(Mark.OK, limit.subject, text)
    return Finding(Mark.FAILED if share >= limit.stop else Mark.WARNING, limit.subject, text, limit.mend)
