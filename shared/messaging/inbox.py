"""The inbox: another service's events are taken in here, each exactly once and in order.

The position moves in the transaction of an event's effects, so that a message which comes again,
from whichever reader or refilled stream, changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared.eventstore.errors import InboxMoved
from shared.eventstore.store import EventStore
from shared.messaging.continuity import BrokenStream, OtherLog, check_acknowledged, check_gap
from shared.messaging.election import Election, inbox_seat
from shared.messaging.ending import end
from shared.messaging.intake import ClockAndGate, Intake
from shared.messaging.jetstream import JetStreamRefused
from shared.messaging.outage import OUTAGE, Backoff
from shared.messaging.progress import Progress
from shared.messaging.provision import Missing, ProvisioningRefused, verify_consumer, verify_stream
from shared.messaging.received import MalformedMessage
from shared.messaging.source import Arrival, Source
from shared.messaging.steps import ReactionFailed

GAP_PATIENCE = 5.0
"""Seconds that a missing event gets to come again before the stream is searched for it."""

STOPPING = (ReactionFailed, MalformedMessage, BrokenStream)

LONGEST_PAUSE = 1.0
"""Seconds between attempts while an engine is away or a cluster elects, at most."""

LOOK_AGAIN = 10.0
"""Seconds after which a stopped inbox tries again: what was mended needs no restart."""

log = structlog.get_logger()


class Inbox:
    """Takes in the events of one other service; of all replicas that run it, one is active.

    Args:
        store: of the service that takes in.
        broker: this process's connection, from `broker_for`.
        source: the other service; also the inbox's name.
        intake: what becomes of the events.
        database_url: for the election's own connection.
        provision: makes the consumer anew where it is missing; without it that is an alarm.
        timing: when what is parked is tried again; without it that is not done.
    """

    def __init__(
        self,
        store: EventStore,
        broker: NatsBroker,
        source: str,
        intake: Intake,
        database_url: str,
        provision: Callable[[], Awaitable[object]] | None = None,
        timing: ClockAndGate | None = None,
    ) -> None:
        self.source = source
        self.progress = Progress()
        self._store = store
        self._broker = broker
        self._intake = intake
        self._provision = provision
        self._timing = timing
        self._reading: Source | None = None
        self._backlog = 0
        self._blocked = False
        self._stopped = False
        self.taken_in = 0
        """Events that this replica has taken in, or parked."""
        self._oldest: datetime | None = None
        self._election = Election(database_url, inbox_seat(store.service, source))
        self._log = log.bind(service=store.service, source=source)

    @property
    def active(self) -> bool:
        """Whether this replica is the one that reads."""
        return self._election.elected

    @property
    def position(self) -> int:
        """The position of the source up to which everything is taken in, as far as this replica knows."""
        return self.progress.position

    @property
    def lag(self) -> int:
        """Messages that the source's stream still holds for this inbox; some seconds old.

        While the inbox is stopped it is what it was at the last attempt.
        """
        return self._reading.backlog if self._reading is not None else self._backlog

    @property
    def blocked(self) -> bool:
        """Whether a message that is no event stops it: nothing behind that comes in before a restore."""
        return self._blocked and (self._reading is None or not self._reading.at_the_end)

    @property
    def lag_seconds(self) -> float:
        """Since the oldest event was recorded that has come and is not taken in; 0 where none waits."""
        if self._oldest is None:
            return 0.0
        return (self._store.clock() - self._oldest).total_seconds()

    @property
    def election(self) -> Election:
        """Who takes in."""
        return self._election

    @property
    def alarm(self) -> str | None:
        """What stopped the inbox, or part of it, where somebody has to do something about it."""
        return self.progress.alarm or self._intake.alarm

    @property
    def parked(self) -> int:
        """How many events are parked; 0 where another replica reads."""
        return self._intake.parked

    @property
    def given_up(self) -> int:
        """Of how many streams the first event waits for a person; 0 where another replica reads."""
        return self._intake.given_up

    @property
    def at_rest(self) -> bool:
        """Whether nothing that is parked is to be tried now."""
        return self._intake.at_rest

    async def run(self) -> None:
        """Stand for election and take in while elected; until cancelled."""
        await self._election.run(self._reign)

    async def _reign(self) -> None:
        try:
            await _first_to_fail(self._take_in_for_ever(), *self._trying_again())
        finally:
            self.progress.forget_alarm()
            self._oldest, self._backlog, self._blocked = None, 0, False

    def _trying_again(self) -> list[Awaitable[None]]:
        return [self._intake.try_again(self._timing)] if self._timing is not None else []

    async def _take_in_for_ever(self) -> None:
        backoff = Backoff(longest=LONGEST_PAUSE)
        while True:
            try:
                await self._session(backoff)
            except STOPPING as reason:
                self._blocked = isinstance(reason, MalformedMessage)
                await self._stop(str(reason), **getattr(reason, "about", {}))
            except (ProvisioningRefused, JetStreamRefused) as reason:
                self._log.error("inbox.waits", reason=str(reason))
                await self.progress.raise_alarm(str(reason))
                await backoff.wait()
            except (InboxMoved, *OUTAGE) as reason:
                self._log.warning("inbox.interrupted", reason=repr(reason))
                await backoff.wait()
            except Exception as error:
                self._log.exception("inbox.failed")
                await self._stop(repr(error))

    async def _stop(self, reason: str, **about: object) -> None:
        """Stay where it stands; somebody has to mend something. Look again in a while whether it is mended.

        The alarm stays until an event is taken in.
        """
        if reason != self.progress.alarm:
            self._log.critical("inbox.stopped", position=self.position, reason=reason, **about)
        self._stopped = True
        await self.progress.raise_alarm(reason)
        await asyncio.sleep(LOOK_AGAIN)

    async def _session(self, backoff: Backoff) -> None:
        """Subscribe and take in; ends by an exception only."""
        nc = await self._broker.connect()
        position = await self._take_up(nc)
        await self._intake.begin()
        await self._intake.look_back(nc, position)
        if not self._stopped:
            self._oldest = None
            await self.progress.move(position)
        self._log.info("inbox.reads", position=position)
        async with Source(self._broker, nc, self._store.service, self.source) as source:
            source.backlog, self._reading = self._backlog, source
            try:
                await _first_to_fail(source.watch(), self._follow(nc, source, position, backoff))
            finally:
                self._backlog, self._reading = source.backlog, None
                self._oldest = source.oldest(self.position) or self._oldest

    async def _take_up(self, nc: Client) -> int:
        """Verify the stream and the consumer; return the position that this service stands at."""
        stream = await verify_stream(nc, self.source)
        try:
            consumer = await verify_consumer(nc, self._store.service, self.source)
        except Missing:
            if self._provision is None:
                raise
            self._log.warning("inbox.provisions")
            await self._provision()
            consumer = await verify_consumer(nc, self._store.service, self.source)
        tracked = await self._store.pool.fetchval(
            "WITH new AS (INSERT INTO inboxes (name, position, log_id) VALUES ($1, 0, $2)"
            " ON CONFLICT (name) DO NOTHING)"
            " SELECT coalesce((SELECT log_id FROM inboxes WHERE name = $1), $2)",
            self.source,
            stream.log_id,
        )
        if tracked != stream.log_id:
            raise OtherLog(self.source, tracked, stream.log_id)
        # What is acknowledged is committed: the floor must be asked for first.
        floor = consumer["ack_floor"]["stream_seq"]
        position = await self._store.inbox_position(self.source)
        self._backlog = consumer["num_pending"] + consumer["num_ack_pending"]
        await check_acknowledged(nc, self._store.service, self.source, floor, position)
        self._tracked = stream.log_id
        return position

    async def _follow(self, nc: Client, source: Source, position: int, backoff: Backoff) -> None:
        while True:
            try:
                arrivals = await source.following(position, self._intake.window, GAP_PATIENCE)
            except TimeoutError:
                await check_gap(nc, self._store.service, self.source, source.earliest(), position)
                continue
            before, self._oldest = position, arrivals[0].received.recorded_at
            position = await self._take_in(source, arrivals, position)
            self._oldest = None
            self.taken_in += position - before
            self._stopped = self._blocked = False
            await self.progress.move(position)
            backoff.reset()

    async def _take_in(self, source: Source, arrivals: list[Arrival], position: int) -> int:
        events = [arrival.received for arrival in arrivals]
        for received in events:
            if received.log_id != self._tracked:
                raise OtherLog(self.source, self._tracked, received.log_id)
        position = await self._intake.take(events, position)
        await source.acknowledge([arrival for arrival in arrivals if arrival.received.position <= position])
        return position


async def _first_to_fail(*work: Awaitable[None]) -> None:
    """Run until one fails, end the others, and raise its error as it is (a task group would wrap it)."""
    tasks = [asyncio.ensure_future(part) for part in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end(*tasks)
    for task in done:
        task.result()
