"""What is put together against the same question asked where the log ends."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx
from starlette.responses import Response

from services.audit.witness import AuditWitness
from services.notifier.aggregates import AGGREGATES as OF_NOTIFIER
from services.registry.aggregates import AGGREGATES as OF_REGISTRY
from services.tasks.aggregates import AGGREGATES as OF_TASKS
from shared.domain import Aggregate
from shared.domain.refusal import Refusal
from shared.service.streams import Streams
from shared.web import json_response
from shared.web.horizon import AsOf, NoLog
from tests.integration.asof.replaying.asking import filled, some
from tests.integration.asof.replaying.comparing_rows import names_in
from tests.integration.asof.replaying.composed_registry import REGISTRY
from tests.integration.asof.replaying.composed_tasks import TASKS
from tests.integration.asof.replaying.composing import EVERY, Composed, Names
from tests.integration.asof.replaying.replay import Replay
from tests.integration.asof.replaying.shortened import Shortened

COMPOSED: Mapping[str, Composed] = {**REGISTRY, **TASKS}
AGGREGATES: Mapping[str, tuple[type[Aggregate], ...]] = {
    "registry": OF_REGISTRY,
    "tasks": OF_TASKS,
    "notifier": OF_NOTIFIER,
    "audit": (AuditWitness,),
}
HISTORIES = tuple(
    f"/{service}/streams/{{kind}}/{{id}}{end}" for service in AGGREGATES for end in ("", "/state")
)
Answer = tuple[int, bytes | str]
"""The status, and the bytes or the type of the problem."""


def requests(path: str, composed: Composed, replay: Replay, salt: int) -> list[tuple[Names, Names]]:
    """What is asked of a path: what it names, and each query; other keys for each salt."""
    keys: list[str | None] = [None]
    if composed.of is not None:
        known = replay.rows(replay.head)[composed.of]
        keys = [*dict.fromkeys((*composed.always, *some(known, 2, f"{path} {salt}")))]
    first = next(iter(names_in(path)), "")
    named = [({} if key is None else {first: key}) | dict(composed.more) for key in keys]
    return [(names, query) for names in named for query in composed.queries]


async def compare_composed(reader: httpx.AsyncClient, path: str, log: Shortened, asked: str) -> list[Answer]:
    """Compare a path byte for byte; return what was answered."""
    answers = []
    composed = COMPOSED[path]
    for named, query in requests(path, composed, log.replay, log.position):
        expected = await _where_it_ends(lambda: composed.ask(log, {**named, **query}))  # noqa: B023
        params = {**query, "as_of": asked} | ({"limit": str(EVERY.limit)} if composed.paged else {})
        answer = await reader.get(filled(path, named), params=params)
        assert _as_answered(answer) == expected, f"{answer.url}"
        if answer.status_code == 200:
            assert answer.headers["tanfidh-position"] == str(log.position), f"{answer.url}"
        answers.append(expected)
    return answers


async def compare_histories(reader: httpx.AsyncClient, log: Shortened, asked: str) -> None:
    """Compare histories and states of some aggregates of each kind."""
    service, position = log.replay.service, log.position
    streams = Streams(log.store, AGGREGATES[service], NoLog())
    then = AsOf(position, log.now if position else None)
    for aggregate in AGGREGATES[service]:
        for id in some(log.replay.ids(aggregate.kind), 2, f"{aggregate.kind} {position}"):
            kind, path = aggregate.kind, f"/{service}/streams/{aggregate.kind}/{id}"
            for ending, ask in {
                f"?limit={EVERY.limit}&": lambda: streams.history(kind, id, EVERY, then),  # noqa: B023
                "/state?": lambda: streams.state(kind, id, then),  # noqa: B023
            }.items():
                expected = await _where_it_ends(ask)
                answer = await reader.get(f"{path}{ending}as_of={quote(asked)}")
                assert _as_answered(answer) == expected, f"{answer.url}"


async def _where_it_ends(ask: Callable[[], Any]) -> Answer:
    try:
        value = await ask()
    except Refusal as refusal:
        return refusal.status, refusal.slug
    response = value if isinstance(value, Response) else json_response(value)
    return 200, bytes(response.body)


def _as_answered(answer: httpx.Response) -> Answer:
    if answer.status_code == 200:
        return 200, answer.content
    return answer.status_code, str(answer.json()["type"]).rpartition("/")[2]
