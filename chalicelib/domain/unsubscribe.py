"""The way out of a mailing: a link that is one address's and one mail's, and says nothing to who reads it.

A link stands in mails that are forwarded, in logs and in browsers' histories, so the address in its token is sealed:

    plain    the address, a line break, the mail's id, and zeros up to a multiple of PAD bytes
    seal     HMAC-SHA256 of plain, 16 bytes of it
    sealed   seal, and plain XOR a stream of HMAC-SHA256 of the seal and a counter
    token    sealed in base64url, signed by itsdangerous (HMAC-SHA256)

The seal makes the stream another for every other text (a synthetic initialization vector, as RFC 5297 has it), and the
same for the same: a mail that is sent again carries the same link. Three keys are made of the stage's one.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import SigningAlgorithm

from chalicelib.errors import LinkInvalid

PAD = 32
_SEAL = 16
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Whom a link lets out, and of which mail it was a part."""

    email: str
    mail_id: str


class UnsubscribeLinks:
    """Makes and reads the links of a stage."""

    def __init__(self, key: str, pages_url: str = "") -> None:
        """`pages_url` is where the stage's pages are, with a slash at the end; reading a token needs none."""
        self._pages_url = pages_url
        self._sealing, self._hiding = (_derived(key, use) for use in ("seal", "stream"))
        derived = Signer(key, salt="hato unsubscribe link", key_derivation="hmac", digest_method=hashlib.sha256)
        # The same signatures, without deriving the key for each of them anew.
        self._signer = Signer(derived.derive_key(), key_derivation="none", algorithm=_Sha256())

    def link(self, email: str, mail_id: str) -> str:
        """The address of the page that lets this address out."""
        return f"{self._pages_url}unsubscribe/{self.token(email, mail_id)}"

    def token(self, email: str, mail_id: str) -> str:
        """What the link ends with: the same for the same address and mail, for ever."""
        plain = f"{email}\n{mail_id}".encode()
        plain += bytes(-len(plain) % PAD)
        seal = self._seal(plain)
        return self._signer.sign(base64.urlsafe_b64encode(seal + self._hidden(seal, plain)).rstrip(b"=")).decode()

    def read(self, token: str) -> Unsubscription:
        """Whom the token lets out. Raises LinkInvalid for every text that is no token of this stage."""
        try:
            sealed = self._signer.unsign(token.encode())
            content = base64.urlsafe_b64decode(sealed + b"=" * (-len(sealed) % 4))
            seal, plain = content[:_SEAL], self._hidden(content[:_SEAL], content[_SEAL:])
            email, _, mail_id = plain.rstrip(b"\0").decode().partition("\n")
        except (BadSignature, binascii.Error, ValueError):
            raise LinkInvalid("This link is not valid.") from None
        if not hmac.compare_digest(seal, self._seal(plain)):
            raise LinkInvalid("This link is not valid.")
        return Unsubscription(email, mail_id)

    def _seal(self, plain: bytes) -> bytes:
        return hmac.digest(self._sealing, plain, "sha256")[:_SEAL]

    def _hidden(self, seal: bytes, text: bytes) -> bytes:
        """The text XOR the seal's stream: hidden where it was plain, plain where it was hidden."""
        blocks = range(-(-len(text) // _BLOCK))
        stream = b"".join(hmac.digest(self._hiding, seal + block.to_bytes(4, "big"), "sha256") for block in blocks)
        return (int.from_bytes(text, "big") ^ int.from_bytes(stream[: len(text)], "big")).to_bytes(len(text), "big")


class _Sha256(SigningAlgorithm):
    """HMAC-SHA256 by OpenSSL in one go."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")


def _derived(key: str, use: str) -> bytes:
    return hmac.digest(key.encode(), f"hato unsubscribe {use}".encode(), "sha256")
