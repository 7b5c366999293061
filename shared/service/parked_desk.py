"""What operators see of the inboxes of a service, and what they decide about parked events."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import structlog

from shared.contracts.identity import stream_of
from shared.contracts.text import Text
from shared.domain import Actor, NotFound
from shared.domain.refusal import Refusal
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.parking import ParkingStep, Trial
from shared.eventstore.store import EventStore
from shared.messaging.parking.parked_events import ParkedEvents
from shared.messaging.parking.refusals import NotParked, ParkedEventGone
from shared.messaging.parking.taking_up import load_parked
from shared.service.operating import PERMISSIONS
from shared.service.parked_told import tell, tell_in_full

_INBOXES = "SELECT name, position, log_id FROM inboxes WHERE name = ANY($1::text[])"
_ROWS = "SELECT * FROM inbox_parked WHERE source = $1 AND "
# Each of them goes along an index, so that a page costs its own rows, however many are parked.
LISTED = _ROWS + "position > $2 ORDER BY position LIMIT $3"
LISTED_OF_STREAM = _ROWS + "stream = $4 AND position > $2 ORDER BY position LIMIT $3"
ONE = _ROWS + "position = $2"
_VERSION = "SELECT version FROM events WHERE stream = $1 ORDER BY version DESC LIMIT 1"

LAST = 2**63 - 1

log = structlog.get_logger()


async def parked_counts(store: EventStore) -> dict[str, int]:
    """Count parked events by source; sources without any are left out."""
    rows = await store.pool.fetch("SELECT source, count(*) FROM inbox_parked GROUP BY source ORDER BY source")
    return {row["source"]: row["count"] for row in rows}


class ParkedDesk:
    """Looks at parked events, has them tried again, and skips them.

    Args:
        store: of the service that takes in.
        sources: the other services.
        kind: the service's own class of `ParkedEvents`; None where it never parks.
    """

    def __init__(self, store: EventStore, sources: Sequence[str], kind: type[ParkedEvents] | None) -> None:
        self._store = store
        self._sources = sources
        self._kind = kind
        self._known: dict[str, ParkedEvents] = {}

    async def inboxes(self, reader: Actor) -> list[dict[str, Any]]:
        """Tell how far each source is taken in, and how much of it is parked by the log."""
        PERMISSIONS.check(reader, "parked.read")
        rows = {row["name"]: row for row in await self._store.pool.fetch(_INBOXES, list(self._sources))}
        return [
            _inbox(source, rows.get(source), await self._parked(source)) for source in sorted(self._sources)
        ]

    async def listed(
        self, reader: Actor, source: str, stream: str | None, after: int, limit: int
    ) -> list[tuple[str, dict[str, Any]]]:
        """List at most `limit` parked events after a position, in order; each with its position as key."""
        self._check(reader, source)
        of_stream = () if stream is None else (stream,)
        statement = LISTED if stream is None else LISTED_OF_STREAM
        rows = await self._store.pool.fetch(statement, source, after, limit, *of_stream)
        parked = await self._parked(source)
        return [(str(row["position"]), tell(row, parked)) for row in rows]

    async def one(self, reader: Actor, source: str, position: int) -> dict[str, Any]:
        """Tell everything about one, with its payload. Refuses with `NotParked`."""
        self._check(reader, source)
        row = await self._store.pool.fetchrow(ONE, source, position)
        if row is None:
            raise await self._without_row(source, position)
        return tell_in_full(row, await self._parked(source))

    async def retry(self, by: Instruction, source: str, position: int, reason: Text | None) -> Outcome[Any]:
        """Have an event tried again at once, with all attempts before it."""
        PERMISSIONS.check(by.actor, "parked.retry")
        self._check_source(source)
        if await self._store.pool.fetchrow(ONE, source, position) is None:
            refusal = await self._without_row(source, position)
            if isinstance(refusal, ParkedEventGone):
                raise refusal
        step = ParkingStep(source, position, Trial(attempts=0))

        def decide(parked: ParkedEvents, turn: Turn) -> None:
            parked.retry(position, reason, turn.actor.role, turn.moment)

        outcome = await self._execute("retry-parked", by, step, decide)
        if not outcome.repeated:
            log.info("inbox.retried", **_said(by, step))
        return outcome

    async def skip(self, by: Instruction, source: str, position: int, reason: Text) -> Outcome[Any]:
        """Let an event go without effects; what waits behind it is taken in next."""
        PERMISSIONS.check(by.actor, "parked.skip")

        def decide(parked: ParkedEvents, turn: Turn) -> None:
            parked.skip(position, reason, turn.actor.role, turn.moment)

        step = ParkingStep(source, position, None)
        outcome = await self._execute("skip-parked", by, step, decide)
        if not outcome.repeated:
            log.info("inbox.skipped", **_said(by, step))
        return outcome

    async def _parked(self, source: str) -> ParkedEvents | None:
        """The queues of a source as the log says now; read anew only where that has gone on."""
        if self._kind is None:
            return None
        known = self._known.get(source)
        version = await self._store.pool.fetchval(_VERSION, stream_of(ParkedEvents.kind, source))
        if known is None or known.version != version:
            known = self._known[source] = await load_parked(self._store, self._kind, source)
        return known

    async def _without_row(self, source: str, position: int) -> Refusal:
        """Why there is nothing to be told or tried: it is not parked, or somebody has removed what was."""
        parked = await self._parked(source)
        gone = parked is not None and position in parked.waiting
        return (ParkedEventGone if gone else NotParked)(source=source, position=position)

    async def _execute(
        self, name: str, by: Instruction, step: ParkingStep, decide: Callable[[ParkedEvents, Turn], None]
    ) -> Outcome[Any]:
        kind, source, position = self._kind, step.source, step.position
        self._check_source(source)
        if kind is None:
            raise NotParked(source=source, position=position)

        def decide_here(turn: Turn) -> dict[str, Any]:
            decide(turn.get(kind, source), turn)
            return {"source": source, "position": position}

        return await self._store.execute(
            Command(name, replace(by, parking=step), decide_here, ((kind, source),))
        )

    def _check(self, reader: Actor, source: str) -> None:
        PERMISSIONS.check(reader, "parked.read")
        self._check_source(source)

    def _check_source(self, source: str) -> None:
        if source not in self._sources:
            raise NotFound(kind=ParkedEvents.kind, id=source)


def _said(by: Instruction, step: ParkingStep) -> dict[str, Any]:
    """Say what was decided; by whom and why is in the event."""
    about = {"role": by.actor.role, "correlation": str(by.correlation or by.id)}
    return {"source": step.source, "position": step.position, **about}


def _inbox(source: str, row: Any, parked: ParkedEvents | None) -> dict[str, Any]:
    waiting = () if parked is None else parked.waiting.values()
    return {
        "source": source,
        "position": 0 if row is None else row["position"],
        "log_id": None if row is None else str(row["log_id"]),
        "parked": len(waiting),
        "given_up": sum(one.given_up for one in waiting),
    }
