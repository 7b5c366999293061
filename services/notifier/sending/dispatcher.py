"""The dispatcher: hands notifications to the sender when they are due; of all replicas one does.

It keeps what waits in memory and follows the log. A sweeper asks its view for all that is due after every
change; while ten thousand notifications are being sent, that would be most of the work.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog

from services.notifier.sending.agenda import Agenda, Waiting
from shared.domain.clock import Time
from shared.eventstore.store import EventStore
from shared.messaging.election import Election
from shared.messaging.ending import end
from shared.messaging.outage import OUTAGE, Backoff
from shared.projections import Due, Views
from shared.projections.errors import ViewUnfolded
from shared.service.gate import Gate

EVER = datetime.max.replace(tzinfo=UTC)
PAGE = 500

log = structlog.get_logger()


class Dispatcher:
    """Follows the log of notifications, and the clock.

    Args:
        store: whose log.
        views: the read models, from which it takes up what waits at a start.
        time: tells and awaits moments.
        hand_over: takes a notification that is due; what was handed over comes again only after a change.
        database_url: for the election's own connection.
        gate: passed before anything is handed over.
    """

    def __init__(
        self,
        store: EventStore,
        views: Views,
        time: Time,
        hand_over: Callable[[Waiting], None],
        database_url: str,
        gate: Gate,
    ) -> None:
        self.alarm: str | None = None
        self._store = store
        self._views = views
        self._time = time
        self._hand_over = hand_over
        self._gate = gate
        self._agenda = Agenda()
        self._position = -1
        self._election = Election(database_url, f"{store.service}/dispatcher")

    @property
    def election(self) -> Election:
        """Who dispatches."""
        return self._election

    @property
    def waiting(self) -> int | None:
        """How many notifications wait for their moment; None where another replica dispatches."""
        return len(self._agenda) if self._election.elected else None

    def at_rest(self) -> bool:
        """Whether nothing is due now, by everything that is in the log; or what is due waits at the gate."""
        moment = self._agenda.next_moment
        waits = moment is None or moment > self._time() or self._gate.awaited
        return self._position >= self._store.head and waits

    async def check(self) -> str | None:
        """Say what keeps it from dispatching, where somebody has to do something about it."""
        return self.alarm

    async def run(self) -> None:
        """Stand for election and dispatch while elected; until cancelled."""
        await self._election.run(self._dispatch_for_ever)

    async def _dispatch_for_ever(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self._take_up()
                backoff.reset()
                self.alarm = None
                await self._dispatch()
            except (*OUTAGE, ViewUnfolded) as reason:
                log.warning("dispatcher.interrupted", reason=repr(reason))
            except Exception:
                log.exception("dispatcher.failed")
                self.alarm = "what is due cannot be dispatched; see the log"
            finally:
                self._position = -1
            await backoff.wait()

    async def _take_up(self) -> None:
        """Read what waits from the view; what that folds meanwhile is read again from the log, and agrees."""
        self._agenda = Agenda()
        position = await self._views.beyond(self._store.head - 1)
        last: Due | None = None
        while page := await self._views.due("notifications", EVER, last, PAGE):
            last = page[-1]
            for due in page:
                self._agenda.add(Waiting.of_row(due.row))
        self._position = position

    async def _dispatch(self) -> None:
        """Follow the log and the clock; ends by an exception only."""
        passed = self._gate.is_open
        while True:
            records = await self._store.read(self._position, PAGE)
            for record in records:
                self._agenda.note(record)
                self._position = record.position
            if passed:
                for waiting in self._agenda.take(self._time()):
                    self._hand_over(waiting)
            passed = self._gate.is_open if records else await self._wait()

    async def _wait(self) -> bool:
        """Wait for the next event, or until more can be handed over; tell whether that is so."""
        moment = self._agenda.next_moment
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._store.advanced(self._position))]
        if moment is not None:
            waits.append(asyncio.ensure_future(self._due(moment)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            return self._gate.is_open or any(one.done() for one in waits[1:])
        finally:
            await end(*waits)

    async def _due(self, moment: datetime) -> None:
        await self._time.reached(moment)
        await self._gate.passed()
