"""What is wrong with a value, as pydantic finds it or as a check of our own says it, in both languages."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.contracts.text import Text, WrongValue

OURS = "value_error"
"""The type under which pydantic passes on what a check of our own raised."""

_A_DAY = "يجب أن تكون القيمة تاريخًا بصيغة YYYY-MM-DD"
_A_MOMENT = "يجب أن تكون القيمة تاريخًا ووقتًا بصيغة RFC 3339"
_A_LIST = "يجب أن تكون القيمة قائمة"
_A_TEXT = "يجب أن تكون القيمة نصًا"
_A_WHOLE_NUMBER = "يجب أن تكون القيمة عددًا صحيحًا"
_A_NUMBER = "يجب أن تكون القيمة عددًا"
_AN_OBJECT = "يجب أن تكون القيمة كائنًا"
_A_BOOLEAN = "يجب أن تكون القيمة true أو false"
_A_URL = "يجب أن تكون القيمة عنوان URL"
_A_UUID = "يجب أن تكون القيمة معرّف UUID"
_ONE_OF = "القيمة ليست من القيم الممكنة: {expected}"

ARABIC = {
    "missing": "هذا الحقل مطلوب",
    "extra_forbidden": "حقل غير معروف",
    "string_type": _A_TEXT,
    "string_unicode": "يجب أن يكون النص بترميز UTF-8 صحيح",
    "string_too_short": "يجب ألا يقل النص عن {min_length} محرف",
    "string_too_long": "يجب ألا يزيد النص على {max_length} محرف",
    "string_pattern_mismatch": "يجب أن يطابق النص النمط {pattern}",
    "int_type": _A_WHOLE_NUMBER,
    "int_parsing": _A_WHOLE_NUMBER,
    "int_parsing_size": "العدد أكبر مما يُقبل",
    "int_from_float": "يجب أن تكون القيمة عددًا صحيحًا بلا كسور",
    "float_type": _A_NUMBER,
    "float_parsing": _A_NUMBER,
    "finite_number": "يجب أن تكون القيمة عددًا منتهيًا",
    "decimal_type": _A_NUMBER,
    "decimal_parsing": _A_NUMBER,
    "decimal_max_digits": "يجب ألا تزيد أرقام العدد على {max_digits}",
    "decimal_max_places": "يجب ألا تزيد المنازل العشرية على {decimal_places}",
    "decimal_whole_digits": "يجب ألا تزيد أرقام الجزء الصحيح على {whole_digits}",
    "multiple_of": "يجب أن تكون القيمة من مضاعفات {multiple_of}",
    "bool_type": _A_BOOLEAN,
    "bool_parsing": _A_BOOLEAN,
    "greater_than": "يجب أن تكون القيمة أكبر من {gt}",
    "greater_than_equal": "يجب ألا تقل القيمة عن {ge}",
    "less_than": "يجب أن تكون القيمة أصغر من {lt}",
    "less_than_equal": "يجب ألا تزيد القيمة على {le}",
    "date_type": "يجب أن تكون القيمة تاريخًا صحيحًا",
    "date_parsing": _A_DAY,
    "date_from_datetime_parsing": _A_DAY,
    "date_from_datetime_inexact": "يجب أن تكون القيمة تاريخًا بلا وقت",
    "datetime_type": "يجب أن تكون القيمة تاريخًا ووقتًا",
    "datetime_parsing": _A_MOMENT,
    "datetime_from_date_parsing": _A_MOMENT,
    "datetime_object_invalid": _A_MOMENT,
    "timezone_aware": "يجب أن يذكر الوقت منطقته الزمنية",
    "timezone_naive": "يجب ألا يذكر الوقت منطقة زمنية",
    "enum": _ONE_OF,
    "literal_error": _ONE_OF,
    "none_required": "يجب أن تكون القيمة null",
    "list_type": _A_LIST,
    "tuple_type": _A_LIST,
    "set_type": _A_LIST,
    "frozen_set_type": _A_LIST,
    "too_short": "يجب ألا تقل العناصر عن {min_length}",
    "too_long": "يجب ألا تزيد العناصر على {max_length}",
    "dict_type": _AN_OBJECT,
    "model_type": _AN_OBJECT,
    "model_attributes_type": _AN_OBJECT,
    "uuid_type": _A_UUID,
    "uuid_parsing": _A_UUID,
    "uuid_version": _A_UUID,
    "url_type": _A_URL,
    "url_parsing": _A_URL,
    "url_syntax_violation": _A_URL,
    "url_scheme": "يجب أن يبدأ العنوان بأحد هذه: {expected_schemes}",
    "url_too_long": "يجب ألا يزيد العنوان على {max_length} محرف",
    "union_tag_invalid": "نوع غير معروف؛ الممكن: {expected_tags}",
    "union_tag_not_found": "يجب ذكر النوع في الحقل {discriminator}",
    "recursion_depth_exceeded": "القيمة متداخلة أكثر مما يُقبل",
    "duplicate_name": "الاسم {name} مكرر في كائن واحد",
    "nul_character": "لا يجوز أن يحتوي النص على المحرف NUL",
}
OTHERWISE = "قيمة غير صالحة"


def told_wrong(found: Mapping[str, Any]) -> Text:
    """Tell one of pydantic's errors; what a check of our own said is told as it said it."""
    context = found.get("ctx", {})
    ours = context.get("error")
    if found["type"] == OURS and isinstance(ours, WrongValue):
        return ours.told
    facts = {name: _listed(fact) for name, fact in context.items()}
    try:
        arabic = ARABIC.get(found["type"], OTHERWISE).format_map(facts)
    except KeyError:
        arabic = OTHERWISE
    return Text(en=str(found["msg"]).removeprefix("Value error, "), ar=arabic)


def told_of(error: ValueError) -> Text:
    """Tell why something could not be read, from whatever its reader raised."""
    if isinstance(error, WrongValue):
        return error.told
    if isinstance(error, ValidationError):
        return told_wrong(error.errors(include_url=False, include_input=False)[0])
    return Text(en=str(error), ar=OTHERWISE)


def _listed(fact: Any) -> Any:
    """Lists come from pydantic as an English sentence: ``'a', 'b' or 'c'``."""
    return fact.replace("' or '", "' أو '") if isinstance(fact, str) else fact
