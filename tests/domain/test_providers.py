"""Who runs the mailbox behind an address."""

import pytest

from chalicelib.domain.providers import provider_of


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("a@gmail.com", "gmail"),
        ("a@hotmail.co.uk", "microsoft"),
        ("a@docomo.ne.jp", "docomo"),
        ("a@yahoo.co.jp", "yahoo-japan"),
        ("a@yahoo.com", "yahoo"),
        ("a@mail.gmail.com", "other"),
        ("a@example.com", "other"),
    ],
)
def test_large_providers_are_known_by_their_domains(address: str, provider: str) -> None:
    assert provider_of(address) == provider
