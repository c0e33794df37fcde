"""The DNS."""

from hato.doctor.finding import NotKnown


class FakeResolver:
    """TXT and MX records by name; it may be out of reach."""

    def __init__(
        self,
        texts: dict[str, tuple[str, ...]] | None = None,
        mail_hosts: dict[str, tuple[str, ...]] | None = None,
        is_reachable: bool = True,
    ) -> None:
        self._texts = texts or {}
        self._mail_hosts = mail_hosts or {}
        self._is_reachable = is_reachable

    def texts(self, name: str) -> tuple[str, ...]:
        return self._answer(self._texts, name)

    def mail_hosts(self, name: str) -> tuple[str, ...]:
        return self._answer(self._mail_hosts, name)

    def _answer(self, records: dict[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
        if not self._is_reachable:
            raise NotKnown(f"The DNS does not answer for {name}: Timeout.")
        return records.get(name, ())
