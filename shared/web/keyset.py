"""The public keys that tokens may be signed with, from a JWKS file that may change at any time."""

from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import orjson
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

LOOK_EVERY_S = 1.0
"""How often the file is looked at, at most."""

SigningKey = OKPKey | ECKey
Stamp = tuple[int, int, int]

log = structlog.get_logger("web")


class KeyFile:
    """Keys by id. Only Ed25519 and P-256 keys are taken, so no other algorithm can ever verify.

    A file that is missing or broken keeps the keys that were read before, and says so in the log.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._looked = -LOOK_EVERY_S
        self._stamp: Stamp | None = None
        self.keys: Mapping[str, SigningKey] = {}

    def changed(self) -> bool:
        """Look at the file, once a second at most; tell whether there are other keys now."""
        if monotonic() - self._looked < LOOK_EVERY_S:
            return False
        self._looked = monotonic()
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp == self._stamp:
                return False
            self._stamp = stamp
            self.keys = read_keys(self._path.read_bytes())
        except (OSError, ValueError, JoseError) as error:
            log.error("keys.unreadable", file=self._path.name, reason=str(error))
            return False
        return True


def read_keys(raw: bytes) -> dict[str, SigningKey]:
    """Read a JWKS; keys of other kinds are left out.

    Raises:
        ValueError: it is not a JWKS.
        JoseError: a key of a kind that counts is broken.
    """
    content = orjson.loads(raw)
    if not isinstance(content, dict) or not isinstance(content.get("keys"), list):
        raise ValueError("not a JWKS: an object with a list named keys")
    keys: dict[str, SigningKey] = {}
    for entry in content["keys"]:
        if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
            continue
        kind = (entry.get("kty"), entry.get("crv"))
        public = {name: value for name, value in entry.items() if name not in ("d", "key_ops")}
        key: SigningKey
        if kind == ("OKP", "Ed25519"):
            key = OKPKey.import_key(public)
        elif kind == ("EC", "P-256"):
            key = ECKey.import_key(public)
        else:
            continue
        key.ensure_kid()
        keys[str(key.kid)] = key
    return keys
