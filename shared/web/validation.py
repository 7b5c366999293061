"""What is wrong with a request's values, said value by value in both languages."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from shared.contracts.text import Text
from shared.domain.wrong_values import told_wrong
from shared.web.refusals import MalformedJson, ValidationFailed, WebRefusal

PLACES = ("body", "query", "path", "header", "cookie")
MOST = 50
"""Errors listed in one answer; the count tells how many there are."""

_PLACE = re.compile(r" at line (\d+) column (\d+)$")
"""Where pydantic found that a text is no JSON; why it says in English only."""


def pointer(path: Iterable[object]) -> str:
    """Write a path into JSON as a pointer (RFC 6901); the whole document is the empty pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def refusal_of(errors: Iterable[Mapping[str, Any]]) -> WebRefusal:
    """Refuse because of pydantic's errors, whose places begin with body, query, path or header."""
    errors = _true(list(errors))
    for error in errors:
        if error["type"] == "json_invalid":
            return MalformedJson(reason=_unreadable(str(error.get("ctx", {}).get("error", error["msg"]))))
    return ValidationFailed(count=len(errors), errors=[_told(error) for error in errors[:MOST]])


def _true(errors: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Leave out that a list is too short where it is not: pydantic counts only the items that are right."""
    places = [tuple(error["loc"]) for error in errors]

    def is_true(error: Mapping[str, Any], place: tuple[object, ...]) -> bool:
        if error["type"] != "too_short":
            return True
        size = len(place)
        wrong = {other[size] for other in places if len(other) > size and other[:size] == place}
        return bool(error["ctx"]["actual_length"] + len(wrong) < error["ctx"]["min_length"])

    return [error for error, place in zip(errors, places, strict=True) if is_true(error, place)]


def nul_in(value: Any) -> tuple[object, ...] | None:
    """Find a text that holds NUL, which PostgreSQL cannot keep: the path to it, or None."""
    if isinstance(value, str):
        return () if "\0" in value else None
    steps: Iterable[tuple[object, Any]] = ()
    if isinstance(value, dict):
        if any("\0" in name for name in value):
            return ()
        steps = value.items()
    elif isinstance(value, list):
        steps = enumerate(value)
    for step, inner in steps:
        path = nul_in(inner)
        if path is not None:
            return (step, *path)
    return None


def _told(error: Mapping[str, Any]) -> dict[str, Any]:
    place, path = _split(error["loc"])
    return {
        "in": place,
        "pointer": pointer(path),
        "code": error["type"],
        "what": told_wrong(error),
    }


def _unreadable(reason: str) -> Text:
    place = _PLACE.search(reason)
    if place is None:
        return Text(en=reason, ar="نص غير مكتمل أو بترميز غير صحيح")
    return Text(en=reason, ar=f"خطأ في السطر {place[1]} عند المحرف {place[2]}")


def _split(loc: Iterable[object]) -> tuple[str, tuple[object, ...]]:
    steps = tuple(loc)
    if steps and steps[0] in PLACES:
        return str(steps[0]), steps[1:]
    return "body", steps
