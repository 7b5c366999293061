"""The verifiable event store of one service: the face that everything else sees."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from itertools import pairwise, starmap
from time import monotonic
from typing import Any, TypeVar, cast
from uuid import UUID

import asyncpg
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.domain import Aggregate, check_token
from shared.domain.clock import Clock
from shared.eventstore.ahead import ReadAhead
from shared.eventstore.batch import Batch
from shared.eventstore.command import Command, Outcome
from shared.eventstore.connection import PooledConnection, connect, session
from shared.eventstore.errors import StoreUnavailable, UnusableStore
from shared.eventstore.lane import Lane
from shared.eventstore.line import ANY_FAILURE, PARTING
from shared.eventstore.log.note import Signer, origin_of
from shared.eventstore.metering import Metering
from shared.eventstore.migrate import Migration, check_schema
from shared.eventstore.pending import Pending
from shared.eventstore.reads import Reads
from shared.eventstore.record import Record
from shared.eventstore.snapshots import Snapshots
from shared.eventstore.statements import LOOK, READ
from shared.eventstore.traced import trace
from shared.eventstore.writer import CACHED_AGGREGATES, Writer
from shared.telemetry.tracing import Tracer

T = TypeVar("T")
A = TypeVar("A", bound=Aggregate)

DRAIN = 1.0
"""Seconds that closing waits for commands that are under way; nobody waits for their answers by then."""

CONNECTIONS = 6
"""Connections for reading, at most; beside them stand the writer's two."""

PLANNED_EACH_TIME = {"plan_cache_mode": "force_custom_plan"}
"""For reading: the one plan that PostgreSQL would keep for a list walks all of it in the order of keys, since
it does not know how rare the value is by which the list is filtered."""

NOTICE = 0.5
"""Seconds between looks for what other replicas have committed."""


log = structlog.get_logger()


class EventStore(Reads):
    """Stores the events of one service in the schema of its name; any number of processes may share it."""

    def __init__(
        self,
        service: str,
        database_url: str,
        clock: Clock,
        signing_key: Ed25519PrivateKey,
        own: Sequence[Migration] = (),
        tracer: Tracer | None = None,
        cached: int = CACHED_AGGREGATES,
    ) -> None:
        self.service = service
        self.tracer = tracer
        self.failure: str | None = None
        self.clock = clock
        self._url = database_url
        self._key = signing_key
        self._own = own
        self._writer = Writer(self._connect, clock, self._signer_of, self._committed, self._announce, cached)
        self._snapshots = Snapshots()
        self._ahead = ReadAhead(lambda after, limit: self.pool.fetch(READ, after, limit))
        self._noticed = 0
        self._taken: dict[str, int] = {}
        self._moved = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Connect, check the schema and take up the log; raise `UnusableStore` where that cannot be."""
        self.pool = await asyncpg.create_pool(
            self._url,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=5,
            command_timeout=60,
            server_settings=session(self.service) | PLANNED_EACH_TIME,
            connection_class=PooledConnection,
        )
        try:
            await check_schema(self.pool, self.service, self._own)
            await self._writer.open()
        except BaseException:
            await self.close()
            raise
        self._noticed = self._writer.standing.head.position
        jobs = (self._write(), self._notice(), self._snapshots.run(self.pool))
        self._tasks = [asyncio.create_task(job) for job in jobs]

    async def close(self) -> None:
        """Finish what is queued, then let go of the connections."""
        if self._tasks and self.failure is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._writer.drained(), DRAIN)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._writer.close()
        await self._ahead.close()
        try:
            await asyncio.wait_for(self.pool.close(), PARTING)
        except TimeoutError:
            self.pool.terminate()

    @property
    def log_id(self) -> UUID:
        """The id of the log; a restored store has another one than before."""
        return self._writer.standing.head.log_id

    @property
    def head(self) -> int:
        """The last position known to this process."""
        return max(self._noticed, self._writer.standing.head.position)

    @property
    def idle(self) -> bool:
        """Whether no command is queued or under way in this process."""
        return self._writer.idle

    @property
    def verifier_key(self) -> str:
        """The key that verifies this log's checkpoints, as signed-note writes it."""
        return self.verifier_key_of(self.log_id)

    def verifier_key_of(self, log_id: UUID) -> str:
        """The key that verifies the checkpoints which this service signed under a log id."""
        return self._signer_of(log_id).verifier_key

    async def execute(self, command: Command[T]) -> Outcome[T]:
        """Let a command decide and store what it decided; return when that is durable.

        Raises:
            Refusal: what the decision refused, on state that was still so when it was answered.
            PreconditionFailed, IdempotencyMismatch, EventTooLarge: see their texts.
            InboxMoved: the command's inbox step does not start where the inbox stands.
            StoreUnavailable: PostgreSQL was away for longer than a command waits.
            ValueError: an id that the command reads is none.
        """
        return cast("Outcome[T]", await self._submitted(command))

    def execute_in_order(self, commands: Sequence[Command[Any]]) -> list[asyncio.Future[Outcome[Any]]]:
        """Let commands decide one on top of the other, without waiting for each to be durable.

        Return their futures; where one fails, those after it fail with `PredecessorFailed`.
        """
        pendings = [self._pending(command) for command in commands]
        for previous, following in pairwise(pendings):
            previous.following, following.previous = following, previous
        if pendings:
            pendings[0].wants.update(*(pending.wants for pending in pendings))
            self._writer.submit(pendings[0])
        return [pending.future for pending in pendings]

    def lane(self) -> Lane:
        """A lane of its own for commands that come one by one and are to be decided in that order."""
        return Lane(self._pending, self._writer.submit)

    def _submitted(self, command: Command[Any]) -> asyncio.Future[Outcome[Any]]:
        """Queue a command. Whoever waits must not name its future: see `Refusal.without_frames`."""
        pending = self._pending(command)
        self._writer.submit(pending)
        return pending.future

    def _pending(self, command: Command[Any]) -> Pending:
        if self.failure is not None:
            raise StoreUnavailable()
        for _, id in command.reads:
            check_token(id)
        pending = Pending(command, asyncio.get_running_loop().create_future(), monotonic())
        pending.told = self.metering.told
        if self.tracer is not None:
            trace(self.tracer, pending)
        return pending

    async def read(self, after: int, limit: int = 500) -> list[Record]:
        """Return at most `limit` records after a position, in order and without gaps."""
        recent = self._writer.standing.recent.read(after, limit)
        if recent:
            return recent
        if after >= self.head:
            return []
        return list(starmap(Record, await self._ahead.read(after, limit, self.head)))

    async def advanced(self, after: int) -> int:
        """Wait until the head is beyond a position; return the head."""
        while self.head <= after:
            await self._moved.wait()
        return self.head

    async def look(self) -> None:
        """Take notice of what other replicas have committed, now; it happens by itself twice a second."""
        rows = await self.pool.fetch(LOOK)
        head = rows[0]["head"] if rows else 0
        taken = {row["name"]: row["position"] for row in rows if row["name"] is not None}
        if head > self.head or taken != self._taken:
            self._noticed, self._taken = max(head, self._noticed), taken
            self._announce()

    async def taken_in(self, inbox: str, position: int) -> None:
        """Wait until an inbox has come to a position, by what this replica or another has committed.

        What came of it is then in the log up to `head`.
        """
        while max(self._taken.get(inbox, 0), self._writer.standing.inboxes.get(inbox, 0)) < position:
            await self._moved.wait()

    async def inbox_position(self, inbox: str) -> int:
        """How far an inbox has come, by what is committed."""
        position = await self.pool.fetchval("SELECT position FROM inboxes WHERE name = $1", inbox)
        known = max(position or 0, self._writer.standing.inboxes.get(inbox, 0))
        self._writer.standing.inboxes[inbox] = known
        return known

    async def snapshots_written(self) -> None:
        """Wait until every snapshot that is due is written."""
        await self._snapshots.written()

    @property
    def metering(self) -> Metering:
        """What became of this process's commands, in numbers."""
        return self._writer.standing.metering

    def recorded_at(self, position: int) -> datetime | None:
        """When an event was recorded, where that is among what this process lately committed."""
        return self._writer.standing.moments.recorded_at(position)

    async def _connect(self) -> Any:
        return await connect(self._url, self.service)

    def _signer_of(self, log_id: UUID) -> Signer:
        return Signer(origin_of(self.service, str(log_id)), self._key)

    def _committed(self, batch: Batch) -> None:
        self._snapshots.offer(batch.changed.values())
        if batch.rows or batch.steps:
            self._announce()

    def _announce(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def _write(self) -> None:
        try:
            await self._writer.run()
        except Exception as error:
            self.failure = str(error) if isinstance(error, UnusableStore) else repr(error)
            log.critical("store.stopped", service=self.service, error=self.failure, exc_info=error)
            self._writer.fail(StoreUnavailable())

    async def _notice(self) -> None:
        while True:
            await asyncio.sleep(NOTICE)
            with suppress(*ANY_FAILURE):
                await self.look()
