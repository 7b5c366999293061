"""Events that cannot be taken in wait aside, in order; the rest flows. On real engines."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared.contracts.event import CATALOGUE, Event
from shared.contracts.text import Text
from shared.domain import Aggregate, Conflicting
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.messaging.inbox import Inbox
from shared.messaging.intake import ClockAndGate
from shared.messaging.parking.failures import failed_by
from shared.messaging.parking.orders import DELAYS, Orders
from shared.messaging.parking.refusals import NotFirst, NotParked
from shared.messaging.parking.retries import Retries
from shared.messaging.parking.shelf import Shelf
from shared.messaging.provision import provision_consumer, provision_stream
from shared.messaging.reacting import Reacting
from shared.messaging.received import Received
from shared.messaging.relay import Relay
from shared.service.gate import Gate
from shared.service.parked_desk import ParkedDesk
from tests.integration.messaging.conftest import Begin
from tests.integration.messaging.sample import (
    CLERK,
    CopiesEventGivenUp,
    CopiesEventParked,
    CopiesEventRetried,
    CopiesEventSkipped,
    CopiesEventTakenIn,
    CopiesParked,
    Copy,
    CopyMade,
    copied,
    copy,
    read,
    write,
)
from tests.virtual_time import VirtualTime

LIMIT = 30.0
"""Seconds that a signal may take on a loaded machine."""

WHY = Text(en="The letter was burnt.", ar="احترقت الرسالة.")


class Missing(Conflicting):
    slug = "missing"


class Post:
    """Letters with their relay, and copies whose readers begin and end; time stands until it is moved.

    A letter that says ``needs x`` can be copied only once the copy ``x`` exists; one that says ``illegible``
    only while `legible` is set.
    """

    def __init__(
        self, letters: EventStore, copies: EventStore, time: VirtualTime, broker: NatsBroker, nc: Client,
        url: str, begin: Begin,
    ) -> None:  # fmt: skip
        self.letters, self.copies, self.time = letters, copies, time
        self.broker, self.nc, self.url, self._begin = broker, nc, url, begin
        self.desk = ParkedDesk(copies, ("letters",), CopiesParked)
        self.legible = False
        self.gate = Gate()
        self.relay = Relay(letters, nc, url, lambda: provision_stream(nc, "letters", letters.log_id))
        begin(self.relay.run())
        self.reading: list[asyncio.Task[None]] = []
        self.inbox = self.read()

    def read(self) -> Inbox:
        """Begin to read."""
        self.inbox = Inbox(
            self.copies,
            self.broker,
            "letters",
            Reacting(self.react, self.copies, "letters", CopiesParked),
            self.url,
            lambda: provision_consumer(self.nc, "copies", "letters"),
            ClockAndGate(self.time, self.gate),
        )
        self.reading.append(self._begin(self.inbox.run()))
        return self.inbox

    async def stop(self) -> None:
        """End the reader as a stopped process does: whatever is under way stops anywhere."""
        self.reading[-1].cancel()
        await asyncio.wait(self.reading)

    def react(self, received: Received) -> Command[Any] | None:
        command = copy(received)
        if command is None:
            return None
        text: str = received.event.text  # type: ignore[attr-defined]  # of a letter
        if text == "illegible" and self.legible:
            return Command(command.name, command.by, _making(received.id, "legible"), command.reads)
        if text.startswith("needs "):
            needed = text.removeprefix("needs ")
            reads: tuple[tuple[type[Aggregate], str], ...] = ((Copy, received.id), (Copy, needed))
            return Command(command.name, command.by, _needing(received.id, needed, text), reads)
        return command

    async def taken_in(self, position: int) -> None:
        async with asyncio.timeout(LIMIT):
            await self.copies.taken_in("letters", position)

    async def told(self, kind: type[Event], number: int = 1) -> list[Any]:
        """Wait until copies has told so many events of a kind; return them."""
        async with asyncio.timeout(LIMIT):
            head = 0
            while True:
                found = [r.event for r in await self.copies.read(0, 10_000) if isinstance(r.event, kind)]
                if len(found) >= number:
                    return found
                head = await self.copies.advanced(max(head, self.copies.head))

    async def rows(self) -> list[tuple[int, int]]:
        """Positions that are parked, each with its attempts."""
        rows = await self.copies.pool.fetch("SELECT position, attempts FROM inbox_parked ORDER BY position")
        return [(row["position"], row["attempts"]) for row in rows]

    async def attempted(self, position: int, attempts: int) -> None:
        """Wait until so many attempts of a parked event are noted."""
        async with asyncio.timeout(LIMIT):
            while (position, attempts) not in await self.rows():
                """Each look asks PostgreSQL, so that the reader gets its turn."""

    async def rest(self) -> None:
        """Wait until nothing that is parked is to be tried now."""
        async with asyncio.timeout(LIMIT):
            while not (self.inbox.active and self.inbox.at_rest and self.copies.idle):
                await self.rows()


def _making(id: str, text: str) -> Any:
    return lambda turn: turn.get(Copy, id).make(text, turn.moment)


def _needing(id: str, needed: str, text: str) -> Any:
    def decide(turn: Turn) -> None:
        made, other = turn.get(Copy, id), turn.get(Copy, needed)
        if not other.exists:
            raise Missing()
        made.make(text, turn.moment)

    return decide


def by() -> Instruction:
    return Instruction(id=uuid4(), actor=CLERK)


@pytest.fixture
async def post(database_url: str, broker: NatsBroker, nc: Client, begin: Begin) -> AsyncIterator[Post]:
    time, key = VirtualTime(system_clock()), Ed25519PrivateKey.generate()
    stores = []
    for service in ("letters", "copies"):
        await migrate(database_url, service)
        stores.append(EventStore(service, database_url, time, key))
        await stores[-1].open()
    await provision_stream(nc, "letters", stores[0].log_id)
    yield Post(*stores, time, broker, nc, database_url, begin)
    for store in stores:
        await store.close()


async def test_a_poison_event_parks_its_stream_in_order_and_the_rest_flows(post: Post) -> None:
    await write(post.letters, "one", "illegible", "three", id="a")
    await write(post.letters, "one", "two", id="b")
    await write(post.letters, "four", id="a")
    await post.taken_in(6)

    assert (await copied(post.copies, "a"), await copied(post.copies, "b")) == (["one"], ["one", "two"])
    told = await post.told(CopiesEventParked, 3)
    assert [(one.of_position, one.behind) for one in told] == [(2, None), (3, 2), (6, 2)]
    assert [one.failure.code if one.failure else None for one in told] == ["illegible", None, None]
    assert await post.rows() == [(2, 1), (3, 0), (6, 0)]
    assert (post.inbox.parked, post.inbox.alarm) == (3, None)


async def test_what_is_mended_drains_with_the_next_attempt_in_order(post: Post) -> None:
    await write(post.letters, "illegible", "two", "three", id="a")
    await post.taken_in(3)
    await post.rest()
    post.legible = True
    post.time.move(DELAYS[0])
    told = await post.told(CopiesEventTakenIn, 3)

    assert [one.of_position for one in told] == [1, 2, 3]
    assert await copied(post.copies, "a") == ["legible", "two", "three"]
    assert (await post.rows(), post.inbox.parked) == ([], 0)
    await write(post.letters, "four", id="a")
    await post.taken_in(4)
    assert await copied(post.copies, "a") == ["legible", "two", "three", "four"]
    assert len(await post.told(CopiesEventParked, 3)) == 3, "a stream that is free is free"


async def test_what_was_missing_wakes_it_when_it_comes(post: Post) -> None:
    """As a procedure does that is adopted after the measure was ordered; no time passes."""
    await write(post.letters, "needs b", "two", id="a")
    await post.taken_in(2)
    await post.rest()
    assert await post.rows() == [(1, 1), (2, 0)], "what it was tried again for did not count"
    await write(post.letters, "one", id="b")
    await post.told(CopiesEventTakenIn, 2)

    assert await copied(post.copies, "a") == ["needs b", "two"]


async def test_the_effects_are_those_of_an_event_that_was_never_parked(post: Post) -> None:
    await write(post.letters, "needs b", id="a")
    await post.taken_in(1)
    await write(post.letters, "one", id="b")
    await post.told(CopiesEventTakenIn)

    cause = (await post.letters.read(0))[0]
    effects = [r for r in await post.copies.read(0) if r.about.fields.get("causation") == str(cause.event_id)]
    assert [type(r.event) for r in effects] == [CopiesEventParked, CopiesEventTakenIn, CopyMade]
    assert len({r.about.fields["command"] for r in effects[1:]}) == 1, "it leaves with its effects"
    assert {r.about.correlation for r in effects} == {cause.about.correlation}


async def test_delays_grow_and_after_the_last_attempt_it_waits_for_a_person(post: Post) -> None:
    await write(post.letters, "illegible", "two", id="a")
    await post.taken_in(2)
    for number, delay in enumerate(DELAYS[:-1], 2):
        post.time.move(delay - timedelta(seconds=1))
        await post.rest()
        assert (1, number - 1) in await post.rows(), "not before it is due"
        post.time.move(timedelta(seconds=1))
        await post.attempted(1, number)
    post.time.move(DELAYS[-1])
    (told,) = await post.told(CopiesEventGivenUp)
    assert (told.of_position, told.attempts, told.failure.code) == (1, len(DELAYS) + 1, "illegible")

    post.legible = True
    post.time.move(timedelta(days=365))
    await post.rest()
    assert await post.rows() == [(1, len(DELAYS) + 1), (2, 0)]
    assert post.inbox.given_up == 1
    assert (await post.desk.listed(CLERK, "letters", None, 0, 10))[0][1]["given_up"]

    await post.desk.retry(by(), "letters", 1, WHY)
    await post.told(CopiesEventTakenIn, 2)
    assert [(one.by, one.reason) for one in await post.told(CopiesEventRetried)] == [("admin", WHY)]
    assert await copied(post.copies, "a") == ["legible", "two"]


async def test_a_skip_lets_those_behind_it_follow(post: Post) -> None:
    await write(post.letters, "illegible", "two", "illegible", "four", id="a")
    await post.taken_in(4)
    for refused, position in ((NotFirst, 2), (NotParked, 9)):
        with pytest.raises(refused):
            await post.desk.skip(by(), "letters", position, WHY)
    await post.desk.skip(by(), "letters", 1, WHY)
    await post.attempted(3, 1)
    assert await copied(post.copies, "a") == ["two"]
    await post.desk.skip(by(), "letters", 3, WHY)
    await post.told(CopiesEventTakenIn, 2)

    assert await copied(post.copies, "a") == ["two", "four"]
    assert [(one.of_position, one.by, one.reason) for one in await post.told(CopiesEventSkipped, 2)] == [
        (1, "admin", WHY),
        (3, "admin", WHY),
    ]
    assert await post.rows() == []
    with pytest.raises(NotParked):
        await post.desk.skip(by(), "letters", 1, WHY)


async def test_a_simulation_lets_it_wait_at_a_gate_and_sees_it_at_work(post: Post) -> None:
    await write(post.letters, "illegible", id="a")
    await post.taken_in(1)
    await post.rest()
    post.gate.close()
    post.legible = True
    post.time.move(DELAYS[0])
    assert not post.inbox.at_rest, "it is due, and nobody has looked yet"
    async with asyncio.timeout(LIMIT):
        while not post.gate.awaited:
            await post.rows()
    assert post.inbox.at_rest and await post.rows() == [(1, 1)]
    post.gate.admit()
    await post.told(CopiesEventTakenIn)
    await post.rest()
    assert await post.rows() == []


async def test_an_operator_sees_what_waits_and_why(post: Post) -> None:
    await write(post.letters, "illegible", "two", id="a")
    await post.taken_in(2)
    (inbox,) = await post.desk.inboxes(CLERK)
    assert (inbox["source"], inbox["position"], inbox["parked"], inbox["given_up"]) == ("letters", 2, 2, 0)
    first, second = (told for _, told in await post.desk.listed(CLERK, "letters", "letter.a", 0, 10))
    assert (first["position"], first["behind"], first["code"]) == (1, None, "illegible")
    assert (second["position"], second["behind"], second["code"]) == (2, 1, None)
    assert await post.desk.listed(CLERK, "letters", "letter.b", 0, 10) == []
    one = await post.desk.one(CLERK, "letters", 1)
    assert (one["data"], one["meta"]["stream"]) == ({"text": "illegible"}, "letter.a")
    assert "Illegible" in one["failure"]["detail"]


async def test_a_reader_that_takes_over_finds_what_is_parked(post: Post) -> None:
    await write(post.letters, "needs b", "two", id="a")
    await post.taken_in(2)
    await post.stop()
    assert (post.inbox.parked, post.inbox.at_rest) == (0, True), "the standby knows of nothing"
    await write(post.letters, "three", id="a")
    post.read()
    await post.taken_in(3)
    assert await post.rows() == [(1, 1), (2, 0), (3, 0)]
    await write(post.letters, "one", id="b")
    await post.told(CopiesEventTakenIn, 3)

    assert await copied(post.copies, "a") == ["needs b", "two", "three"]


async def test_a_new_reader_tries_at_once_what_an_older_release_could_not_take_in(post: Post) -> None:
    await write(post.letters, "illegible", "two", id="a")
    await post.taken_in(2)
    await post.stop()
    post.legible = True
    post.read()
    await post.told(CopiesEventTakenIn, 2)
    assert await copied(post.copies, "a") == ["legible", "two"]


async def test_an_outage_parks_nothing(post: Post, database_url: str) -> None:
    """The reader's connections are cut over and over while it takes in."""
    administrator = await asyncpg.connect(database_url)
    try:
        for number in range(8):
            await write(post.letters, *(f"{number}.{n}" for n in range(40)), id=f"l{number}")
            await administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'tanfidh copies' AND datname = current_database()"
            )
        await post.taken_in(8 * 40)
        assert await administrator.fetchval("SELECT count(*) FROM copies.inbox_parked") == 0
    finally:
        await administrator.close()
    events = await post.copies.read(0, 10_000)
    assert {type(r.event) for r in events} == {CopyMade} and len(events) == 8 * 40


async def test_a_payload_that_cannot_be_read_is_parked(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a source of a newer release, whose schema is not known here."""
    react = post.react

    def unreadable(received: Received) -> Command[Any] | None:
        if received.position == 1:
            object.__setattr__(received, "schema", 9)
        return react(received)

    monkeypatch.setattr(post, "react", unreadable)
    await post.stop()
    post.read()
    await write(post.letters, "one", id="a")
    await write(post.letters, "one", id="b")
    await post.taken_in(2)
    (told,) = await post.told(CopiesEventParked)
    assert told.failure.code == "UnknownEventType"
    assert await copied(post.copies, "b") == ["one"]


async def test_a_type_of_a_newer_release_waits_for_the_release_that_knows_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = CATALOGUE["letters.letter.read"]
    await write(post.letters, "one", id="a")
    await post.taken_in(1)
    monkeypatch.delitem(CATALOGUE, "letters.letter.read")
    await read(post.letters, id="a")
    await write(post.letters, "two", id="a")
    await write(post.letters, "one", id="b")
    await post.taken_in(4)
    told = await post.told(CopiesEventParked, 2)
    assert [(one.of_position, one.behind) for one in told] == [(2, None), (3, 2)]
    assert told[0].failure.code == "UnknownEventType"
    await post.copies.pool.execute("UPDATE inbox_parked SET attempts = 20 WHERE position = 2")
    post.time.move(DELAYS[0])
    await post.attempted(2, 21)
    assert post.inbox.given_up == 0, "only another release can take it in"
    assert (await copied(post.copies, "a"), await copied(post.copies, "b")) == (["one"], ["one"])

    await post.stop()
    monkeypatch.setitem(CATALOGUE, "letters.letter.read", declared)
    post.read()
    await post.told(CopiesEventTakenIn, 2)
    assert await copied(post.copies, "a") == ["one", "two"]


async def test_an_attempt_that_does_not_count_tells_its_reason(post: Post) -> None:
    await write(post.letters, "illegible", id="a")
    await post.taken_in(1)
    await post.stop()

    def torn(received: Received) -> Command[Any] | None:
        raise LookupError(received.id)

    post.react = torn  # type: ignore[method-assign]  # as another release would
    post.read()
    async with asyncio.timeout(LIMIT):
        while (await post.desk.one(CLERK, "letters", 1))["code"] != "LookupError":
            """Each look asks PostgreSQL, so that the reader gets its turn."""
    assert await post.rows() == [(1, 1)]


async def test_the_last_attempt_does_not_undo_the_retry_of_an_operator(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(post.letters, "illegible", id="a")
    await post.taken_in(1)
    await post.stop()
    shelf = Shelf("letters")
    orders = Orders("copies", "letters", CopiesParked, system_clock)
    retries = Retries(post.copies, "letters", post.react, orders, shelf, CopiesParked)
    still_tried = shelf.still_tried
    looks: list[bool] = []

    async def retried_meanwhile(pool: Any, position: int, attempts: int) -> bool:
        looks.append(await still_tried(pool, position, attempts))
        if len(looks) == 1:
            await post.desk.retry(by(), "letters", 1, WHY)
        return looks[-1]

    monkeypatch.setattr(shelf, "still_tried", retried_meanwhile)
    ((received, attempts),) = await shelf.queue(post.copies.pool, "letter.a", 1)
    assert not await retries._give_up(received, attempts, failed_by(Missing()))
    assert (looks, await post.rows()) == ([True, False], [(1, 0)])
    assert not (await post.desk.one(CLERK, "letters", 1))["given_up"]
