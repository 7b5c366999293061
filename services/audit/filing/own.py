"""Audit's own events belong to the trail too: a follower files them from its own store.

They are not taken from the stream: it would be an inbox of one's own. There is no loop, since filing makes no
events.
"""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import structlog

from services.audit.filing.filing import file
from services.audit.filing.traced import traced
from shared.eventstore.errors import InboxMoved
from shared.eventstore.lineage import Lineage, read_lineage
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.messaging.outage import OUTAGE, Backoff
from shared.messaging.progress import Progress
from shared.messaging.received import Received

_BEGIN = "INSERT INTO inboxes (name, position, log_id) VALUES ($1, 0, $2) ON CONFLICT (name) DO NOTHING"
# A backup of this schema has its log and what was filed of it as they were at one moment, so that a log that
# was given a new id goes on where it is.
_GO_ON = "UPDATE inboxes SET log_id = $2 WHERE name = $1 AND log_id <> $2"
_STANDS = "SELECT position FROM inboxes WHERE name = $1"

log = structlog.get_logger()


class OwnEvents:
    """Files the events of the store that files. Every replica may: the position says what is left to do."""

    def __init__(self, store: EventStore) -> None:
        self.progress = Progress()
        self._store = store

    def at_rest(self) -> bool:
        """Whether everything is filed that this process knows to be in the log."""
        return self.progress.position >= self._store.head

    async def check(self) -> str | None:
        """Say why nothing is filed, where somebody has to do something about it."""
        return self.progress.alarm

    async def filed(self, position: int) -> None:
        """Wait until the events up to a position are filed, by whichever replica."""
        await self.progress.reached(position)

    async def run(self) -> None:
        """Follow the store; until cancelled."""
        backoff = Backoff()
        while True:
            try:
                await self._follow(backoff)
            except (InboxMoved, *OUTAGE) as reason:
                log.info("own-events.interrupted", reason=repr(reason))
            except Exception as error:  # such as a row in the way; what is mended needs no restart
                if self.progress.alarm is None:
                    log.critical("own-events.stopped", position=self.progress.position, exc_info=error)
                await self.progress.raise_alarm(f"audit's own events are not filed: {type(error).__name__}")
            await backoff.wait()

    async def _follow(self, backoff: Backoff) -> None:
        pool, service = self._store.pool, self._store.service
        logs = await read_lineage(pool)
        for statement in (_BEGIN, _GO_ON):
            await pool.execute(statement, service, self._store.log_id)
        position = await pool.fetchval(_STANDS, service)
        if self.progress.alarm is None or position > self.progress.position:
            await self.progress.move(position)
        while True:
            await self._store.advanced(position)
            records = await self._store.read(position)
            events = _received(records, self._store.log_id, logs)
            with traced(self._store.tracer, service, events):
                await file(pool, service, self._store.log_id, events, position)
            position = records[-1].position
            await self.progress.move(position)
            backoff.reset()


def _received(records: Sequence[Record], log_id: UUID, logs: Lineage) -> list[Received]:
    """Let own events look as others receive them."""
    return [
        Received(
            log_id=log_id,
            position=record.position,
            stream=record.stream,
            version=record.version,
            type=record.type,
            schema=record.schema,
            recorded_at=record.recorded_at,
            effective_at=record.effective_at,
            event_id=record.event_id,
            data=record.data,
            meta=record.meta,
            sealed_digest=sha256(record.sealed).digest(),
            previous=record.previous,
            leaf_log=None if logs.log_id_at(record.position) == log_id else logs.log_id_at(record.position),
        )
        for record in records
    ]
