"""To wait until everything that other services have published by now is taken in, within a bound."""

import asyncio
from collections.abc import Sequence

import structlog
from nats.aio.client import Client

from shared.contracts.envelope import subjects_of
from shared.eventstore.store import EventStore
from shared.messaging.inbox import Inbox
from shared.messaging.jetstream import MESSAGE_NOT_FOUND, JetStreamRefused
from shared.messaging.outage import OUTAGE
from shared.messaging.received import MalformedMessage
from shared.messaging.tail import ask_message, opened

PATIENCE = 30.0
"""Seconds, by the machine's clock: what is due is not held back for longer by a source that is stuck."""

LOOK_AGAIN = 0.5
"""Seconds between looks, where another replica takes in or an engine is away."""

log = structlog.get_logger()


class InboxBlocked(Exception):
    """A message that is no event stops the inbox: what stands behind it does not come in by waiting."""


async def caught_up(
    store: EventStore, nc: Client, inboxes: Sequence[Inbox], patience: float = PATIENCE
) -> bool:
    """Wait until all that the sources' streams hold now is taken in; tell whether it was within `patience`.

    Where it was not, there is a warning in the log, and whoever waits goes on with what is known. What is no
    event of the source, be it its last message or one that stops the inbox, is not waited for.
    """
    try:
        async with asyncio.timeout(patience):
            for inbox in inboxes:
                await _taken_in(store, inbox, await _end_of(nc, inbox.source))
    except TimeoutError:
        log.warning("catching-up.given-up", service=store.service, seconds=patience)
        return False
    except InboxBlocked as blocked:
        log.warning("catching-up.given-up", service=store.service, seconds=0, source=str(blocked))
        return False
    return True


async def _end_of(nc: Client, source: str) -> int:
    """The position of the last event in a stream, whatever else stands behind it; 0 of none."""
    asked: dict[str, object] = {"last_by_subj": subjects_of(source)}
    sequence = 1
    while sequence > 0:
        try:
            sequence, message = await ask_message(nc, source, asked)
            return opened(message).position
        except MalformedMessage:
            pass
        except JetStreamRefused as refused:
            if refused.code != MESSAGE_NOT_FOUND:
                await asyncio.sleep(LOOK_AGAIN)
                continue
        except OUTAGE:
            await asyncio.sleep(LOOK_AGAIN)
            continue
        sequence -= 1
        asked = {"seq": sequence}
    return 0


async def _taken_in(store: EventStore, inbox: Inbox, position: int) -> None:
    """Wait for what is committed: by the inbox here, which tells of it at once, or by another replica's."""
    while not await _has(store, inbox.source, position):
        if inbox.blocked:
            raise InboxBlocked(inbox.source)
        try:
            await asyncio.wait_for(inbox.progress.reached(position), LOOK_AGAIN)
            return
        except TimeoutError:
            continue


async def _has(store: EventStore, source: str, position: int) -> bool:
    try:
        return position <= await store.inbox_position(source)
    except OUTAGE:
        return False
