"""The base of the models that describe answers: for the OpenAPI document, and for nothing at run time.

An endpoint names its model as `response_model`. Answers are rendered as they are (decision 0006), and tests
compare what is really answered with what is described.
"""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class AnswerModel(BaseModel):
    """What an answer has: these members and no others; all of them, but for what `sometimes` marks."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Items(AnswerModel, Generic[T]):
    """A list, or a page of one: the Link header then leads to the next."""

    items: list[T]


def sometimes() -> Any:
    """Mark a member that an answer does not always have."""
    return Field(default=None, exclude_if=lambda value: value is None)
