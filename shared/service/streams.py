"""What every service answers about its aggregates: their history, and their state as of any moment.

Only the owner of a stream can replay it; other services ask for a state over NATS (question ``state``).
"""

from collections.abc import Iterable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path
from starlette.responses import Response

from shared.contracts.identity import TOKEN_PATTERN, stream_of
from shared.contracts.meta import rfc3339
from shared.contracts.text import Text
from shared.domain import Aggregate, NotFound
from shared.domain.refusal import Refusal
from shared.eventstore import snapshots
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.service.answers import EventTold, StateTold
from shared.web import AsOf, AsOfQuery, Caller, Items, PageAsked, PageQuery, json_response, page
from shared.web.as_of import read_as_of
from shared.web.cursors import BadCursor
from shared.web.horizon import Horizon

Id = Annotated[str, Path(pattern=TOKEN_PATTERN)]
QUESTION = "state"


class BadQuestion(Refusal):
    """A question that names no aggregate."""

    slug = "bad-question"
    status = 400
    title = Text(en="The question cannot be read", ar="تعذّرت قراءة السؤال")
    detail = Text(
        en="Ask with kind and id, and with as_of where it is not about now.",
        ar="اسأل بذكر kind وid، وبذكر as_of إن لم يكن السؤال عن الحال الآن.",
    )


class Streams:
    """The aggregates of one service, by kind.

    Args:
        store: where their events are.
        aggregates: every class of them.
        horizon: resolves moments.
    """

    def __init__(self, store: EventStore, aggregates: Iterable[type[Aggregate]], horizon: Horizon) -> None:
        self._store = store
        self._kinds = {aggregate.kind: aggregate for aggregate in aggregates}
        self._horizon = horizon

    async def history(self, kind: str, id: str, query: PageAsked, when: AsOf | None) -> Response:
        """Answer with a page of what happened to an aggregate, in order; refuse where there is nothing."""
        position = await self._horizon.head() if when is None else when.position
        known = kind in self._kinds
        stream, after = stream_of(kind, id), _version_of(query.after)
        records = await self._store.history(stream, after, position, query.limit) if known else []
        if not records and after == 0:
            raise NotFound(kind=kind, id=id)
        erased = any(record.sealed for record in records) and await self._store.is_erased(stream)
        return page([told(record, erased) for record in records], query, _cursor_of, position, when)

    async def state(self, kind: str, id: str, when: AsOf | None) -> dict[str, Any]:
        """Replay an aggregate as of a position, or as of now; refuse where there was none.

        Its state is rendered from its own fields, as its snapshots are.
        """
        if when is None:
            when = await self._horizon.resolve(await self._horizon.head())
        if kind not in self._kinds:
            raise NotFound(kind=kind, id=id)
        found = (await self._store.load(self._kinds[kind], id, when.position)).must_exist()
        return {
            "kind": kind,
            "id": id,
            "version": found.version,
            "position": when.position,
            "as_of": when.moment,
            "state": orjson.loads(snapshots.dump(found)),
        }

    async def answer(self, question: Any) -> dict[str, Any]:
        """Answer another service: ``{"kind", "id"}``, and ``as_of`` with what the query parameter takes."""
        asked = question if isinstance(question, dict) else {}
        kind, id, as_of = asked.get("kind"), asked.get("id"), asked.get("as_of")
        if not (isinstance(kind, str) and isinstance(id, str) and isinstance(as_of, str | int | None)):
            raise BadQuestion()
        when = None if as_of is None else await self._horizon.resolve(read_as_of(str(as_of)))
        return await self.state(kind, id, when)


def stream_routes(streams: Streams) -> APIRouter:
    """Build the endpoints that tell of single aggregates."""
    routes = APIRouter(tags=["history"])

    @routes.get("/streams/{kind}/{id}", response_model=Items[EventTold])
    async def history(_: Caller, query: PageQuery, when: AsOfQuery, kind: Id, id: Id) -> Response:
        """Tell everything that happened to an aggregate, in order."""
        return await streams.history(kind, id, query, when)

    @routes.get("/streams/{kind}/{id}/state", response_model=StateTold)
    async def state(_: Caller, when: AsOfQuery, kind: Id, id: Id) -> Response:
        """Tell an aggregate's state, replayed from its events."""
        told = await streams.state(kind, id, when)
        headers = {"ETag": f'"{told["version"]}"', "Tanfidh-Position": str(told["position"])}
        return json_response(told, headers=headers if when is None else headers | when.headers())

    return routes


def told(record: Record, erased: bool = False) -> dict[str, Any]:
    """Tell one event: what, when, by whom, and its data; of personal fields only whether they are erased."""
    sealed = dict.fromkeys(record.event.sealed(), "erased" if erased else "sealed")
    return {
        "position": record.position,
        "version": record.version,
        "type": record.type,
        "recorded_at": rfc3339(record.recorded_at),
        "effective_at": rfc3339(record.effective_at),
        "actor": record.about.actor,
        "data": record.event.model_dump(mode="json"),
        **({"sealed": sealed} if sealed else {}),
    }


def _cursor_of(entry: dict[str, Any]) -> str:
    return str(entry["version"])


def _version_of(key: str | None) -> int:
    if key is None:
        return 0
    if not (key.isascii() and key.isdecimal() and len(key) <= 18):
        raise BadCursor()
    return int(key)
