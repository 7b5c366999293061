"""The answer to a command: rendered once, stored with it, and given again byte for byte."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.responses import Response

from shared.eventstore.command import Outcome

JSON = "application/json"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} is not JSON")


class StoredAnswer(Response):
    """A response whose bytes are ready; the usual constructor would render and encode them again."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status_code, self.raw_headers, self.body = status, headers, body
        self.background = None


def render_json(value: Any) -> bytes:
    """Render JSON; pydantic models may stand anywhere in it."""
    return orjson.dumps(value, _plain)


def render_answer(outcome: Outcome[Any]) -> bytes:
    """Render an outcome as the bytes to keep: a line with status, version and position, then the body.

    Created (201) is said where the command's first aggregate came into being by it.
    """
    version = next(iter(outcome.versions.values()), 0)
    status = 201 if outcome.created else 200
    return b"%d %d %d\n%b" % (status, version, outcome.position, render_json(outcome.value))


def answered(outcome: Outcome[Any], now: Mapping[str, Any] | None = None) -> Response:
    """Answer a command: its stored answer where it has one.

    `now` are members of the body that are not stored, because they tell how things stand at this moment.

    Raises:
        ValueError: the stored bytes are not an answer.
    """
    stored = outcome.answer if outcome.answer is not None else render_answer(outcome)
    line, _, body = stored.partition(b"\n")
    status, version, position = line.split(b" ")
    if now is not None:
        body = orjson.dumps(orjson.loads(body) | now)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"tanfidh-position", position),
    ]
    if version != b"0":
        headers.append((b"etag", b'"%b"' % version))
    if outcome.repeated:
        headers.append((b"idempotency-replayed", b"true"))
    return StoredAnswer(int(status), headers, body)


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer a read with JSON."""
    return Response(render_json(value), status, headers, JSON)
