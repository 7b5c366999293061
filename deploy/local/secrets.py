"""What is drawn at the first start: passwords and keys, each in a file that only we can read."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import OKPKey

from shared.web.signing import new_signing_key, read_signing_key, write_jwks, write_signing_key


class Secrets:
    """The folder ``keys`` of a data folder. Everything in it is made once and then only read."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "keys"

    def password(self, name: str) -> str:
        """Return the password of an engine."""
        return self._made_once(f"{name}-password", lambda: secrets.token_urlsafe(24)).read_text().strip()

    def signing_key(self, service: str) -> Path:
        """Return the PEM file with the Ed25519 key that signs a service's checkpoints."""
        return self._made_once(f"{service}-log.pem", _private_pem)

    def random_key(self, name: str) -> Path:
        """Return a file with 32 random bytes, written as text."""
        return self._made_once(name.replace("_", "-"), lambda: secrets.token_urlsafe(32))

    def folder_beside(self, name: str) -> Path:
        """Return the place of a folder in the data folder, which whoever uses it makes."""
        return self.folder.parent / name.replace("_", "-")

    def token_key(self) -> OKPKey:
        """Return the private key that signs tokens."""
        file = self._folder() / "tokens.json"
        if not file.exists():
            write_signing_key(file, new_signing_key())
        return read_signing_key(file)

    def jwks(self) -> Path:
        """Return the JSON Web Key Set that verifies tokens; it holds nothing secret."""
        file = self._folder() / "jwks.json"
        if not file.exists():
            write_jwks(file, [self.token_key()])
        return file

    def _folder(self) -> Path:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        return self.folder

    def _made_once(self, name: str, draw: Callable[[], str]) -> Path:
        """Return the file, complete or not at all: it is written beside its place and then moved there."""
        file = self._folder() / name
        if not file.exists():
            unfinished = self.folder / f"{name}.{os.getpid()}"
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
                output.write(draw())
                output.flush()
                os.fsync(output.fileno())
            unfinished.rename(file)
        return file


def _private_pem() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
