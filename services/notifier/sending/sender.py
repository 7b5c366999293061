"""The sender: makes the attempts that are due, and records what came of each.

What was sent and not yet recorded when the process died is sent again, under the same id.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from typing import TypeVar
from urllib.parse import urlsplit

import structlog
from structlog.contextvars import bound_contextvars

from services.notifier.secrets import MasterKey
from services.notifier.sending.agenda import Waiting
from services.notifier.sending.aside import Aside
from services.notifier.sending.assignment import Assignment, assigning, recording
from services.notifier.sending.client import WebhookClient
from services.notifier.sending.deliveries import DELIVERED, Deliveries
from services.notifier.sending.guard import Checked
from services.notifier.sending.lanes import Lanes
from services.notifier.sending.outcome import DONE, Attempted, NotSent, Reason
from services.notifier.sending.places import Places
from services.notifier.sending.webhook import body_of, signed_headers
from shared.contracts.notifier import Channel
from shared.domain.clock import Time
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
        time: for the moment that webhooks are signed with, and for what is set aside.
        key: from which the secrets follow.
        private: whether webhooks may go to private networks.
    """

    def __init__(self, store: EventStore, time: Time, key: MasterKey, private: bool) -> None:
        self._store = store
        self._time = time
        self._key = key
        self._private = private
        self._lanes = Lanes(self._send, WIDTH)
        self._places = Places()
        self._aside = Aside(time, self._lanes.add)
        self.deliveries = Deliveries()
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
            await self._aside.close()
            await self._lanes.close()
            await client.close()

    def _ready(self) -> "asyncio.Future[tuple[Find, WebhookClient]]":
        if self._tools is None:
            self._tools = asyncio.get_running_loop().create_future()
        return self._tools

    async def _send(self, waiting: Waiting) -> None:
        """Make one attempt, and record it; where a defect of ours keeps even that back, set it aside."""
        with bound_contextvars(**waiting.about):
            try:
                await self._attempt(waiting)
            except Exception:
                log.exception("sending.set-aside")
                self._aside.put(waiting)
            else:
                self._aside.forget(waiting)

    async def _attempt(self, waiting: Waiting) -> None:
        """Make one attempt, unless it is not to be sent any more."""
        assignment = await self._assigned(waiting)
        while assignment is not None:
            if assignment.channel is Channel.LOG or assignment.url is None:
                await self._record(waiting, assignment, _written(assignment))
                return
            assignment = await self._attempt_at(assignment.url, assignment.owner, waiting)

    async def _attempt_at(self, url: str, owner: str, waiting: Waiting) -> Assignment | None:
        """Make one attempt at a receiver; return the assignment where it leads elsewhere by now."""
        find, client = await asyncio.shield(self._ready())
        async with self._places.place(url, owner):
            leads = await self._checked(client, url, owner)
            # Place and look-up may be long in coming: what is to be sent now counts, and by which secret.
            assignment = await self._assigned(waiting)
            if assignment is None or assignment.url != url:
                return assignment
            if isinstance(leads, Checked):
                waiting, leads = await self._attempted(waiting, assignment, url, leads, find, client)
            await self._record(waiting, assignment, leads)
        return None

    async def _assigned(self, waiting: Waiting) -> Assignment | None:
        outcome = await patiently(lambda: self._store.execute(assigning(waiting)))
        return outcome.value

    async def _record(self, waiting: Waiting, assignment: Assignment, attempted: Attempted) -> None:
        """Record what came of an attempt; what cannot be recorded as it was has failed here."""
        try:
            await patiently(lambda: self._store.execute(recording(waiting, assignment.attempt, attempted)))
        except Exception:
            log.exception("notification.failed-here")
            attempted = Attempted(Reason.FAILED_HERE)
            failed = recording(waiting, assignment.attempt, attempted)
            await patiently(lambda: self._store.execute(failed))
        self.deliveries.recorded(waiting, assignment, attempted, self._time())

    async def _checked(self, client: WebhookClient, url: str, owner: str) -> Checked | Attempted:
        try:
            return await client.check(url, owner)
        except NotSent as error:
            return Attempted(error.reason)
        except Exception:
            log.exception("sending.check-failed", host=urlsplit(url).hostname)  # a path may be a secret
            return Attempted(Reason.FAILED_HERE)

    async def _attempted(
        self,
        waiting: Waiting,
        assignment: Assignment,
        url: str,
        checked: Checked,
        find: Find,
        client: WebhookClient,
    ) -> tuple[Waiting, Attempted]:
        """Make one attempt in a span of its own; return the notification, which follows it, and what came."""
        tracer, context = self._store.tracer, waiting.traceparent
        span = None
        if tracer is not None and context is not None:
            span = tracer.follow([context], "deliver webhook", "client", attempt=assignment.attempt)
        began = monotonic()
        attempted = await self._posted(assignment, url, checked, find, client)
        self.deliveries.took(monotonic() - began)
        if span is None:
            return waiting, attempted
        reason = attempted.reason
        span.end(
            None if reason is None else reason.value, outcome=DELIVERED if reason is None else reason.value
        )
        return replace(waiting, traceparent=span.context), attempted

    async def _posted(
        self, assignment: Assignment, url: str, checked: Checked, find: Find, client: WebhookClient
    ) -> Attempted:
        try:
            place = Found(assignment.of_type, assignment.of_stream, assignment.of_position, assignment.event)
            body = body_of(await patiently(lambda: find(place)))
            now = self._time()
            headers = signed_headers(assignment.notification, body, self._secrets(assignment), now)
            return await client.post(url, checked, headers, body, now)
        except EventMissing:
            return Attempted(Reason.EVENT_MISSING)
        except Exception:
            log.exception("notification.failed-here")
            return Attempted(Reason.FAILED_HERE)

    def _secrets(self, assignment: Assignment) -> list[str]:
        owner, subscription = assignment.owner, assignment.subscription
        return [self._key.secret(owner, subscription, number) for number in assignment.secret_numbers]


def _written(assignment: Assignment) -> Attempted:
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
    return DONE


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Do something with an engine; wait out its absence."""
    backoff = Backoff()
    while True:
        try:
            return await attempt()
        except AWAY as reason:
            log.warning("sending.waits", reason=repr(reason))
            await backoff.wait()
