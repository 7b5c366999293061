"""What the claims of a verified token say about its bearer (RFC 9068, 2.2; RFC 8693, 4.1)."""

import math
from collections.abc import Mapping
from typing import Any

from shared.contracts.text import Text
from shared.domain.actor import Actor
from shared.domain.permission import ROLES
from shared.web.pseudonyms import DEPARTMENT, PSEUDONYM, is_department, is_pseudonym
from shared.web.refusals import Unauthenticated

SKEW_S = 60
"""How far another machine's clock may run ahead of ours."""

BEARERS = frozenset(role for role in ROLES if ":" not in role)
"""The roles that a token may carry."""


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
    issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
    begins = issued if claims.get("nbf") is None else _moment(claims, "nbf")
    if not now < expires:
        raise refused("The token has expired.", "انتهت صلاحية الرمز.")
    if max(issued, begins) > now + SKEW_S:
        raise refused("The token is not valid yet.", "لم تبدأ صلاحية الرمز بعد.")
    return expires


def _moment(claims: Mapping[str, Any], name: str) -> float:
    """Read a NumericDate (RFC 7519, 2); JSON readers also let numbers pass that no moment has."""
    value = claims.get(name)
    try:
        moment = math.nan if isinstance(value, bool) or not isinstance(value, int | float) else float(value)
    except OverflowError:
        moment = math.inf
    if not math.isfinite(moment):
        raise refused(f"The token lacks a valid {name}.", f"ينقص الرمز حقل صحيح {name}.")
    return moment


def _actor(claims: Mapping[str, Any]) -> Actor:
    subject, for_whom = _subject(claims.get("sub"), "sub"), None
    acting = claims.get("act")
    if acting is not None:
        subject, for_whom = _stand_in(acting), subject
    role, department = claims.get("role"), claims.get("department")
    if not isinstance(role, str) or role not in BEARERS:
        raise refused("The token names no role that exists here.", "لا يذكر الرمز دورًا معروفًا هنا.")
    if department is not None and not is_department(department):
        raise refused(
            f"The token names no valid department; its key is {DEPARTMENT}.",
            "لا يذكر الرمز إدارة صحيحة؛ مفتاحها من 1 إلى 64 من A-Z a-z 0-9 _ -.",
        )
    if role == "department" and department is None:
        raise refused("The token names no department.", "لا يذكر الرمز الإدارة.")
    mission = claims.get("mission")
    if mission is not None and not is_department(mission):
        raise refused(
            f"The token names no valid mission; its id is {DEPARTMENT}.",
            "لا يذكر الرمز بعثة صحيحة؛ معرّفها من 1 إلى 64 من A-Z a-z 0-9 _ -.",
        )
    return Actor(subject=subject, role=role, department=department, mission=mission, on_behalf_of=for_whom)


def _stand_in(acting: object) -> str:
    """Read who really acts. Only one level is understood, so a chain is not cut short in silence."""
    if not isinstance(acting, dict):
        raise refused("The token's act is not an object.", "الحقل act في الرمز ليس كائنًا.")
    if acting.get("act") is not None:
        raise refused(
            "The token's act holds another act; only one level of standing in is understood here.",
            "يحتوي الحقل act في الرمز على act آخر؛ لا تُفهم هنا إلا درجة واحدة من الإنابة.",
        )
    return _subject(acting.get("sub"), "act.sub")


def _subject(value: object, name: str) -> str:
    """Read a subject; it is published with every event, so what could be a person's data is refused."""
    if not isinstance(value, str) or not value:
        raise refused(f"The token lacks {name}.", f"ينقص الرمز الحقل {name}.")
    if not is_pseudonym(value):
        raise refused(
            f"The token's {name} is not a pseudonym. It is published with every event, so it must be "
            f"{PSEUDONYM} and no name or address; have the issuer put a pseudonym there.",
            f"الحقل {name} في الرمز ليس اسمًا مستعارًا. يُنشر مع كل حدث، فيجب أن يكون من 1 إلى 64 من "
            "A-Z a-z 0-9 : _ - لا اسمًا ولا عنوانًا؛ اطلب من مُصدر الرمز وضع اسم مستعار فيه.",
        )
    return value
