"""Signed notes and checkpoints, as the C2SP specifications signed-note and tlog-checkpoint say."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ED25519 = b"\x01"
_DASH = "\u2014"


class UnverifiableNote(Exception):
    """A note is malformed, or carries no valid signature of the key asked for."""


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature line names its Ed25519 key."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


class Signer:
    """Signs notes under one name with one Ed25519 key."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        if not name or "+" in name or any(letter.isspace() for letter in name):
            raise ValueError(f"{name!r} cannot name a key: it is empty or holds a space or a plus sign")
        self.name = name
        self._key = key
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._id = key_id(name, public)
        self.verifier_key = f"{name}+{self._id.hex()}+{base64.b64encode(_ED25519 + public).decode()}"

    def sign(self, text: str) -> str:
        """Append a signature line to a text, which must end with a newline."""
        if not text.endswith("\n"):
            raise ValueError("a note's text ends with a newline")
        signature = base64.b64encode(self._id + self._key.sign(text.encode())).decode()
        return f"{text}\n{_DASH} {self.name} {signature}\n"


class Verifier:
    """Verifies notes against one verifier key, ``name+id+key``."""

    def __init__(self, verifier_key: str) -> None:
        try:
            self.name, id_hex, encoded = verifier_key.split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
            self._id = bytes.fromhex(id_hex)
            self._key = Ed25519PublicKey.from_public_bytes(raw[1:])
        except ValueError as error:
            raise UnverifiableNote(f"{verifier_key!r} is not a verifier key") from error
        if raw[:1] != _ED25519 or self._id != key_id(self.name, raw[1:]):
            raise UnverifiableNote(f"the verifier key of {self.name} contradicts itself")

    def open(self, note: str) -> str:
        """Return the text of a note that this key signed; raise `UnverifiableNote` otherwise."""
        text, found, signatures = note.rpartition("\n\n")
        if not found or not signatures.endswith("\n"):
            raise UnverifiableNote("not a signed note: no blank line before the signatures")
        text += "\n"
        for line in signatures.splitlines():
            parts = line.split(" ")
            if len(parts) != 3 or parts[0] != _DASH:
                raise UnverifiableNote(f"not a signature line: {line!r}")
            if parts[1] == self.name and self._signed(text, parts[2]):
                return text
        raise UnverifiableNote(f"no signature by the key of {self.name}")

    def _signed(self, text: str, encoded: str) -> bool:
        try:
            raw = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise UnverifiableNote("a signature is not base64") from error
        if raw[:4] != self._id:
            return False
        try:
            self._key.verify(raw[4:], text.encode())
        except InvalidSignature as error:
            raise UnverifiableNote(f"the signature of {self.name} does not fit the text") from error
        return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's statement of its size and root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text: origin, size in decimal, root in base64, a line each."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text; lines after the third are extensions and are ignored."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0]:
            raise UnverifiableNote("not a checkpoint: origin, size and root are missing")
        size = lines[1]
        if not (size.isascii() and size.isdigit()) or (size != "0" and size.startswith("0")):
            raise UnverifiableNote(f"not a checkpoint: {size!r} is no size")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except ValueError as error:
            raise UnverifiableNote("not a checkpoint: the root is not base64") from error
        if len(root) != 32:
            raise UnverifiableNote("not a checkpoint: the root is not a SHA-256 hash")
        return cls(lines[0], int(size), root)


def origin_of(service: str, log_id: str) -> str:
    """The name of a service's log in its checkpoints, and of the key that signs them."""
    return f"tanfidh/{service}/{log_id}"
