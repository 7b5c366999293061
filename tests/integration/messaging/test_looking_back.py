"""Given facts that an earlier release passed over, when a newer one reads, it notes them first and once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid5

import pytest
from faststream.nats import NatsBroker
from nats.aio.client import Client
from structlog.testing import capture_logs

from shared.domain import Moment
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore
from shared.messaging.inbox import Inbox
from shared.messaging.intake import ClockAndGate
from shared.messaging.jetstream import ask
from shared.messaging.looking_back import Fact, LookingBack
from shared.messaging.provision import provision_consumer, provision_stream
from shared.messaging.reacting import Reacting
from shared.messaging.received import Received
from shared.messaging.relay import Relay
from shared.service.gate import Gate
from shared.service.timing import SYSTEM_TIME
from tests.faults.processes import until
from tests.integration.messaging.conftest import Begin, OpenStore
from tests.integration.messaging.sample import (
    COPYIST,
    CopiesEventTakenIn,
    CopiesParked,
    Copy,
    Illegible,
    LetterRead,
    causes,
    copied,
    copy,
    read,
    write,
)

READER = UUID(int=5)
READ = Fact(LetterRead, Copy, lambda made, told: "read" in made.texts)


def noting(received: Received) -> Command[Any] | None:
    """What the newer release does: it notes besides which letters are read."""
    if not isinstance(received.event, LetterRead):
        return copy(received)

    def decide(turn: Turn) -> None:
        made = turn.get(Copy, received.id)
        if "read" not in made.texts:
            made.make("read", turn.moment)

    by = Instruction(id=uuid5(received.event_id, "note"), actor=COPYIST, causation=received.event_id)
    return Command("note", by, decide, ((Copy, received.id),))


def refusing(letter: str) -> Callable[[Copy, str, Moment], None]:
    """Make copies of all letters but one."""
    make = Copy.make

    def refuse(self: Copy, text: str, moment: Moment) -> None:
        if self.id == letter:
            raise Illegible()
        make(self, text, moment)

    return refuse


class Releases:
    """Letters with their relay, and copies that are read by an earlier or by a newer release."""

    def __init__(
        self, letters: EventStore, copies: EventStore, broker: NatsBroker, nc: Client, url: str, begin: Begin
    ) -> None:
        self.letters, self.copies, self.nc = letters, copies, nc
        self._broker, self._url, self._begin = broker, url, begin
        self._relaying: asyncio.Task[None] | None = None

    def relay(self) -> None:
        relay = Relay(
            self.letters,
            self.nc,
            self._url,
            lambda: provision_stream(self.nc, "letters", self.letters.log_id),
        )
        self._relaying = self._begin(relay.run())

    async def stop_relay(self) -> None:
        assert self._relaying is not None
        await _ended(self._relaying)

    async def earlier(self, does: Callable[[Inbox], Awaitable[object]] | None = None) -> None:
        """Read everything with the earlier release, and stop it."""
        await self._reading(Reacting(copy, self.copies, "letters", CopiesParked), does or self.up_to_head)

    async def newer(self, does: Callable[[Inbox], Awaitable[object]] | None = None) -> None:
        """Read everything with the newer release, and stop it."""
        intake = Reacting(noting, self.copies, "letters", CopiesParked, (READ,))
        await self._reading(intake, does or self.up_to_head)

    async def up_to_head(self, inbox: Inbox) -> None:
        await inbox.progress.reached(self.letters.head)

    async def noted(self) -> list[str]:
        """The letters of which it is noted that they are read, in the order of the log."""
        return [record.id for record in await self.copies.read(0, 100) if b'"read"' in record.data]

    async def _reading(self, intake: Reacting, does: Callable[[Inbox], Awaitable[object]]) -> None:
        inbox = Inbox(
            self.copies,
            self._broker,
            "letters",
            intake,
            self._url,
            lambda: provision_consumer(self.nc, "copies", "letters"),
            ClockAndGate(SYSTEM_TIME, Gate()),
        )
        running = self._begin(inbox.run())
        await asyncio.wait_for(does(inbox), 60)
        assert inbox.alarm is None
        await _ended(running)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


@pytest.fixture
async def releases(
    open_store: OpenStore, broker: NatsBroker, nc: Client, database_url: str, begin: Begin
) -> AsyncIterator[Releases]:
    letters, copies = await open_store("letters"), await open_store("copies")
    await provision_stream(nc, "letters", letters.log_id)
    made = Releases(letters, copies, broker, nc, database_url, begin)
    made.relay()
    yield made


async def test_what_was_passed_over_is_noted_before_anything_else_is_taken_in(releases: Releases) -> None:
    for id in ("l1", "l2", "l3"):
        await read(releases.letters, id)
        await write(releases.letters, "Dear all", id=id)
    await releases.earlier()
    assert await releases.noted() == []
    await read(releases.letters, "l4")
    await releases.newer()

    assert await releases.noted() == ["l1", "l2", "l3", "l4"]
    told = [record for record in await releases.letters.read(0) if isinstance(record.event, LetterRead)]
    assert causes(await releases.copies.read(3)) == [record.event_id for record in told]
    assert await copied(releases.copies, "l1") == ["Dear all", "read"]


async def test_what_is_noted_is_not_looked_for_again(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    await read(releases.letters, "l1")
    await releases.earlier()
    await releases.newer()
    head = releases.copies.head
    monkeypatch.setattr("shared.messaging.looking_back.along", None)
    await releases.newer()
    assert (releases.copies.head, await releases.noted()) == (head, ["l1"])


async def test_a_reader_that_ended_on_the_way_is_followed_by_one_that_notes_the_rest(
    releases: Releases,
) -> None:
    for id in ("l1", "l2"):
        await read(releases.letters, id)
    await releases.earlier()

    def first(turn: Turn) -> None:
        turn.get(Copy, "l1").make("read", turn.moment)

    await releases.copies.execute(Command("note", Instruction(id=uuid5(READER, "1"), actor=COPYIST), first))
    await releases.newer()
    assert await releases.noted() == ["l1", "l2"]


async def test_a_step_back_to_the_earlier_release_leaves_nothing_out(releases: Releases) -> None:
    await read(releases.letters, "l1")
    await releases.newer()
    await read(releases.letters, "l2")
    await releases.earlier()
    await read(releases.letters, "l3")
    await releases.newer()
    assert await releases.noted() == ["l1", "l2", "l3"]


async def test_what_is_parked_is_noted_from_there(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Copy, "make", refusing("l1"))
        await read(releases.letters, "l1")
        await releases.newer()
        await releases.newer()
    assert await releases.noted() == []

    async def taken_in(inbox: Inbox) -> None:
        while not any(isinstance(r.event, CopiesEventTakenIn) for r in await releases.copies.read(0)):
            await releases.copies.advanced(releases.copies.head)

    await releases.newer(taken_in)
    assert await releases.noted() == ["l1"]


async def test_what_is_noted_is_gone_through_again_and_told_once_while_the_newest_is_parked(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    for id in ("l1", "l2"):
        await read(releases.letters, id)
    await releases.earlier()
    await read(releases.letters, "l3")
    with capture_logs() as lines, monkeypatch.context() as patched:
        patched.setattr(Copy, "make", refusing("l3"))
        await releases.newer()
        await releases.newer()
    assert await releases.noted() == ["l1", "l2"]
    assert [line["noted"] for line in lines if line["event"] == "inbox.looked-back"] == [2]


async def test_a_repeated_fact_is_not_counted_as_noted_when_looking_back(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    for id in ("l1", "l2"):
        await read(releases.letters, id)
    await releases.earlier()

    async def outcome(of: Command[Any]) -> Outcome[Any]:
        """The first command was executed before, and its outcome of then is told again."""
        return Outcome(None, 1, 1, repeated=of.reads[0][1] == "l1")

    monkeypatch.setattr(
        releases.copies, "execute_in_order", lambda commands: [outcome(one) for one in commands]
    )
    with capture_logs() as lines:
        await LookingBack(releases.copies, "letters", noting, ()).note(releases.nc, READ, 2)
    assert [line["noted"] for line in lines if line["event"] == "inbox.looked-back"] == [1]


async def test_what_is_parked_is_noted_at_once_where_noting_it_depends_on_nothing(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(releases.letters, "Dear all", id="l1")
    await read(releases.letters, "l1")
    with monkeypatch.context() as patched:
        patched.setattr(Copy, "make", refusing("l1"))
        await releases.newer()
    assert await releases.noted() == []
    alone = Fact(LetterRead, Copy, READ.noted, noting)

    def unexpected(received: Received) -> Command[Any] | None:
        raise AssertionError("the reaction does more than to note it")

    looking = LookingBack(releases.copies, "letters", unexpected, {"letter.l1"})
    with capture_logs() as lines:
        await looking.note(releases.nc, alone, releases.letters.head)
    assert await releases.noted() == ["l1"]
    assert [line["noted"] for line in lines if line["event"] == "inbox.looked-back"] == [1]


async def test_a_stream_that_is_being_filled_again_is_waited_for(releases: Releases) -> None:
    for id in ("l1", "l2"):
        await read(releases.letters, id)
    await releases.earlier()
    await releases.stop_relay()
    await ask(releases.nc, "STREAM.DELETE.EVT_LETTERS")
    await provision_stream(releases.nc, "letters", releases.letters.log_id)

    async def refilled(inbox: Inbox) -> None:
        async def interrupted() -> bool:
            return any(line["event"] == "inbox.interrupted" for line in lines)

        await until(interrupted)
        assert await releases.noted() == []
        releases.relay()
        await releases.copies.advanced(1)

    with capture_logs() as lines:
        await releases.newer(refilled)
    assert await releases.noted() == ["l1", "l2"]
