"""The queue in the log and the table of what is parked, compared as a reader begins.

Which events are parked is decided in the log, what they are stands in a table alone. Whoever may write there
could make an event vanish, or have another one taken in, so both are read as of one moment and compared.
"""

import struct
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nats.aio.client import Client

from shared.contracts.meta import Meta
from shared.eventstore import loading
from shared.eventstore.reads import ENDLESS
from shared.eventstore.store import EventStore
from shared.messaging.finding import EventMissing, Found, check_reaches, find_event
from shared.messaging.parking.parked_events import AsStored, ParkedEvents, Waiting
from shared.messaging.parking.refusals import NotAsParked
from shared.messaging.received import Received, received_of

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, struct.error)
"""What reading a row raises that holds no event."""

_ROWS = """
SELECT position, log_id, leaf_log, data, meta, sealed_digest, previous FROM inbox_parked
WHERE source = $1 ORDER BY position"""
_GIVEN_UP = """
SELECT position FROM inbox_parked
WHERE source = $1 AND position = ANY($2::bigint[]) AND attempts > 0 AND next_attempt IS NULL"""
_FETCH = 500


class Unproven(NamedTuple):
    """What the log tells of an event, which is all but its leaf, and the leaf of its row, if that has one."""

    waiting: Waiting
    stored: bytes | None


@dataclass
class TakenUp:
    """What is parked, what of it is not as the log says, and what only the source's stream can tell.

    `unproven` are events that were parked when their leaves were not told yet.
    """

    parked: ParkedEvents
    wrong: dict[int, NotAsParked] = field(default_factory=dict)
    unproven: dict[int, Unproven] = field(default_factory=dict)

    def row(self, row: Any) -> None:
        """Compare what is stored of one position with what was parked there."""
        position, waiting = row["position"], self.parked.waiting.get(row["position"])
        if waiting is None:
            self.wrong[position] = NotAsParked.never(self.parked.id, position)
            return
        try:
            stored = stored_as(received_from(row))
        except UNREADABLE:
            stored = None
        if stored is None or not waiting.is_stored_as(stored):
            self.wrong[position] = wrong(self.parked.id, position, waiting)
        if waiting.leaf is None:
            self.unproven[position] = Unproven(waiting, None if stored is None else stored.leaf)

    def gone(self, positions: Iterable[int]) -> None:
        """Note what is parked by the log and stored nowhere."""
        for position in positions:
            waiting = self.parked.waiting[position]
            self.wrong[position] = wrong(self.parked.id, position, waiting, gone=True)
            if waiting.leaf is None:
                self.unproven[position] = Unproven(waiting, None)


async def load_parked(store: EventStore, kind: type[ParkedEvents], source: str) -> ParkedEvents:
    """Load what is parked of a source as the log says now, also what this replica has not noticed yet."""
    return await store.load(kind, source, ENDLESS)


async def take_up(store: EventStore, kind: type[ParkedEvents], source: str) -> TakenUp:
    """Read what is parked of a source, queue and table as of one moment, and compare them."""
    async with _as_of_one_moment(store, kind, source) as (connection, parked):
        found, there = TakenUp(parked), set[int]()
        async for row in connection.cursor(_ROWS, source, prefetch=_FETCH):
            there.add(row["position"])
            found.row(row)
    found.gone(parked.waiting.keys() - there)
    return found


async def given_up_unsaid(
    store: EventStore, kind: type[ParkedEvents], source: str, positions: Iterable[int]
) -> dict[int, Waiting]:
    """Those of some positions that are given up by their rows, and not by the log."""
    async with _as_of_one_moment(store, kind, source) as (connection, parked):
        rows = await connection.fetch(_GIVEN_UP, source, list(positions))
    found = {row["position"]: parked.waiting.get(row["position"]) for row in rows}
    return {at: waiting for at, waiting in found.items() if waiting is not None and not waiting.given_up}


@asynccontextmanager
async def _as_of_one_moment(
    store: EventStore, kind: type[ParkedEvents], source: str
) -> AsyncIterator[tuple[Any, ParkedEvents]]:
    """What the log says is parked, and a connection that sees the table as of the same moment."""
    async with (
        store.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        loaded = await loading.load(connection, [(kind, source)], ENDLESS)
        parked = loaded[kind.blank(source).stream].aggregate
        assert isinstance(parked, ParkedEvents), "it is what was asked for"
        yield connection, parked


async def told_by_stream(
    nc: Client, source: str, unproven: Mapping[int, Unproven], position: int
) -> AsyncIterator[tuple[int, bytes | None]]:
    """The leaves of events of which the log tells none, by position; None where the stream has one no more.

    Raises:
        StreamBehind: the stream does not reach the position of the inbox: it is being filled again.
        JetStreamRefused, nats.errors.Error: the stream cannot be asked.
    """
    for at, (waiting, _) in unproven.items():
        kind = waiting.stream.partition(".")[0]
        sought = Found(f"{source}.{kind}.*", waiting.stream, at, waiting.event)
        try:
            leaf = (await find_event(nc, sought)).leaf()
        except EventMissing:
            await check_reaches(nc, source, position)
            leaf = None
        yield at, leaf


def wrong(source: str, position: int, waiting: Waiting, *, gone: bool = False) -> NotAsParked:
    """Say that what is stored of a parked event is not that event, or is gone."""
    say = NotAsParked.gone if gone else NotAsParked
    return say(source, position, waiting.stream, waiting.event)


def stored_as(received: Received) -> AsStored:
    """By what an event is known again."""
    return AsStored(received.event_id, received.stream, received.leaf())


def received_from(row: Any) -> Received:
    """Put the event together as it was received; raises one of `UNREADABLE` where the row holds none."""
    return received_of(
        Meta(row["meta"]).fields,
        row["meta"],
        row["data"],
        log_id=row["log_id"],
        position=row["position"],
        sealed_digest=row["sealed_digest"],
        previous=row["previous"],
        leaf_log=row["leaf_log"],
    )
