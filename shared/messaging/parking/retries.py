"""Trying parked events again: of each queue the first, and after it those behind it, in order.

One is tried when it is due; besides when something changed in this service that its reaction needs, since
what was missing may be there now; and once by each new reader, since another release may be able to. Of these
only the attempts that were due count.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Any

import structlog

from shared.contracts.identity import stream_of
from shared.contracts.inbox import Retried, Skipped, TakenIn
from shared.eventstore.command import Command
from shared.eventstore.errors import PreconditionFailed
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.messaging.ending import end
from shared.messaging.intake import ClockAndGate
from shared.messaging.outage import OUTAGE, Backoff
from shared.messaging.parking.doubts import Doubts
from shared.messaging.parking.failures import Failed, failed_by
from shared.messaging.parking.orders import DELAYS, Orders, next_after
from shared.messaging.parking.parked_events import ParkedEvents
from shared.messaging.parking.refusals import NotAsParked, NotFirst, NotParked
from shared.messaging.parking.shelf import First, Shelf
from shared.messaging.received import Received

TOGETHER = 100
"""Events of one queue that are taken in one on top of the other."""

log = structlog.get_logger()


class Retries:
    """Tries what the reader of one source has parked. While nothing is parked it costs nothing."""

    def __init__(
        self,
        store: EventStore,
        source: str,
        react: Callable[[Received], Command[Any] | None],
        orders: Orders,
        shelf: Shelf,
        doubts: Doubts,
        kind: type[ParkedEvents],
    ) -> None:
        self.given_up = 0
        self._store = store
        self._source = source
        self._react = react
        self._orders = orders
        self._shelf = shelf
        self._doubts = doubts
        self._kind = kind
        self._own = stream_of(ParkedEvents.kind, source)
        self._timing: ClockAndGate | None = None
        self._busy = False
        self._seen = 0
        self._following: datetime | None = None
        self._tried: dict[str, int] = {}
        self._needs: dict[str, frozenset[str]] = {}
        self._bounds: dict[int, datetime] = {}
        self._waits: dict[int, int] = {}
        self._log = log.bind(service=store.service, source=source)

    @property
    def at_rest(self) -> bool:
        """Whether nothing is to be tried now, by everything that is in the log; or waits at the gate."""
        if self._timing is None or self._timing.gate.awaited:
            return True
        if self._busy or not self._shelf:
            return not self._busy
        awaits = self._following is None or self._timing.time() < self._following
        return self._seen >= self._store.head and awaits and not self._shelf.changed.is_set()

    async def run(self, timing: ClockAndGate) -> None:
        """Try what is due, as long as this replica reads; until cancelled."""
        self._timing = timing
        backoff = Backoff()
        try:
            while True:
                try:
                    await self._follow(timing, backoff)
                except OUTAGE as reason:
                    self._log.warning("inbox.retries-interrupted", reason=repr(reason))
                except Exception:  # what is mended needs no restart
                    self._log.exception("inbox.retries-failed")
                await backoff.wait()
        finally:
            self._timing, self._busy, self.given_up = None, False, 0
            self._tried.clear()
            self._needs.clear()
            self._doubts.clear()
            self._bounds.clear()
            self._waits.clear()
            self._shelf.clear()

    async def _follow(self, timing: ClockAndGate, backoff: Backoff) -> None:
        """Follow the shelf, the log and the clock; ends by an exception only."""
        while True:
            self._shelf.changed.clear()
            if not self._shelf:
                self._busy, self.given_up = False, 0
                self._tried.clear()
                self._needs.clear()
                await self._shelf.changed.wait()
                self._seen = self._store.head
                continue
            self._busy = True
            await self._catch_up()
            firsts = await self._firsts(timing.time())
            self.given_up = sum(first.given_up for first in firsts)
            if self._due(firsts, timing.time()):
                await timing.gate.passed()
                for first in self._due(firsts, timing.time()):
                    await self._try(first, timing.time())
                backoff.reset()
                continue
            awaited = [
                one.next_attempt for one in firsts if one.next_attempt and not self._holds(one.position)
            ]
            self._following = min(awaited, default=None)
            self._busy = False
            await self._wait(timing)

    async def _firsts(self, now: datetime) -> list[First]:
        """The first event of each queue; what is not stored has left, or somebody has removed it."""
        wanted = self._shelf.firsts()
        firsts = await self._shelf.first_of_each(self._store.pool)
        absent = wanted - {first.position for first in firsts}
        for position in sorted(await self._doubts.ask_log_for(absent)):
            self._remove(position)
        await self._doubts.compare_given_up({first.position for first in firsts if first.given_up})
        return [self._bounded(first, now) for first in firsts]

    def _bounded(self, first: First, now: datetime) -> First:
        """No row puts the next attempt off for longer than the longest delay after it was seen first."""
        latest = now + DELAYS[-1]
        if first.next_attempt is None or first.next_attempt <= latest:
            self._bounds.pop(first.position, None)
            return first
        return replace(first, next_attempt=self._bounds.setdefault(first.position, latest))

    def _holds(self, position: int) -> bool:
        """Whether nothing may be taken in of a position: it is doubted, or rests on what waits elsewhere."""
        return self._doubts.holds(position) or self._shelf.holds(self._waits.get(position))

    def _due(self, firsts: list[First], now: datetime) -> list[First]:
        """Those to be tried now: by the clock, or because this reader has not tried them as things are."""
        return [
            one
            for one in firsts
            if not self._holds(one.position)
            and not one.given_up
            and (one.due(now) or self._tried.get(one.queue) != one.position)
        ]

    async def _try(self, first: First, now: datetime) -> None:
        """Take in a queue's first events as far as they let themselves be taken in."""
        self._tried[first.queue] = first.position
        try:
            queue = await self._shelf.queue(self._store.pool, first.queue, TOGETHER)
        except NotAsParked as found:
            self._doubts.doubt(found)
            return
        queue = list(takewhile(lambda one: not self._holds(one[0].position), queue))
        commands: list[Command[Any]] = []
        failure: BaseException | None = None
        for received, _ in queue:
            try:
                self._shelf.compare(received)
                commands.append(self._orders.take_in(received, self._react(received)))
            except Exception as error:
                failure = error
                break
        outcomes = await asyncio.gather(*self._store.execute_in_order(commands), return_exceptions=True)
        done = 0
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                failure = outcome
                break
            received = queue[done][0]
            self._remove(received.position)
            self._log.info("inbox.taken-in-after-all", position=received.position, stream=received.stream)
            done += 1
        if failure is None:
            return
        received, attempts = queue[done]
        self._tried[first.queue] = received.position
        needs = commands[done].reads if done < len(commands) else ()
        self._needs[first.queue] = frozenset(stream_of(kind.kind, id) for kind, id in needs) - {self._own}
        if isinstance(failure, NotFirst):
            await self._wait_for(first.queue, received.position, attempts, failure)
            return
        counts = attempts == 0 or first.due(now)
        await self._failed(received, attempts, counts, failure)

    async def _failed(self, received: Received, attempts: int, counts: bool, failure: BaseException) -> None:
        """Note an attempt that failed; after the last one the event waits for a person."""
        if isinstance(failure, NotParked):
            self._remove(received.position)
            return
        if isinstance(failure, NotAsParked):
            self._doubts.doubt(failure)
            return
        if isinstance(failure, (asyncio.CancelledError, *OUTAGE)):
            raise failure
        failed = failed_by(failure)
        if not counts:
            await self._shelf.note_reason(self._store.pool, received.position, attempts, failed.render())
            return
        now_tried = attempts + 1
        following = next_after(now_tried, self._store.clock(), failed)
        said = {"position": received.position, "stream": received.stream, "attempts": now_tried}
        if following is not None:
            self._log.warning("inbox.still-parked", **said, code=failed.failure.code, detail=failed.detail)
            await self._shelf.note_attempt(
                self._store.pool, received.position, attempts, now_tried, following, failed.render()
            )
            return
        if await self._give_up(received, attempts, failed):
            self._log.critical("inbox.given-up", **said, code=failed.failure.code, detail=failed.detail)

    async def _wait_for(self, queue: str, position: int, attempts: int, refused: NotFirst) -> None:
        """Let an event wait, which has failed at nothing, until the one has left that it rests on.

        It was parked apart by a release that did not know of that, or its queue has joined an earlier one.
        """
        first = refused.facts["first"]
        if not self._shelf.holds(first):
            return
        self._waits[position] = first
        self._tried.pop(queue, None)
        await self._shelf.note_reason(self._store.pool, position, attempts, failed_by(refused).render())

    async def _give_up(self, received: Received, attempts: int, failed: Failed) -> bool:
        """Let an event wait for a person, unless a person has had it tried again meanwhile.

        That moves the aggregate, and the row with it: so first its version, then the row, and only on that
        version is it given up.
        """
        while True:
            version = (await self._store.load(self._kind, self._source)).version
            if not await self._shelf.still_tried(self._store.pool, received.position, attempts):
                return False
            with suppress(PreconditionFailed):
                await self._store.execute(self._orders.give_up(received, attempts + 1, failed, version))
                return True

    async def _wait(self, timing: ClockAndGate) -> None:
        """Wait until one is due, one more is parked, or something happened here that one needs."""
        waits = [asyncio.ensure_future(self._news()), asyncio.ensure_future(self._shelf.changed.wait())]
        if self._following is not None:
            waits.append(asyncio.ensure_future(timing.time.reached(self._following)))
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end(*waits)
        for wait in done:
            wait.result()

    async def _news(self) -> None:
        """Follow the service's own log until something in it concerns what is parked."""
        while not self._busy:
            await self._store.advanced(self._seen)
            await self._catch_up()

    async def _catch_up(self) -> None:
        """Take note of what happened in this service since the last look."""
        while self._seen < self._store.head:
            for record in await self._store.read(self._seen):
                self._seen = record.position
                self._take_note(record)

    def _take_note(self, record: Record) -> None:
        """Note what an event of this service changes about what is parked; then there is something to do."""
        if record.stream == self._own:
            self._busy = True
            if isinstance(record.event, (TakenIn, Skipped)):
                self._remove(record.event.of_position)
            elif isinstance(record.event, Retried):
                self._doubts.retried(record.event.of_position)
            return
        for queue in [queue for queue, needs in self._needs.items() if record.stream in needs]:
            self._busy = True
            self._tried.pop(queue, None)

    def _remove(self, position: int) -> None:
        self._doubts.forget(position)
        self._bounds.pop(position, None)
        self._waits.pop(position, None)
        if (queue := self._shelf.remove(position)) is not None:
            self._tried.pop(queue, None)
            self._needs.pop(queue, None)
