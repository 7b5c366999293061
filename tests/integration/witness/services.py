"""What a service under test is given: keys of its own and a token for its reader."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from shared.service import ServiceSettings
from tests.sample import KEY


def settings_of(
    database_url: str, nats_url: str, folder: Path, key: Ed25519PrivateKey = KEY, name: str = "sample"
) -> ServiceSettings:
    """Settings of a service whose checkpoints are signed with `key`; tokens are those of `a_token`."""
    (folder / f"{name}.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return ServiceSettings(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=folder / f"{name}.pem",
        jwks=Secrets(folder).jwks(),
    )


def a_token(folder: Path) -> str:
    return local_token(Secrets(folder), "auditor", "auditor-1")
