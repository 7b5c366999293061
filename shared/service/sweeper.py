"""The sweeper: lets happen what is due, at its moment; of all replicas one sweeps.

What is due, and when, says a view: it is derived from the log, so that nothing is forgotten over a restart
and nothing has to be kept in step. After an outage everything that fell due meanwhile is found at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

import structlog

from shared.domain.clock import Time
from shared.domain.refusal import Refusal
from shared.eventstore.store import EventStore
from shared.messaging.election import Election
from shared.messaging.ending import end
from shared.messaging.outage import OUTAGE, Backoff
from shared.projections import Due, Views
from shared.projections.errors import ViewUnfolded
from shared.service.acting import Acts
from shared.service.due_order import DueOrder, later_of
from shared.service.gate import Gate
from shared.service.punctuality import DONE, FAILED, REFUSED, Punctuality
from shared.telemetry.tracing import following

Act = Callable[[Due], Awaitable[object]]
"""Does what is due about a row, by a command that changes the row; it may come again for the same row."""

Ready = Callable[[], Awaitable[object]]
"""Waits, within a bound, until what is due can be judged: until all that could change it is known."""

PAGE = 500

UNAVAILABLE = 500
"""From this status on a refusal says nothing about the row: whoever would act on it is not there."""

log = structlog.get_logger()


class Sweeper:
    """Acts on the rows of a view when they are due.

    Every act must, in the end, change its row by an event, or refuse for good: a row that is the same after
    its act is left alone until it changes. Where an act raises anything else, what is due besides is done
    first; then there is an alarm, and it is tried again.

    Args:
        store: whose log.
        views: read models that follow it.
        view: the one whose rows have due moments.
        act: what to do about a row.
        time: tells and awaits moments.
        database_url: for the election's own connection.
        at_once: acts under way together, at most.
        gate: passed before anything is done.
        ready: awaited once in each pass that has something to do, before the first act.
    """

    def __init__(
        self,
        store: EventStore,
        views: Views,
        view: str,
        act: Act,
        time: Time,
        database_url: str,
        at_once: int = 250,
        gate: Gate | None = None,
        ready: Ready | None = None,
    ) -> None:
        self.alarm: str | None = None
        self._store = store
        self._views = views
        self.view = view
        self._act = act
        self._time = time
        self._gate = gate or Gate()
        self._at_once = at_once
        self._ready = ready
        self._left_alone: dict[str, Due] = {}
        self.punctuality = Punctuality()
        self._swept: tuple[int, datetime | None] | None = None
        self._election = Election(database_url, f"{store.service}/sweeper/{view}")

    @property
    def active(self) -> bool:
        """Whether this replica is the one that sweeps."""
        return self._election.elected

    @property
    def election(self) -> Election:
        """Who sweeps."""
        return self._election

    @property
    def at_rest(self) -> bool:
        """Whether nothing is due now, by everything that is in the log; or what is due waits at the gate."""
        if self._gate.awaited:
            return True
        if self._swept is None:
            return False
        position, following = self._swept
        return position >= self._store.head and (following is None or self._time() < following)

    async def run(self) -> None:
        """Stand for election and sweep while elected; until cancelled."""
        await self._election.run(self._reign)

    async def _reign(self) -> None:
        try:
            await self._sweep_for_ever()
        finally:
            self.punctuality.rests()

    async def _sweep_for_ever(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self._sweep(backoff)
            except (*OUTAGE, ViewUnfolded) as reason:
                log.warning("sweeper.interrupted", view=self.view, reason=repr(reason))
            except Exception:  # of one act; the others were done
                log.exception("sweeper.failed", view=self.view)
                self.alarm = f"what is due in {self.view} cannot be done; see the log"
            self._swept = None
            await backoff.wait()

    async def _sweep(self, backoff: Backoff) -> None:
        """Follow the view and the clock; ends by an exception only."""
        self._left_alone.clear()
        while True:
            position, now = await self._views.beyond(self._store.head - 1), self._time()
            if await self._act_on_due(now):
                backoff.reset()
                continue
            following = self._earlier(await self._views.next_due(self.view, now), now)
            self._swept, self.alarm = (position, following), None
            self.punctuality.awaits(following)
            await self._wait(position, following)

    async def _act_on_due(self, now: datetime) -> bool:
        """Act on everything that is due by now; tell whether there was anything."""
        acts = Acts(self._at_once)
        try:
            acted = await self._begin_all(now, acts)
            await acts.ended()
        finally:
            await acts.give_up()
        return acted

    async def _begin_all(self, now: datetime, acts: Acts) -> bool:
        """Begin every act in the order in which they were due, but in an outage; tell whether there were any.

        While those of one page go on the next page is read, and nothing waits for the last of a page: a row
        whose deadline has moved since it was read is for its act to find out, as it is for one that waits.
        """
        before, self._left_alone = self._left_alone, {}
        acted, passed, order = False, self._gate.is_open, DueOrder(self._views[self.view], now)
        last: Due | None = None
        page = await self._views.due(self.view, now, last, PAGE)
        while page and acts.outage is None:
            found = order.told(page)
            fresh = [due for due in found if before.get(due.key) != due]
            if fresh and not passed:
                await self._gate.passed()
                passed = True
                page = await self._views.due(self.view, now, last, PAGE)  # more may be due by then
                continue
            last = page[-1]
            self._left_alone |= {due.key: due for due in found if before.get(due.key) == due}
            self.punctuality.found(fresh)
            if fresh and not acted and self._ready is not None:
                await self._ready()
            beyond = asyncio.ensure_future(self._views.due(self.view, now, last, PAGE))
            try:
                await self._begin(order.add(fresh, last), acts)
                acted = acted or bool(fresh)
                page = await beyond
            finally:
                await end(beyond)
        await self._begin(order.rest(), acts)
        return acted

    async def _begin(self, dues: Iterable[Due], acts: Acts) -> None:
        for due in dues:
            if acts.outage is not None:
                return
            await acts.begin(self._act_on, due)

    def _earlier(self, following: datetime | None, now: datetime) -> datetime | None:
        """The next moment, or an earlier one at which something else is due about what is left alone."""
        then = self._views[self.view].then
        moments = [later_of(then, due) for due in self._left_alone.values()]
        return min([one for one in (following, *moments) if one is not None and one > now], default=None)

    async def _act_on(self, due: Due) -> None:
        outcome = FAILED
        try:
            outcome = await self._act_traced(due)
        finally:
            self.punctuality.acted(due, outcome, self._time())
        self._left_alone[due.key] = due

    async def _act_traced(self, due: Due) -> str:
        """Act; nobody asked for it, so it begins a trace of its own. Return what came of it."""
        tracer = self._store.tracer
        span = tracer.begin(f"sweep {self.view}", "internal", view=self.view) if tracer is not None else None
        outcome = FAILED
        try:
            with following(span):
                await self._act(due)
            outcome = DONE
        except Refusal as refusal:
            if refusal.status >= UNAVAILABLE:
                raise
            log.warning("sweeper.refused", view=self.view, key=due.key, reason=str(refusal))
            outcome = REFUSED
        finally:
            if span is not None:
                span.end(FAILED if outcome == FAILED else None, outcome=outcome)
        return outcome

    async def _wait(self, position: int, moment: datetime | None) -> None:
        """Wait for the next due moment, or for a change of the view, whichever comes first."""
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._views.beyond(position))]
        if moment is not None:
            waits.append(asyncio.ensure_future(self._time.reached(moment)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end(*waits)
