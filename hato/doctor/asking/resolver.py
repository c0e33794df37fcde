"""The resolver of this machine."""

from collections.abc import Callable
from typing import Any

import dns.exception
import dns.resolver

from hato.doctor.finding import NotKnown

_SECONDS = 5.0


class SystemResolver:
    """Asks the servers that this machine is set up with, or another resolver's, for at most so many seconds a name."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None, seconds: float = _SECONDS) -> None:
        self._resolver = resolver
        self._seconds = seconds

    def texts(self, name: str) -> tuple[str, ...]:
        return self._ask(name, "TXT", lambda found: b"".join(found.strings).decode("utf-8", "replace"))

    def mail_hosts(self, name: str) -> tuple[str, ...]:
        ranked = self._ask(name, "MX", lambda found: (found.preference, str(found.exchange).lower()))
        return tuple(host.rstrip(".") or "." for _, host in sorted(ranked))

    def _ask(self, name: str, kind: str, read: Callable[[Any], Any]) -> tuple[Any, ...]:
        try:
            self._resolver = self._resolver or dns.resolver.Resolver()
            return tuple(map(read, self._resolver.resolve(f"{name}.", kind, lifetime=self._seconds)))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            raise NotKnown(f"The DNS does not answer for {name}: {type(error).__name__}.") from error
