"""Who sends a request: a bearer token (RFC 6750) that is a signed access token (RFC 9068)."""

import warnings
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

from shared.contracts.text import Text
from shared.domain.actor import Actor
from shared.domain.clock import Clock
from shared.web.claims import actor_of, unauthenticated
from shared.web.keyset import KeyFile, SigningKey
from shared.web.signing import TOKEN_TYPE

MOST_KNOWN = 4_096
"""Verified tokens kept; the oldest makes room."""

LONGEST = 8_000
"""Characters of a token."""

NO_TOKEN = Text(
    en="Send a bearer token in Authorization.", ar="أرسل رمز دخول Bearer في ترويسة Authorization."
)
NOT_A_TOKEN = Text(en="The bearer token is not a signed JWT.", ar="رمز الدخول ليس JWT موقّعًا.")
WRONG_TYPE = Text(
    en="The token is not an access token (typ at+jwt).", ar="الرمز ليس رمز دخول (`typ` = `at+jwt`)."
)
FOREIGN_KEY = Text(
    en="The token is signed with a key that is not trusted here.", ar="الرمز موقّع بمفتاح غير موثوق هنا."
)
BAD_SIGNATURE = Text(en="The token's signature is wrong.", ar="توقيع الرمز غير صحيح.")


class Identity:
    """Verifies bearer tokens, and remembers those it has verified until they expire or the keys change.

    Args:
        jwks: the file with the public keys; read anew when it changes.
        issuer: the only issuer whose tokens count.
        audience: what the tokens must be meant for.
        clock: tells when a token has expired.
    """

    def __init__(self, jwks: Path, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = KeyFile(jwks)
        self._issuer, self._audience = issuer, audience
        self._clock = clock
        self._known: dict[bytes, tuple[Actor, float]] = {}

    def authenticate(self, authorization: str | None) -> Actor:
        """Return the actor that the Authorization header proves; refuse (401) with the reason."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthenticated(NO_TOKEN, tried=bool(authorization))
        if self._keys.changed():
            self._known.clear()
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        now = self._clock().timestamp()
        known = self._known.get(digest)
        if known is not None and now < known[1]:
            return known[0]
        self._known.pop(digest, None)
        claims = self._verified(token.strip())
        actor, expires = actor_of(claims, self._issuer, self._audience, now)
        if len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[digest] = (actor, expires)
        return actor

    def _verified(self, token: str) -> Mapping[str, Any]:
        header = _unverified_header(token)
        if str(header.get("typ", "")).lower().removeprefix("application/") != TOKEN_TYPE:
            raise unauthenticated(WRONG_TYPE)
        key = self._key(header.get("kid"))
        algorithms = ["Ed25519", "EdDSA"] if isinstance(key, OKPKey) else ["ES256"]
        try:
            with warnings.catch_warnings():
                # Issuers may still write the older name of the algorithm; the key decides what it means.
                warnings.simplefilter("ignore", SecurityWarning)
                return jwt.decode(token, key, algorithms=algorithms).claims
        except (JoseError, ValueError) as error:
            raise unauthenticated(BAD_SIGNATURE) from error

    def _key(self, kid: object) -> SigningKey:
        keys = self._keys.keys
        if kid is None and len(keys) == 1:
            return next(iter(keys.values()))
        key = keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise unauthenticated(FOREIGN_KEY)
        return key


def _unverified_header(token: str) -> dict[str, Any]:
    first, dot, rest = token.partition(".")
    if not dot or rest.count(".") != 1 or len(token) > LONGEST or not token.isascii():
        raise unauthenticated(NOT_A_TOKEN)
    try:
        header = orjson.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except ValueError as error:
        raise unauthenticated(NOT_A_TOKEN) from error
    if not isinstance(header, dict):
        raise unauthenticated(NOT_A_TOKEN)
    return header
