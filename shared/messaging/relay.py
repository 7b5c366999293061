"""The relay: what a store has committed goes into its service's stream, once and in order.

There is no table of what was published. The stream itself says so: its last message carries the
position, and nothing is stored behind it unless the stream still ends there. What this relay did not write
there itself is compared with the log (`shared.messaging.keeping`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contracts.envelope import stream_name
from shared.eventstore.lineage import read_lineage
from shared.eventstore.store import EventStore
from shared.messaging.election import Election, relay_seat
from shared.messaging.ending import end
from shared.messaging.jetstream import JetStreamRefused
from shared.messaging.keeping import ForeignMessage, HoleInStream, StoreBehindStream, StreamKeeper
from shared.messaging.outage import BROKER_OUTAGE, OUTAGE, Backoff
from shared.messaging.progress import Progress
from shared.messaging.provision import Missing, ProvisioningRefused, StreamFound, verify_stream
from shared.messaging.publisher import MAX_BATCH, Batch, NotAccepted, Publisher, first_batch
from shared.messaging.tail import Tail
from shared.messaging.under_way import UnderWay

LOOK_AGAIN = 10.0
"""Seconds after which a stopped relay looks whether what stopped it was mended."""

LOOK_EVERY = 3.0
"""Seconds between looks at the end of a stream into which nothing is published meanwhile."""

STOPPING = (ForeignMessage, StoreBehindStream, ProvisioningRefused, JetStreamRefused)
LONGEST_PAUSE = 1.0
"""Seconds between attempts while an engine is away or a cluster elects, at most."""

log = structlog.get_logger()


def poke_subject(service: str) -> str:
    """Where a replica that committed wakes the one that publishes."""
    return f"poke.{service}"


class Relay:
    """Publishes for one service; of all replicas that run one, one is active.

    Args:
        store: whose events.
        nc: a connected client, with the right to publish on the service's subjects.
        database_url: for the election's own connection.
        provision: makes the stream anew where it is missing or has holes; without it that is an alarm.
        replicas: how many servers must hold the stream, at least; with fewer nothing is published.
    """

    def __init__(
        self,
        store: EventStore,
        nc: Client,
        database_url: str,
        provision: Callable[[], Awaitable[object]] | None = None,
        replicas: int = 1,
    ) -> None:
        self.progress = Progress()
        self.published = 0
        self._oldest: datetime | None = None
        self._store = store
        self._nc = nc
        self._provision = provision
        self._replicas = replicas
        self._stream = stream_name(store.service)
        self._election = Election(database_url, relay_seat(store.service))
        self._keeper = StreamKeeper(nc, store, remakes=provision is not None)

    @property
    def remade(self) -> int:
        """How often this replica made a stream with holes anew."""
        return self._keeper.remade

    @property
    def active(self) -> bool:
        """Whether this replica is the one that publishes."""
        return self._election.elected

    @property
    def position(self) -> int:
        """The last position known to be in the stream; 0 while this replica has never been active."""
        return self.progress.position

    @property
    def lag(self) -> int:
        """How many committed events are not in the stream yet, as far as this replica knows."""
        return max(0, self._store.head - self.progress.position)

    @property
    def lag_seconds(self) -> float:
        """How long ago the oldest event was recorded that is not in the stream, as far as is known."""
        if self.lag == 0:
            return 0.0
        oldest = self._store.recorded_at(self.position + 1) or self._oldest
        return (self._store.clock() - oldest).total_seconds() if oldest is not None else 0.0

    @property
    def election(self) -> Election:
        """Who publishes."""
        return self._election

    @property
    def alarm(self) -> str | None:
        """Why nothing is published, where somebody has to do something about it."""
        return self.progress.alarm

    async def run(self) -> None:
        """Stand for election, publish while elected, poke while not; until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._election.run(self._reign))
            group.create_task(self._poke())

    async def _reign(self) -> None:
        self._keeper.begin()
        self._oldest = self._store.clock()  # what others committed before counts from here
        try:
            await self._publish_for_ever()
        finally:
            self.progress.forget_alarm()

    async def _publish_for_ever(self) -> None:
        backoff = Backoff(longest=LONGEST_PAUSE)
        while True:
            try:
                await self._publish(backoff)
            except STOPPING as reason:
                await self._stop(str(reason))
            except (NotAccepted, *OUTAGE) as reason:
                log.warning("relay.interrupted", service=self._store.service, reason=str(reason))
                await backoff.wait()
            except Exception as error:
                log.exception("relay.failed", service=self._store.service)
                await self._stop(repr(error))

    async def _stop(self, reason: str) -> None:
        log.critical("relay.stopped", service=self._store.service, reason=reason)
        await self.progress.raise_alarm(reason)
        await asyncio.sleep(LOOK_AGAIN)

    async def _publish(self, backoff: Backoff) -> None:
        """Take up the stream where it ends and follow the store, until something fails or it has holes."""
        try:
            tail = await self._keeper.take_up(await self._verified())
            await self.progress.move(tail.position)
            log.info("relay.follows", service=self._store.service, position=tail.position, lag=self.lag)
            await self._both(self._keeper.look_through(tail.sequence - 1), self._publish_after(tail, backoff))
        except HoleInStream as hole:
            if await self._keeper.make_anew(hole):
                await self.progress.move(0)

    async def _both(self, *work: Coroutine[Any, Any, None]) -> None:
        """Do both until one fails, and raise its error as it is (a task group would wrap it)."""
        tasks = [asyncio.create_task(one) for one in work]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            await end(*tasks)
        for task in done:
            task.result()

    async def _publish_after(self, tail: Tail, backoff: Backoff) -> None:
        pokes = await self._nc.subscribe(poke_subject(self._store.service), cb=self._poked)
        try:
            logs = await read_lineage(self._store.pool)
            async with Publisher(self._nc, self._stream, logs, self._store.tracer) as publisher:
                under_way = UnderWay(publisher)
                await self._both(self._send(publisher, under_way, tail), self._note(under_way, backoff))
        finally:
            with suppress(nats.errors.Error):
                await pokes.unsubscribe()

    async def _verified(self) -> StreamFound:
        try:
            return await self._verify()
        except Missing:
            if self._provision is None:
                raise
            log.warning("relay.provisions", stream=self._stream)
            await self._provision()
        return await self._verify()

    async def _verify(self) -> StreamFound:
        return await verify_stream(self._nc, self._store.service, self._store.log_id, self._replicas)

    async def _send(self, publisher: Publisher, under_way: UnderWay, tail: Tail) -> None:
        """Publish what is committed, without waiting for what was published before to be stored."""
        while True:
            batch = await self._next(publisher, tail)
            if batch is None:
                await self._idle(tail, under_way)
                continue
            self._oldest = under_way.oldest or batch.oldest
            await under_way.send(batch)
            self._oldest = under_way.oldest
            tail = Tail(batch.sequence, batch.position)

    async def _note(self, under_way: UnderWay, backoff: Backoff) -> None:
        """Take note of what is stored."""
        while True:
            batch = await under_way.stored()
            self._keeper.verified = batch.sequence
            self._oldest = under_way.oldest or self._oldest
            await self.progress.move(batch.position)
            self.published += batch.events
            backoff.reset()

    async def _idle(self, tail: Tail, under_way: UnderWay) -> None:
        """Wait for a commit; meanwhile see to it that the stream still ends where it was left.

        A server that was wiped or lost its last writes would otherwise be noticed at the next commit only.

        Raises:
            NotAccepted: the stream is gone, or ends elsewhere.
            HoleInStream: messages in it are gone.
        """
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._store.advanced(tail.position)
                return
            if under_way.oldest is not None:
                continue  # it is looked at by whoever waits for the acknowledgement
            try:
                stream = await self._verify()
            except Missing as error:
                raise NotAccepted(f"there is no stream {self._stream} any more") from error
            self._keeper.check_whole(stream)
            if self._keeper.reconnected:
                raise NotAccepted("the connection to NATS was lost meanwhile")
            if stream.last_sequence != tail.sequence:
                raise NotAccepted(f"{self._stream} ends at {stream.last_sequence}, not {tail.sequence}")

    async def _next(self, publisher: Publisher, tail: Tail) -> Batch | None:
        records = await self._store.read(tail.position, MAX_BATCH)
        if not records:
            return None
        if records[0].position != tail.position + 1:
            raise ForeignMessage(f"the log of {self._store.service} has a hole after {tail.position}")
        return publisher.prepare(first_batch(records), tail.sequence)

    async def _poke(self) -> None:
        """Wake the active replica when this one commits and is not active itself."""
        seen = self._store.head
        while True:
            seen = await self._store.advanced(seen)
            if not self._election.elected:
                with suppress(*BROKER_OUTAGE):
                    await self._nc.publish(poke_subject(self._store.service), str(seen).encode())

    async def _poked(self, message: Msg) -> None:
        if message.data == str(self._store.head).encode():
            return
        with suppress(*OUTAGE):
            await self._store.look()
