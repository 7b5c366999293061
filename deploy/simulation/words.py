"""What is wrong with the form of a scenario, in words of ours."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from deploy.simulation.lines import KEY, Place

_NAME = "a name is 1 to 64 of A-Z a-z 0-9 _ -"

_WORDS = {
    "extra_forbidden": "there is no such field",
    "string_type": "write a text; a number or a date needs quotes to be one",
    "string_pattern_mismatch": _NAME,
    "literal_error": "write {expected}",
    "tuple_type": "write a list",
    "dict_type": "write `name: value` pairs",
    "model_type": "write `name: value` pairs",
    "model_attributes_type": "write `name: value` pairs",
    "too_short": "write at least one",
}
"""By the library's type of error."""


def problems_of(error: ValidationError) -> Iterator[tuple[Place, str]]:
    """Put what the library found in our words, each with its place."""
    for found in error.errors(include_url=False, include_input=False):
        place = found["loc"]
        if found["type"] == "missing":
            yield place[:-1], f"{place[-1]} is missing"
        elif place and place[-1] == KEY:
            yield place, f"{str(place[-2])!r} cannot be a name here: {_NAME}; a number needs quotes"
        else:
            yield place, _told(found)


def _told(found: Mapping[str, Any]) -> str:
    """Say what is wrong; checks of ours have said it in their own words."""
    if found["type"] == "value_error":
        return str(found["msg"]).removeprefix("Value error, ")
    words = _WORDS.get(found["type"], "this value cannot be read")
    return words.format_map(found.get("ctx", {}))
