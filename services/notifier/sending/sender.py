"""The sender: makes the attempts that are due, and records what came of each.

What was sent and not yet recorded when the process died is sent again, under the same id.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from services.notifier.secrets import MasterKey
from services.notifier.sending.agenda import Waiting
from services.notifier.sending.assignment import Assignment, assigning, recording
from services.notifier.sending.client import WebhookClient
from services.notifier.sending.lanes import Lanes
from services.notifier.sending.outcome import DONE, Attempted, Reason, failed
from services.notifier.sending.webhook import body_of, signed_headers
from shared.contracts.notifier import Channel
from shared.domain.clock import Clock
from shared.eventstore.store import EventStore
from shared.messaging.finding import EventMissing, Found
from shared.messaging.jetstream import JetStreamRefused
from shared.messaging.outage import OUTAGE, Backoff
from shared.messaging.received import Received

T = TypeVar("T")

WIDTH = 4
"""Attempts under way together for one subscription, at most."""

AWAY = (JetStreamRefused, *OUTAGE)
"""An engine of ours is away: that is no failure of an attempt, and is waited out."""

Find = Callable[[Found], Awaitable[Received]]

log = structlog.get_logger()


class Sender:
    """Sends notifications, each subscription in a lane of its own.

    Args:
        store: of this service.
        clock: for the moment that webhooks are signed with.
        key: from which the secrets follow.
        private: whether webhooks may go to private networks.
    """

    def __init__(self, store: EventStore, clock: Clock, key: MasterKey, private: bool) -> None:
        self._store = store
        self._clock = clock
        self._key = key
        self._private = private
        self._lanes = Lanes(self._send, WIDTH)
        self._tools: asyncio.Future[tuple[Find, WebhookClient]] | None = None

    def at_rest(self) -> bool:
        """Whether nothing is being sent, nor waits to be."""
        return self._lanes.empty

    def hand_over(self, waiting: Waiting) -> None:
        """Take over a notification that is due; return at once."""
        self._lanes.add(waiting)

    async def run(self, find: Find) -> None:
        """Send what is handed over, until cancelled; `find` reads events from their streams."""
        client = WebhookClient(self._private)
        self._ready().set_result((find, client))
        try:
            await asyncio.Event().wait()
        finally:
            await self._lanes.close()
            await client.close()

    def _ready(self) -> "asyncio.Future[tuple[Find, WebhookClient]]":
        if self._tools is None:
            self._tools = asyncio.get_running_loop().create_future()
        return self._tools

    async def _send(self, waiting: Waiting) -> None:
        """Make one attempt, and record it; do neither where it is not to be sent any more."""
        assignment = await self._assigned(waiting)
        if assignment is None:
            return
        if assignment.channel is Channel.LOG or assignment.url is None:
            _write(assignment)
            await self._record(waiting, assignment, DONE)
            return
        find, client = await asyncio.shield(self._ready())
        async with client.place(assignment.url):
            # A place may be long in coming: what is to be sent now counts, where to, and by which secret.
            assignment = await self._assigned(waiting)
            if assignment is not None:
                await self._record(waiting, assignment, await self._attempted(assignment, find, client))

    async def _assigned(self, waiting: Waiting) -> Assignment | None:
        outcome = await patiently(lambda: self._store.execute(assigning(waiting)))
        return outcome.value

    async def _record(self, waiting: Waiting, assignment: Assignment, attempted: Attempted) -> None:
        await patiently(lambda: self._store.execute(recording(waiting, assignment.attempt, attempted)))

    async def _attempted(self, assignment: Assignment, find: Find, client: WebhookClient) -> Attempted:
        try:
            return await self._post(assignment, find, client)
        except EventMissing:
            return failed(Reason.EVENT_MISSING)
        except Exception:
            log.exception("notification.failed-here", notification=assignment.notification)
            return failed(Reason.FAILED_HERE)

    async def _post(self, assignment: Assignment, find: Find, client: WebhookClient) -> Attempted:
        place = Found(assignment.of_type, assignment.of_stream, assignment.of_position, assignment.event)
        body = body_of(await patiently(lambda: find(place)))
        secrets = [
            self._key.secret(assignment.owner, assignment.subscription, number)
            for number in assignment.secret_numbers
        ]
        now = self._clock()
        headers = signed_headers(assignment.notification, body, secrets, now)
        return await client.post(assignment.url or "", headers, body, now)


def _write(assignment: Assignment) -> None:
    log.info(
        "notification.logged",
        notification=assignment.notification,
        subscription=assignment.subscription,
        type=assignment.of_type,
        id=str(assignment.event),
        subject=assignment.of_stream,
        position=assignment.of_position,
        keys=assignment.of_keys,
    )


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Do something with an engine; wait out its absence."""
    backoff = Backoff()
    while True:
        try:
            return await attempt()
        except AWAY as reason:
            log.warning("sending.waits", reason=repr(reason))
            await backoff.wait()
