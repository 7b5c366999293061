"""Signing keys and tokens of local mode, where Tanfidh issues them itself (RFC 9068)."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from joserfc import jwt
from joserfc.jwk import OKPKey

TOKEN_TYPE = "at+jwt"
ALGORITHM = "Ed25519"
"""The name of RFC 9864; the older ``EdDSA`` is still read."""

LOCAL_ISSUER = "https://tanfidh.org/local"
AUDIENCE = "tanfidh"
LOCAL_CLIENT = "tanfidh-cli"
LIFETIME = timedelta(hours=8)


def new_signing_key() -> OKPKey:
    """Draw an Ed25519 key; its id is the thumbprint of its public part (RFC 7638)."""
    return OKPKey.generate_key("Ed25519", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


def issue_token(
    key: OKPKey,
    subject: str,
    role: str,
    department: str | None = None,
    ttl: timedelta = LIFETIME,
    *,
    now: datetime,
    on_behalf_of: str | None = None,
    mission: str | None = None,
    issuer: str = LOCAL_ISSUER,
    audience: str = AUDIENCE,
    client_id: str = LOCAL_CLIENT,
) -> str:
    """Sign an access token.

    Whoever acts for somebody else is named in ``act``, and the one who delegated in ``sub``, as
    RFC 8693 has it.
    """
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": audience,
        "sub": on_behalf_of or subject,
        "client_id": client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + ttl).timestamp()),
        "jti": str(uuid4()),
        "role": role,
    }
    if department is not None:
        claims["department"] = department
    if mission is not None:
        claims["mission"] = mission
    if on_behalf_of is not None:
        claims["act"] = {"sub": subject}
    header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": key.thumbprint()}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def write_signing_key(path: Path, key: OKPKey) -> None:
    """Keep a private key in a file that only its owner reads."""
    _replace(path, orjson.dumps(key.as_dict(private=True)), 0o600)


def read_signing_key(path: Path) -> OKPKey:
    """Read a private key that `write_signing_key` kept."""
    return OKPKey.import_key(orjson.loads(path.read_bytes()))


def write_jwks(path: Path, keys: Sequence[OKPKey]) -> None:
    """Publish the public parts of `keys`; readers see the old file or the new one, never half of it."""
    published = {"keys": [key.as_dict(private=False) for key in keys]}
    _replace(path, orjson.dumps(published, option=orjson.OPT_INDENT_2), 0o644)


def _replace(path: Path, content: bytes, mode: int) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
