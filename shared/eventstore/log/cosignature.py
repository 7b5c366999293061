"""Cosignatures: a witness signs another's checkpoint, with the time (C2SP tlog-cosignature, version 1)."""

import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.eventstore.log.note import (
    UnverifiableNote,
    key_id,
    raw_public,
    read_verifier_key,
    signature_line,
    take_apart,
    verifier_key_of,
)

COSIGNATURE = b"\x04"
"""The type of a key that makes timestamped Ed25519 cosignatures."""

_TIME = struct.Struct(">Q")
_LAST_TIME = 2**63 - 1


def witness_name(service: str) -> str:
    """The name under which a service cosigns; it is no log's name."""
    return f"tanfidh/{service}/witness"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """What a cosignature was found to say."""

    text: str
    time: int
    """When it was made, in seconds since 1970."""


class Cosigner:
    """Cosigns checkpoints under one name.

    The key may be one that signs a log's own notes: what is signed here begins with a line of its own, with
    which no checkpoint of ours begins.
    """

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        public = raw_public(key)
        self.name = name
        self.verifier_key = verifier_key_of(name, public, COSIGNATURE)
        self._key = key
        self._id = key_id(name, public, COSIGNATURE)

    def cosign(self, note: str, time: int) -> str:
        """Append a cosignature to a signed checkpoint.

        Args:
            note: the checkpoint with its log's signature, which the caller has verified.
            time: seconds since 1970.

        Raises:
            UnverifiableNote: it is no signed note at all.
        """
        text, _ = take_apart(note)
        signature = self._key.sign(_message(text, time))
        return note + signature_line(self.name, self._id, _TIME.pack(time) + signature)


class CosignatureVerifier:
    """Verifies the cosignatures of one witness, by its verifier key of type 4."""

    def __init__(self, verifier_key: str) -> None:
        self.name, public = read_verifier_key(verifier_key, COSIGNATURE)
        self._id = key_id(self.name, public, COSIGNATURE)
        self._key = Ed25519PublicKey.from_public_bytes(public)

    def open(self, note: str) -> Cosigned:
        """Return text and time of a note that this witness cosigned; raise `UnverifiableNote` otherwise."""
        text, signatures = take_apart(note)
        for name, raw in signatures:
            if name == self.name and raw[:4] == self._id:
                return Cosigned(text, self._verified(text, raw[4:]))
        raise UnverifiableNote(f"no cosignature by {self.name}")

    def _verified(self, text: str, raw: bytes) -> int:
        time = _TIME.unpack(raw[:8])[0] if len(raw) == 72 else _LAST_TIME + 1
        if time > _LAST_TIME:
            raise UnverifiableNote(f"the cosignature of {self.name} is none: it has no valid time")
        try:
            self._key.verify(raw[8:], _message(text, time))
        except InvalidSignature as error:
            raise UnverifiableNote(f"the cosignature of {self.name} does not fit the text") from error
        return int(time)


def _message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
