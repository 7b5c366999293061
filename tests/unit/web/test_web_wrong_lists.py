"""A list with wrong items has these errors, and none besides: it is as long as it was sent."""

from typing import Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from shared.contracts.tasks import Ladder
from shared.web.validation import refusal_of

STEP = {"key": "lead", "title": {"en": "The lead"}, "to": "lead", "after": 1}
LADDER = {"label": "2025", "title": {"en": "A ladder"}, "acknowledged_for": 5}


class Pairs(BaseModel):
    pairs: tuple[tuple[int, int], ...] = Field(min_length=2)


def told(kind: type[BaseModel], content: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(content)
    refusal = refusal_of(refused.value.errors())
    errors = refusal.facts["errors"]
    assert refusal.facts["count"] == len(errors)
    return [(error["pointer"], error["code"]) for error in errors]


@pytest.mark.parametrize(
    ("steps", "errors"),
    [
        ([STEP | {"to": "nobody"}], [("/steps/0/to", "enum")]),
        (
            [STEP | {"after": -1, "title": {}}],
            [("/steps/0/title", "value_error"), ("/steps/0/after", "greater_than_equal")],
        ),
        ([STEP | {"to": "role"}], [("/steps/0", "value_error")]),
        ([7, 7], [("/steps/0", "model_type"), ("/steps/1", "model_type")]),
        ([STEP, 7], [("/steps/1", "model_type")]),
        ([], [("/steps", "too_short")]),
        (7, [("/steps", "tuple_type")]),
    ],
)
def test_a_ladder_with_wrong_steps_has_no_other_fault(steps: Any, errors: list[tuple[str, str]]) -> None:
    assert told(Ladder, LADDER | {"steps": steps}) == errors


def test_what_is_too_short_besides_is_told() -> None:
    assert told(Pairs, {"pairs": [["a", "b"]]}) == [
        ("/pairs/0/0", "int_parsing"),
        ("/pairs/0/1", "int_parsing"),
        ("/pairs", "too_short"),
    ]
    assert told(Pairs, {"pairs": [["a", 1], [1, 2]]}) == [("/pairs/0/0", "int_parsing")]
