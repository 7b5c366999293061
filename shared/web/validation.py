"""What is wrong with a request's values, said value by value in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.contracts.text import Text
from shared.web.refusals import MalformedJson, ValidationFailed, WebRefusal

PLACES = ("body", "query", "path", "header", "cookie")
MOST = 50
"""Errors listed in one answer; the count tells how many there are."""

ARABIC = {
    "missing": "هذا الحقل مطلوب",
    "extra_forbidden": "حقل غير معروف",
    "string_type": "يجب أن تكون القيمة نصًا",
    "string_too_short": "يجب ألا يقل النص عن {min_length} محرف",
    "string_too_long": "يجب ألا يزيد النص على {max_length} محرف",
    "string_pattern_mismatch": "يجب أن يطابق النص النمط {pattern}",
    "int_type": "يجب أن تكون القيمة عددًا صحيحًا",
    "int_parsing": "يجب أن تكون القيمة عددًا صحيحًا",
    "int_from_float": "يجب أن تكون القيمة عددًا صحيحًا بلا كسور",
    "float_type": "يجب أن تكون القيمة عددًا",
    "float_parsing": "يجب أن تكون القيمة عددًا",
    "bool_type": "يجب أن تكون القيمة true أو false",
    "bool_parsing": "يجب أن تكون القيمة true أو false",
    "greater_than": "يجب أن تكون القيمة أكبر من {gt}",
    "greater_than_equal": "يجب ألا تقل القيمة عن {ge}",
    "less_than": "يجب أن تكون القيمة أصغر من {lt}",
    "less_than_equal": "يجب ألا تزيد القيمة على {le}",
    "date_type": "يجب أن تكون القيمة تاريخًا صحيحًا",
    "date_parsing": "يجب أن تكون القيمة تاريخًا بصيغة YYYY-MM-DD",
    "date_from_datetime_parsing": "يجب أن تكون القيمة تاريخًا بصيغة YYYY-MM-DD",
    "date_from_datetime_inexact": "يجب أن تكون القيمة تاريخًا بلا وقت",
    "datetime_type": "يجب أن تكون القيمة تاريخًا ووقتًا",
    "datetime_parsing": "يجب أن تكون القيمة تاريخًا ووقتًا بصيغة RFC 3339",
    "datetime_from_date_parsing": "يجب أن تكون القيمة تاريخًا ووقتًا بصيغة RFC 3339",
    "timezone_aware": "يجب أن يذكر الوقت منطقته الزمنية",
    "enum": "القيمة ليست من القيم الممكنة: {expected}",
    "literal_error": "القيمة ليست من القيم الممكنة: {expected}",
    "list_type": "يجب أن تكون القيمة قائمة",
    "tuple_type": "يجب أن تكون القيمة قائمة",
    "too_short": "يجب ألا تقل العناصر عن {min_length}",
    "too_long": "يجب ألا تزيد العناصر على {max_length}",
    "dict_type": "يجب أن تكون القيمة كائنًا",
    "model_type": "يجب أن تكون القيمة كائنًا",
    "model_attributes_type": "يجب أن تكون القيمة كائنًا",
    "uuid_parsing": "يجب أن تكون القيمة معرّف UUID",
    "url_parsing": "يجب أن تكون القيمة عنوان URL",
    "union_tag_invalid": "نوع غير معروف؛ الممكن: {expected_tags}",
    "union_tag_not_found": "يجب ذكر النوع في الحقل {discriminator}",
    "duplicate_name": "الاسم {name} مكرر في كائن واحد",
    "nul_character": "لا يجوز أن يحتوي النص على المحرف NUL",
}
OTHERWISE = "قيمة غير صالحة: {msg}"


def pointer(path: Iterable[object]) -> str:
    """Write a path into JSON as a pointer (RFC 6901); the whole document is the empty pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def refusal_of(errors: Iterable[Mapping[str, Any]]) -> WebRefusal:
    """Refuse because of pydantic's errors, whose places begin with body, query, path or header."""
    errors = list(errors)
    for error in errors:
        if error["type"] == "json_invalid":
            return MalformedJson(reason=str(error.get("ctx", {}).get("error", error["msg"])))
    return ValidationFailed(count=len(errors), errors=[_told(error) for error in errors[:MOST]])


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
    english = str(error["msg"]).removeprefix("Value error, ")  # the message of a check of ours
    arabic = ARABIC.get(error["type"], OTHERWISE)
    try:
        arabic = arabic.format_map({"msg": english, **error.get("ctx", {})})
    except KeyError:
        arabic = OTHERWISE.format(msg=english)
    return {
        "in": place,
        "pointer": pointer(path),
        "code": error["type"],
        "what": Text(en=english, ar=arabic),
    }


def _split(loc: Iterable[object]) -> tuple[str, tuple[object, ...]]:
    steps = tuple(loc)
    if steps and steps[0] in PLACES:
        return str(steps[0]), steps[1:]
    return "body", steps
