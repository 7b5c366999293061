"""An endpoint as it is run: FastAPI's declaration, resolved ahead instead of anew for each request.

FastAPI declares and documents the endpoints. Solving their dependencies its way at every request
would cost more than everything else in an answer together. What runs here is the same declaration,
the JSON read once by pydantic. It takes fewer kinds of parameters, and says so when a service starts.
"""

from collections.abc import Awaitable, Callable
from functools import cache
from inspect import iscoroutinefunction
from typing import Annotated, Any

import orjson
from fastapi._compat import ModelField, field_annotation_is_sequence
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.params import Form
from pydantic import TypeAdapter, ValidationError

from shared.web.duplicates import duplicate_in
from shared.web.refusals import UnsupportedMediaType
from shared.web.request import LimitedRequest
from shared.web.validation import nul_in, refusal_of

UNSUPPORTED = (
    "cookie_params",
    "websocket_param_name",
    "http_connection_param_name",
    "response_param_name",
    "background_tasks_param_name",
    "security_scopes_param_name",
    "concurrency",
)


class Call:
    """A function with its parameters' sources: the path, query and headers, the body, other calls.

    Raises:
        TypeError: the function is not ``async def``, or asks for what is not supported here.
    """

    def __init__(self, declared: Dependant) -> None:
        call = declared.call
        if call is None or not (iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)):
            raise TypeError(f"{call} must be async def: a plain function would run in a thread")
        asked = [name for name in UNSUPPORTED if getattr(declared, name)]
        if asked or len(declared.body_params) > 1:
            raise TypeError(f"{call} asks for {asked or 'two bodies'}, which endpoints here do not support")
        self.function: Callable[..., Awaitable[Any]] = call
        self.request_name = declared.request_param_name
        self.path, self.query, self.headers = (
            declared.path_params,
            declared.query_params,
            declared.header_params,
        )
        self.body = JsonBody(declared.body_params[0]) if declared.body_params else None
        self.first = [(inner.name, Call(inner)) for inner in declared.dependencies]
        self.simple = not (self.path or self.query or self.headers or self.body)

    async def __call__(self, request: LimitedRequest) -> Any:
        """Gather the arguments and call: what is called first may refuse before anything is read."""
        values: dict[str, Any] = {}
        for name, inner in self.first:
            value = await inner(request)
            if name is not None:
                values[name] = value
        if self.request_name is not None:
            values[self.request_name] = request
        if not self.simple:
            self._read_parameters(request, values)
            if self.body is not None:
                values[self.body.name] = self.body.read(request, await request.body())
        return await self.function(**values)

    def _read_parameters(self, request: LimitedRequest, values: dict[str, Any]) -> None:
        errors: list[Any] = []
        given = request.path_params
        for field in self.path:
            values[field.name], wrong = field.validate(given.get(field.alias), loc=("path", field.alias))
            errors += wrong
        for fields, source in (
            (self.query, lambda: request.query_params),
            (self.headers, lambda: request.headers),
        ):
            if fields:
                read, wrong = request_params_to_args(fields, source())
                values.update(read)
                errors += wrong
        if errors:
            raise refusal_of(errors)

    def names_in_query(self) -> set[str]:
        """The query parameters that this call and those before it know."""
        own = {field.alias for field in self.query}
        return own.union(*(inner.names_in_query() for _, inner in self.first))

    def repeated_in_query(self) -> set[str]:
        """Those of them that are lists: they may be sent several times."""
        own = {
            field.alias for field in self.query if field_annotation_is_sequence(field.field_info.annotation)
        }
        return own.union(*(inner.repeated_in_query() for _, inner in self.first))

    def functions(self) -> set[Callable[..., Any]]:
        """This function and all that are called before it."""
        return {self.function}.union(*(inner.functions() for _, inner in self.first))


class JsonBody:
    """The body of a request as one value, read from the bytes by pydantic at once."""

    def __init__(self, declared: ModelField) -> None:
        self.name = declared.name
        source = declared.field_info
        if isinstance(source, Form) or getattr(source, "embed", None):
            raise TypeError(f"the body {self.name} must be JSON as a whole")
        kind: Any = source.annotation
        self._adapter: TypeAdapter[Any] = TypeAdapter(Annotated[kind, *source.metadata, source])
        self._left_out = None if source.is_required() else source.get_default()
        self._optional = not source.is_required()
        open_models = _open_models(kind)
        if open_models:
            raise TypeError(f"{', '.join(open_models)} would ignore unknown fields; forbid extra ones")

    def read(self, request: LimitedRequest, raw: bytes) -> Any:
        """Read the value; refuse a wrong media type (415), what is not JSON (400), wrong values (422).

        Types are strict: pydantic would else make 1970-01-01 of the number 5 where a date is due. A body that
        may be left out is what the endpoint declares instead, where nothing at all is sent.
        """
        if self._optional and not raw:
            return self._left_out
        given = request.header(b"content-type") or ""
        media_type = given.partition(";")[0].strip().lower()
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise UnsupportedMediaType(expected="application/json", given=given[:100])
        try:
            value = self._adapter.validate_json(raw, strict=True)
        except ValidationError as error:
            raise refusal_of(error.errors(include_url=False, include_input=False)) from None
        _refuse_twice(raw)
        if b"\\u0000" in raw:
            _refuse_nul(raw)
        return value


def _refuse_twice(raw: bytes) -> None:
    place = duplicate_in(raw.decode())
    if place is not None:
        message = f"The name {place[-1]} stands twice in one object"
        error = {
            "type": "duplicate_name",
            "loc": ("body", *place),
            "msg": message,
            "ctx": {"name": place[-1]},
        }
        raise refusal_of([error])


def _refuse_nul(raw: bytes) -> None:
    place = nul_in(orjson.loads(raw))
    if place is not None:
        message = "Text must not hold the character NUL"
        raise refusal_of([{"type": "nul_character", "loc": ("body", *place), "msg": message}])


@cache
def _open_models(kind: Any) -> list[str]:
    """Name the models of a type that let unknown fields pass."""
    schema = TypeAdapter(kind).json_schema()
    models = [schema, *schema.get("$defs", {}).values()]
    return [
        str(model.get("title"))
        for model in models
        if "properties" in model and model.get("additionalProperties") is not False
    ]
