"""What a person's key does: it seals and opens texts, and digests what must not be guessed.

AES-256-GCM (NIST SP 800-38D). The nonce follows, by HMAC-SHA256 under a key of its own, from everything that
is sealed and bound. So a decision may run again and gives the same token; two different texts share a nonce
with a chance of 2^-96, and no state or source of randomness has to be right.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.contracts.sealed import FORMAT, Origin, Token

SECRET_BYTES = 32
NONCE_BYTES = 12
BLOCK = 64
"""Texts are filled up to a multiple of so many bytes: the length of a name tells little then."""


class SealBroken(Exception):
    """A token was changed, or it stands where it was not sealed, or under another key."""


class PersonKey:
    """The key of one person. `id` and `owner` (the person's stream) are no secrets; `secret` is."""

    def __init__(self, id: str, owner: str, secret: bytes) -> None:
        self.id = id
        self.owner = owner
        self.secret = secret
        self._cipher = AESGCM(_derived(secret, b"cipher"))
        self._nonces = _derived(secret, b"nonce")

    def __repr__(self) -> str:
        return f"PersonKey({self.id!r}, {self.owner!r})"

    def seal(self, stream: str, version: int, field: str, text: str) -> str:
        """Encrypt a field of the event that gets this place; return the token as it is written."""
        head = Token(self.id, Origin(stream, version, field), "").head.encode()
        filled = _filled(text.encode())
        nonce = hmac.new(self._nonces, b"%d %b%b" % (len(head), head, filled), sha256).digest()[:NONCE_BYTES]
        content = nonce + self._cipher.encrypt(nonce, filled, head)
        return f"{head.decode()}:{urlsafe_b64encode(content).rstrip(b'=').decode()}"

    def open(self, token: Token, stream: str, version: int) -> str:
        """Decrypt a token that was found at an event. Raises SealBroken."""
        at = token.origin
        if (at.stream, at.version) != (stream, version):
            raise SealBroken(f"what {stream} holds at version {version} was sealed elsewhere")
        try:
            content = urlsafe_b64decode(token.content + "=" * (-len(token.content) % 4))
            filled = self._cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], token.head.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"{at.field} of {stream} at version {version} does not open") from error
        return filled[: int.from_bytes(filled[:4], "big") + 4][4:].decode()

    def digest(self, said: bytes) -> bytes:
        """Digest a request that holds personal data: 32 bytes, which nobody can guess at without the key."""
        return hmac.new(_derived(self.secret, b"digest"), said, sha256).digest()


def _filled(text: bytes) -> bytes:
    length = len(text).to_bytes(4, "big")
    return length + text + bytes(-(len(text) + 4) % BLOCK)


def _derived(secret: bytes, purpose: bytes) -> bytes:
    info = b"tanfidh person key %d %b" % (FORMAT, purpose)
    return HKDF(SHA256(), SECRET_BYTES, salt=None, info=info).derive(secret)
