"""The DNS records that receivers look at: DMARC, SPF and MX."""

from dataclasses import dataclass

from hato.doctor.finding import Finding, Mark

SES_SPF = "amazonses.com"
_POLICIES = {"none", "quarantine", "reject"}


@dataclass(frozen=True, slots=True)
class Dmarc:
    """The DMARC records that were found for a From domain, at it or at a domain above it."""

    domain: str
    found_at: str = ""
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spf:
    """The SPF records of a domain, and whether they come to SES's own, straight or by another domain's."""

    domain: str
    records: tuple[str, ...] = ()
    includes_ses: bool = False


@dataclass(frozen=True, slots=True)
class MailHosts:
    """The hosts of a domain's MX records, the preferred first; a lone "." takes no mail (RFC 7505)."""

    domain: str
    hosts: tuple[str, ...] = ()


def is_dmarc(record: str) -> bool:
    """Whether a TXT record is one of DMARC."""
    return record.partition(";")[0].replace(" ", "") == "v=DMARC1"


def is_spf(record: str) -> bool:
    """Whether a TXT record is one of SPF."""
    return record.lower() == "v=spf1" or record.lower().startswith("v=spf1 ")


def judge_dmarc(dmarc: Dmarc) -> Finding:
    """Whether the From domain says what is to become of mail that is not its own; large receivers insist on it."""
    subject = "DMARC"
    name = f"_dmarc.{dmarc.domain}"
    mend = f'Put a TXT record into the DNS: {name} with "v=DMARC1; p=none; rua=mailto:YOUR-ADDRESS".'
    if not dmarc.records:
        text = f"There is no DMARC record at {name}; Gmail, Yahoo and Outlook want one of whoever sends in bulk."
        return Finding(Mark.WARNING, subject, text, mend)
    if len(dmarc.records) > 1:
        text = f"There are {len(dmarc.records)} DMARC records at _dmarc.{dmarc.found_at}, so receivers heed none."
        return Finding(Mark.WARNING, subject, text, "Leave one.")
    tags = _tags(dmarc.records[0])
    policy = tags.get("p", "")
    if dmarc.found_at != dmarc.domain:
        policy = tags.get("sp", policy)
    if policy not in _POLICIES:
        text = f"The DMARC record at _dmarc.{dmarc.found_at} has no policy (p=none, quarantine or reject)."
        return Finding(Mark.WARNING, subject, text, mend)
    return Finding(Mark.OK, subject, f"_dmarc.{dmarc.found_at} has the policy {policy} for {dmarc.domain}.")


def judge_from_mx(mail_hosts: MailHosts) -> Finding:
    """Whether people can answer."""
    subject, hosts = "MX", mail_hosts.hosts
    if hosts and hosts != (".",):
        return Finding(Mark.OK, subject, f"Answers to {mail_hosts.domain} go to {hosts[0]}.")
    return Finding(
        Mark.WARNING,
        subject,
        f"{mail_hosts.domain} takes no mail, as it has no MX record: answers are lost, and some receivers mind.",
        "Put an MX record of your mail provider into the DNS, or send from a domain that takes mail.",
    )


def judge_mail_from_mx(mail_hosts: MailHosts, region: str) -> Finding:
    """Whether bounces come back to SES."""
    subject, host = "MAIL FROM's MX", f"feedback-smtp.{region}.{SES_SPF}"
    if mail_hosts.hosts == (host,):
        return Finding(Mark.OK, subject, f"Bounces to {mail_hosts.domain} go to {host}.")
    found = ", ".join(mail_hosts.hosts) or "nothing"
    return Finding(
        Mark.FAILED,
        subject,
        f"The MX of {mail_hosts.domain} is {found}; it must be {host} and nothing else.",
        f'Put an MX record into the DNS: {mail_hosts.domain} with "10 {host}", and leave no other.',
    )


def judge_mail_from_spf(spf: Spf) -> Finding:
    """Whether SES may send for the MAIL FROM domain."""
    subject, record = "MAIL FROM's SPF", f"v=spf1 include:{SES_SPF} ~all"
    if not spf.records:
        mend = f'Put a TXT record into the DNS: {spf.domain} with "{record}".'
        return Finding(Mark.FAILED, subject, f"{spf.domain} has no SPF record.", mend)
    if len(spf.records) > 1:
        text = f"{spf.domain} has {len(spf.records)} SPF records, so receivers heed none."
        return Finding(Mark.FAILED, subject, text, f'Leave one: "{record}".')
    if not spf.includes_ses:
        mend = f"Add include:{SES_SPF} to it, before its `all`."
        return Finding(Mark.FAILED, subject, f"The SPF record of {spf.domain} does not name SES.", mend)
    return Finding(Mark.OK, subject, f"SES may send for {spf.domain}.")


def _tags(record: str) -> dict[str, str]:
    parts = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, equals, value in parts if equals}
