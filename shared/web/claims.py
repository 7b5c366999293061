"""What the claims of a verified token say about its bearer (RFC 9068, 2.2; RFC 8693, 4.1)."""

import re
from collections.abc import Mapping
from typing import Any

from shared.contracts.identity import TOKEN_PATTERN
from shared.contracts.text import Text
from shared.domain.actor import Actor
from shared.domain.permission import ROLES
from shared.web.refusals import Unauthenticated

SKEW_S = 60
"""How far another machine's clock may run ahead of ours."""

BEARERS = frozenset(role for role in ROLES if ":" not in role)
"""The roles that a token may carry."""

_SUBJECT = re.compile(r"[^\x00-\x20\x7f]{1,200}")
_DEPARTMENT = re.compile(TOKEN_PATTERN)


def unauthenticated(reason: Text, tried: bool = True) -> Unauthenticated:
    """Refuse with the challenge that RFC 6750 asks for; without a token it names no error."""
    challenge = 'Bearer realm="tanfidh"'
    if tried:
        challenge += f', error="invalid_token", error_description="{reason.in_language("en")}"'
    return Unauthenticated(headers={"WWW-Authenticate": challenge}, reason=reason)


def refused(en: str, ar: str) -> Unauthenticated:
    """Refuse a token with a valid signature for what it says."""
    return unauthenticated(Text(en=en, ar=ar))


def actor_of(claims: Mapping[str, Any], issuer: str, audience: str, now: float) -> tuple[Actor, float]:
    """Return the actor and when the token expires (seconds of the epoch); refuse as unauthenticated."""
    expires = _check_validity(claims, now)
    if claims.get("iss") != issuer:
        raise refused("The token is from another issuer.", "الرمز صادر عن جهة أخرى.")
    meant = claims.get("aud")
    if audience not in (meant if isinstance(meant, list) else [meant]):
        raise refused("The token is meant for another audience.", "الرمز موجّه إلى جهة أخرى.")
    for name in ("client_id", "jti"):
        if not isinstance(claims.get(name), str):
            raise refused(f"The token lacks {name}.", f"ينقص الرمز الحقل {name}.")
    return _actor(claims), expires


def _check_validity(claims: Mapping[str, Any], now: float) -> float:
    times = {name: claims.get(name) for name in ("exp", "iat", "nbf")}
    for name, value in times.items():
        required = name != "nbf" or value is not None
        if required and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise refused(f"The token lacks a valid {name}.", f"ينقص الرمز حقل صحيح {name}.")
    expires = float(claims["exp"])
    if not now < expires:
        raise refused("The token has expired.", "انتهت صلاحية الرمز.")
    if max(claims["iat"], claims.get("nbf", claims["iat"])) > now + SKEW_S:
        raise refused("The token is not valid yet.", "لم تبدأ صلاحية الرمز بعد.")
    return expires


def _actor(claims: Mapping[str, Any]) -> Actor:
    subject = claims.get("sub")
    acting = claims.get("act")
    for_whom = None
    if acting is not None:
        for_whom = subject
        subject = acting.get("sub") if isinstance(acting, dict) else None
    for name in (subject, for_whom if acting is not None else subject):
        if not isinstance(name, str) or _SUBJECT.fullmatch(name) is None:
            raise refused("The token names no valid subject.", "لا يذكر الرمز صاحبًا صحيحًا.")
    role, department = claims.get("role"), claims.get("department")
    if not isinstance(role, str) or role not in BEARERS:
        raise refused("The token names no role that exists here.", "لا يذكر الرمز دورًا معروفًا هنا.")
    if department is not None and (not isinstance(department, str) or not _DEPARTMENT.fullmatch(department)):
        raise refused("The token names no valid department.", "لا يذكر الرمز إدارة صحيحة.")
    if role == "department" and department is None:
        raise refused("The token names no department.", "لا يذكر الرمز الإدارة.")
    return Actor(subject=str(subject), role=role, department=department, on_behalf_of=for_whom)
