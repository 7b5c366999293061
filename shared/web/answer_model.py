"""The base of the models that describe answers: for the OpenAPI document, and for nothing at run time.

An endpoint names its model as `response_model`. Answers are rendered as they are (decision 0006), and tests
compare what is really answered with what is described. What an answer takes over from an event, or from the
state of an aggregate, is not written a second time: a model is derived from it, whole or by `shows`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Any, Generic, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")
M = TypeVar("M", bound="AnswerModel")


_describing: ContextVar[bool] = ContextVar("describing", default=False)


@contextmanager
def describing() -> Iterator[None]:
    """Let the models be what they describe, while a document is made."""
    before = _describing.set(True)
    try:
        yield
    finally:
        _describing.reset(before)


class AnswerModel(BaseModel):
    """What an answer has: these members and no others; all of them, but for what `sometimes` marks.

    Nothing is built of it but while a document is made (`describing`): a service starts as fast without.
    """

    model_config = ConfigDict(json_schema_serialization_defaults_required=True, defer_build=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Be anything to FastAPI, which would build each model once for every route that names it."""
        return handler(source) if _describing.get() else core_schema.any_schema()


class Items(AnswerModel, Generic[T]):
    """A list, or a page of one: the Link header then leads to the next."""

    items: list[T]


def sometimes() -> Any:
    """Mark a member that an answer does not always have."""
    return Field(default=None, exclude_if=lambda value: value is None)


def shows(
    source: type, names: Iterable[str] | None = None, renamed: Mapping[str, str] | None = None
) -> Callable[[type[M]], type[M]]:
    """Give a model the members of another class besides its own, where it does not declare them otherwise.

    Those under `names`, all of them where none are given; `renamed` tells under which name some are shown.
    """
    members, shown = _members(source), renamed or {}
    wanted = {shown.get(name, name): members[name] for name in (members if names is None else names)}

    def derived(model: type[M]) -> type[M]:
        new: Any = {name: (kind, ...) for name, kind in wanted.items() if name not in model.model_fields}
        made: type[M] = create_model(
            model.__name__, __base__=model, __module__=model.__module__, __doc__=model.__doc__, **new
        )
        return made

    return derived


def _members(source: type) -> dict[str, Any]:
    if not issubclass(source, BaseModel):
        return {name: get_type_hints(source)[name] for name in source.__annotations__}
    return {
        name: Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        for name, field in source.model_fields.items()
    }


def close(schemas: Mapping[str, dict[str, Any]]) -> None:
    """Say of all that is described by its members that it has no others."""
    for schema in schemas.values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
