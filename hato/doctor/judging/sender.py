"""The From address: is it verified, are its mails signed, and which domain do their bounces go to."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr

from hato.doctor.finding import Finding, Mark, NotKnown

_WAITING = {"PENDING", "TEMPORARY_FAILURE"}
_SUCCESS = "SUCCESS"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mails are from; the domain in lower case and in ASCII."""

    address: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> "Sender":
        """The sender of `Name <local@domain>` or `local@domain`. Raises NotKnown."""
        local, at, domain = parseaddr(text)[1].rpartition("@")
        try:
            plain = domain.rstrip(".").lower().encode("idna").decode("ascii")
        except UnicodeError:
            plain = ""
        if not (local and at and "." in plain):
            raise NotKnown(f"The sender {text!r} is no address with a domain.", "Name it: `--sender ADDRESS`.")
        return cls(f"{local}@{plain}", plain)

    @property
    def identities(self) -> tuple[str, ...]:
        """What may be verified for it, nearest first: the address, its domain, and the domains above."""
        labels = self.domain.split(".")
        above = (".".join(labels[n:]) for n in range(len(labels) - 1))
        return (self.address, *above)


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity as SES knows it. The states are SES's own words; `mail_from` is empty where there is none."""

    name: str
    is_verified: bool
    verification: str
    signs: bool
    dkim: str
    mail_from: str = ""
    mail_from_state: str = ""
    refuses_without_mail_from: bool = False


def judge_sender(sender: Sender, identity: Identity | None, region: str) -> Iterator[Finding]:
    """All that GetEmailIdentity tells; the identity is None where SES has none for the sender."""
    if identity is None:
        yield Finding(
            Mark.FAILED,
            "identity",
            f"Neither {sender.address} nor its domain is an identity of SES in {region}.",
            f"`aws sesv2 create-email-identity --email-identity {sender.domain} --region {region}`, then put the three "
            f"DKIM records that it answers with into the DNS of {sender.domain}.",
        )
        return
    yield judge_verification(identity)
    yield judge_dkim(identity)
    yield judge_mail_from(identity)


def judge_verification(identity: Identity) -> Finding:
    """Whether SES takes mail from the identity."""
    if identity.is_verified:
        return Finding(Mark.OK, "identity", f"{identity.name} is verified.")
    state = _plain(identity.verification)
    return Finding(
        Mark.FAILED,
        "identity",
        f"{identity.name} is not verified: SES calls it {state}.",
        "Follow the link in the mail that AWS sent to it."
        if "@" in identity.name
        else f"Put what `aws sesv2 get-email-identity --email-identity {identity.name}` names into the DNS.",
    )


def judge_dkim(identity: Identity) -> Finding:
    """Whether the mails are signed for the From domain: without that, most of a bulk mail is refused."""
    if identity.signs and identity.dkim == _SUCCESS:
        return Finding(Mark.OK, "DKIM", f"Mails from {identity.name} are signed.")
    domain = identity.name.rpartition("@")[2]
    if not identity.signs and identity.dkim == _SUCCESS:
        mend = f"`aws sesv2 put-email-identity-dkim-attributes --email-identity {identity.name} --signing-enabled`"
        return Finding(Mark.FAILED, "DKIM", f"Signing is switched off for {identity.name}.", mend)
    mend = f"Verify the domain {domain}, and put the three DKIM records (CNAME) that SES names for it into its DNS."
    text = f"Mails from {identity.name} are not signed: SES calls its DKIM {_plain(identity.dkim)}."
    return Finding(Mark.FAILED, "DKIM", text, mend)


def judge_mail_from(identity: Identity) -> Finding:
    """Whether SPF can speak for the From domain: only where bounces go to a domain below it."""
    subject, domain = "MAIL FROM", identity.name.rpartition("@")[2]
    if not identity.mail_from:
        return Finding(
            Mark.WARNING,
            subject,
            "There is no MAIL FROM domain of your own: SPF speaks for amazonses.com, and DMARC rests on DKIM alone.",
            f"`aws sesv2 put-email-identity-mail-from-attributes --email-identity {identity.name} "
            f"--mail-from-domain bounce.{domain}`, then `hato doctor` again: it names the two DNS records to make.",
        )
    if identity.mail_from_state == _SUCCESS:
        return Finding(Mark.OK, subject, f"Bounces go to {identity.mail_from}, and SPF speaks for your domain.")
    what_then = "SES refuses to send" if identity.refuses_without_mail_from else "SES uses amazonses.com in its place"
    return Finding(
        Mark.FAILED if identity.refuses_without_mail_from else Mark.WARNING,
        subject,
        f"SES calls the MAIL FROM domain {identity.mail_from} {_plain(identity.mail_from_state)}; until that is mended "
        f"{what_then}.",
        "Wait: SES looks at the DNS again by itself."
        if identity.mail_from_state in _WAITING
        else f"Put its MX record into the DNS of {identity.mail_from}; see DNS, below.",
    )


def _plain(state: str) -> str:
    return state.replace("_", " ").lower() or "nothing"
