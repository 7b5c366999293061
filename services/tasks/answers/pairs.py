"""What something was, and what it is or would be."""

from typing import Any, Generic, TypeVar

from pydantic import Field

from shared.web import AnswerModel

T = TypeVar("T")


class Pair(AnswerModel, Generic[T]):
    """What it was and what it is, or would be."""

    before: T = Field(alias="from")
    after: T = Field(alias="to")


Fields = dict[str, Pair[Any]]
"""The fields that differ, by name."""
