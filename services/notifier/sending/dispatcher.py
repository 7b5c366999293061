"""The dispatcher: hands notifications to the sender when they are due; of all replicas one does.

It keeps what waits in memory and follows the log. A sweeper asks its view for all that is due after every
change; while ten thousand notifications are being sent, that would be most of the work.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
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
    """

    def __init__(
        self,
        store: EventStore,
        views: Views,
        time: Time,
        hand_over: Callable[[Waiting], None],
        database_url: str,
    ) -> None:
        self._store = store
        self._views = views
        self._time = time
        self._hand_over = hand_over
        self._agenda = Agenda()
        self._position = -1
        self._election = Election(database_url, f"{store.service}/dispatcher")

    def at_rest(self) -> bool:
        """Whether nothing is due now, by everything that is in the log."""
        moment = self._agenda.next_moment
        return self._position >= self._store.head and (moment is None or moment > self._time())

    async def run(self) -> None:
        """Stand for election and dispatch while elected; until cancelled."""
        await self._election.run(self._dispatch_for_ever)

    async def _dispatch_for_ever(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self._take_up()
                backoff.reset()
                await self._dispatch()
            except OUTAGE as reason:
                log.warning("dispatcher.interrupted", reason=repr(reason))
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
        while True:
            records = await self._store.read(self._position, PAGE)
            for record in records:
                self._agenda.note(record)
                self._position = record.position
            for waiting in self._agenda.take(self._time()):
                self._hand_over(waiting)
            if not records:
                await self._wait()

    async def _wait(self) -> None:
        """Wait for the next event, or for the next moment, whichever comes first."""
        moment = self._agenda.next_moment
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._store.advanced(self._position))]
        if moment is not None:
            waits.append(asyncio.ensure_future(self._time.reached(moment)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            with suppress(asyncio.CancelledError):
                await end(*waits)
