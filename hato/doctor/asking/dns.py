"""DNS records, asked of whatever resolver is handed in."""

from typing import Protocol

from hato.doctor.judging.dns import SES_SPF, Dmarc, MailHosts, Spf, is_dmarc, is_spf

_MOST_SPF_LOOKUPS = 10  # RFC 7208, 4.6.4: a receiver looks no further


class Resolver(Protocol):
    """What is asked of the DNS. Both raise NotKnown where it does not answer."""

    def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records of a name; none where there is no such name."""
        ...

    def mail_hosts(self, name: str) -> tuple[str, ...]:
        """The hosts of a name's MX records, in lower case and without a dot at the end, the preferred first."""
        ...


def ask_dmarc(resolver: Resolver, domain: str) -> Dmarc:
    """The DMARC records of the domain, or of the nearest domain above that has any."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        above = ".".join(labels[start:])
        records = tuple(record for record in resolver.texts(f"_dmarc.{above}") if is_dmarc(record))
        if records:
            return Dmarc(domain, above, records)
    return Dmarc(domain)


def ask_spf(resolver: Resolver, domain: str) -> Spf:
    """The SPF records of the domain, and whether SES is among those that they let send."""
    records = _spf_records(resolver, domain)
    return Spf(domain, records, _includes_ses(resolver, records))


def ask_mail_hosts(resolver: Resolver, domain: str) -> MailHosts:
    """The domain's MX records."""
    return MailHosts(domain, resolver.mail_hosts(domain))


def _spf_records(resolver: Resolver, domain: str) -> tuple[str, ...]:
    return tuple(record for record in resolver.texts(domain) if is_spf(record))


def _includes_ses(resolver: Resolver, records: tuple[str, ...]) -> bool:
    """Whether the records name SES's, or a domain whose record does."""
    waiting, seen = _named(records), set[str]()
    while waiting and len(seen) < _MOST_SPF_LOOKUPS:
        domain = waiting.pop(0)
        if domain == SES_SPF:
            return True
        if domain not in seen:
            seen.add(domain)
            waiting += _named(_spf_records(resolver, domain))
    return False


def _named(records: tuple[str, ...]) -> list[str]:
    terms = [term.lower().lstrip("+") for record in records for term in record.split()]
    named = [term.partition(mark)[2] for term in terms for mark in ("include:", "redirect=") if term.startswith(mark)]
    return [name.rstrip(".") for name in named]
