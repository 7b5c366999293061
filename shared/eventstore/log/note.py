"""Signed notes and checkpoints, as the C2SP specifications signed-note and tlog-checkpoint say."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = b"\x01"
"""The type of a key that signs the text as it is; other types are other signatures."""

MOST_SIGNATURES = 64
"""Signature lines that a note may have; the specification asks for at least 16."""

_DASH = "\u2014"


class UnverifiableNote(Exception):
    """A note is malformed, or carries no valid signature of the key asked for."""


def key_id(name: str, public: bytes, kind: bytes = ED25519) -> bytes:
    """The four bytes by which a signature line names its key, of the type `kind`."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def raw_public(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public key that belongs to a private one."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def verifier_key_of(name: str, public: bytes, kind: bytes = ED25519) -> str:
    """Write a public key as signed-note has it: ``name+id+key``."""
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise ValueError(f"{name!r} cannot name a key: it is empty or holds a space or a plus sign")
    return f"{name}+{key_id(name, public, kind).hex()}+{base64.b64encode(kind + public).decode()}"


def read_verifier_key(verifier_key: str, kind: bytes = ED25519) -> tuple[str, bytes]:
    """Return the name and the public bytes of a verifier key of a type; raise `UnverifiableNote`."""
    try:
        name, id_hex, encoded = verifier_key.split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        Ed25519PublicKey.from_public_bytes(raw[1:])
        id = bytes.fromhex(id_hex)
    except ValueError as error:
        raise UnverifiableNote(f"{verifier_key!r} is not a verifier key") from error
    if raw[:1] != kind or id != key_id(name, raw[1:], kind):
        raise UnverifiableNote(f"the verifier key of {name} contradicts itself")
    return name, raw[1:]


def signature_line(name: str, id: bytes, signature: bytes) -> str:
    """Write one signature as a line of a note."""
    return f"{_DASH} {name} {base64.b64encode(id + signature).decode()}\n"


def take_apart(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return a note's text, and name and bytes of each signature; raise `UnverifiableNote`.

    The bytes are four that name the key, and the signature. Nothing is verified.
    """
    if any(letter < " " and letter != "\n" for letter in note):
        raise UnverifiableNote("not a signed note: it holds a control character")
    text, found, signatures = note.rpartition("\n\n")
    if not found or not signatures.endswith("\n"):
        raise UnverifiableNote("not a signed note: no blank line before the signatures")
    lines = signatures[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise UnverifiableNote(f"a note of {len(lines)} signatures; at most {MOST_SIGNATURES} are read")
    return text + "\n", [_read_line(line) for line in lines]


def _read_line(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH or not parts[1] or "+" in parts[1]:
        raise UnverifiableNote(f"not a signature line: {line!r}")
    try:
        raw = base64.b64decode(parts[2], validate=True)
    except ValueError as error:
        raise UnverifiableNote("a signature is not base64") from error
    if len(raw) < 5:
        raise UnverifiableNote("a signature is too short")
    return parts[1], raw


class Signer:
    """Signs notes under one name with one Ed25519 key."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        public = raw_public(key)
        self.verifier_key = verifier_key_of(name, public)
        self.name = name
        self._key = key
        self._id = key_id(name, public)

    def sign(self, text: str) -> str:
        """Append a signature line to a text, which must end with a newline."""
        if not text.endswith("\n"):
            raise ValueError("a note's text ends with a newline")
        return f"{text}\n{signature_line(self.name, self._id, self._key.sign(text.encode()))}"


class Verifier:
    """Verifies notes against one verifier key, ``name+id+key``; what others signed besides is ignored."""

    def __init__(self, verifier_key: str) -> None:
        self.name, self.public = read_verifier_key(verifier_key)
        self._id = key_id(self.name, self.public)
        self._key = Ed25519PublicKey.from_public_bytes(self.public)

    def open(self, note: str) -> str:
        """Return the text of a note that this key signed; raise `UnverifiableNote` otherwise.

        Every signature under the name and id of the key must be valid.
        """
        text, signatures = take_apart(note)
        own = [raw[4:] for name, raw in signatures if name == self.name and raw[:4] == self._id]
        if not own:
            raise UnverifiableNote(f"no signature by the key of {self.name}")
        for signature in own:
            try:
                self._key.verify(signature, text.encode())
            except InvalidSignature as error:
                raise UnverifiableNote(f"the signature of {self.name} does not fit the text") from error
        return text


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
