"""The key that signs a service's checkpoints, read from its file."""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key


class KeyUnusable(Exception):
    """The file is missing, unreadable, or does not hold such a key as is needed."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"The key {file} cannot be used: {reason}.")


def read_signing_key(file: Path) -> Ed25519PrivateKey:
    """Read an Ed25519 private key from a PEM file (PKCS #8). Raises KeyUnusable."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise KeyUnusable(file, error.strerror or "it cannot be read") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnusable(file, "it is not an unencrypted private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(file, "it is not an Ed25519 key")
    return key
