"""The secrets of webhooks: each follows from the master key, so that none is ever stored."""

import hmac
from base64 import b64encode
from hashlib import sha256

PREFIX = "whsec_"


class MasterKey:
    """Derives the secret of a subscription by HMAC-SHA256 over its owner, its id and the secret's number."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def secret(self, owner: str, subscription: str, number: int) -> str:
        """Return a secret in the form of Standard Webhooks: ``whsec_`` and 32 bytes in base64."""
        said = f"tanfidh webhook secret 1\n{owner}\n{subscription}\n{number}".encode()
        return PREFIX + b64encode(hmac.new(self._key, said, sha256).digest()).decode()
