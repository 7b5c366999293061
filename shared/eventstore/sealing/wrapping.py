"""Keys of persons under the master key, as they lie in their files."""

from base64 import b64decode, b64encode
from hashlib import sha256
from hmac import compare_digest, new
from secrets import token_bytes

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.eventstore.sealing.cipher import NONCE_BYTES, SECRET_BYTES, PersonKey

FORMAT = 1
LEAST_BYTES = 32


class VaultUnusable(Exception):
    """The folder of keys, a file in it or the master key is not what it should be."""


class Master:
    """The master key: 32 bytes or characters at least, from a file that lies elsewhere than the keys."""

    def __init__(self, key: bytes) -> None:
        if len(key) < LEAST_BYTES:
            raise VaultUnusable(
                f"the master key of persons' keys has {len(key)} bytes; it must have {LEAST_BYTES} at least"
            )
        self._cipher = AESGCM(HKDF(SHA256(), 32, salt=None, info=b"tanfidh person keys 1").derive(key))
        self.mark = new(key, b"tanfidh person keys 1 mark", sha256).hexdigest()[:32]
        """Tells this master key from another and nothing more."""

    def wrap(self, key: PersonKey) -> bytes:
        """Render a key for its file."""
        nonce = token_bytes(NONCE_BYTES)
        wrapped = nonce + self._cipher.encrypt(nonce, key.secret, _bound(key.id, key.owner))
        told = {"format": FORMAT, "key": key.id, "owner": key.owner, "wrapped": b64encode(wrapped).decode()}
        return orjson.dumps(told)

    def unwrap(self, content: bytes, owner: str) -> PersonKey:
        """Read a key of `owner`. Raises VaultUnusable."""
        try:
            told = orjson.loads(content)
            if told["format"] != FORMAT or told["owner"] != owner:
                raise VaultUnusable(f"a file of keys of {owner} holds something else")
            wrapped = b64decode(told["wrapped"], validate=True)
            bound = _bound(told["key"], owner)
            secret = self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError, KeyError, TypeError) as error:
            raise VaultUnusable(
                f"a key of {owner} cannot be read: it is damaged, or of another master key"
            ) from error
        if len(secret) != SECRET_BYTES:
            raise VaultUnusable(f"a key of {owner} has a wrong length")
        return PersonKey(told["key"], owner, secret)

    def is_that_of(self, mark: str) -> bool:
        """Whether keys were wrapped by this master key."""
        return compare_digest(self.mark, mark)


def _bound(id: str, owner: str) -> bytes:
    return f"tanfidh person key {FORMAT}\n{id}\n{owner}".encode()
