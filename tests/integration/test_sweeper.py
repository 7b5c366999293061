"""The sweeper on a real store: a bell rings at its moment, whoever sweeps and whatever the clock does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid5

import asyncpg
import pytest

from shared.contracts.event import Event
from shared.contracts.meta import rfc3339
from shared.contracts.text import Text
from shared.domain import Actor, Aggregate, Conflicting, Moment
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.messaging.election import take_seat
from shared.projections import Due, View, Views
from shared.service.gate import Gate
from shared.service.sweeper import Sweeper
from tests.sample import KEY
from tests.virtual_time import VirtualTime

NOON = datetime(2025, 5, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RINGER = Actor(subject="ringer", role="service")


class BellEvent(Event, service="belfry"):
    pass


class BellSet(BellEvent, type="bell.set"):
    rings_at: datetime
    then_at: datetime | None = None


class BellRung(BellEvent, type="bell.rung"):
    by: str


class Cracked(Conflicting):
    slug = "cracked"
    title = Text(en="The bell is cracked", ar="الجرس متصدع")


class Bell(Aggregate):
    kind = "bell"
    rings_at: datetime | None = None

    def set(self, rings_at: datetime, then_at: datetime | None, moment: Moment) -> None:
        self.record(BellSet(rings_at=rings_at, then_at=then_at), moment)

    def ring(self, by: str, moment: Moment) -> None:
        if self.rings_at is not None and self.rings_at <= moment.recorded_at:
            self.record(BellRung(by=by), moment)

    def evolve(self, event: Event) -> None:
        match event:
            case BellSet():
                self.rings_at = event.rings_at
            case BellRung():
                self.rings_at = None


class Bells(View):
    name = "bells"
    due: ClassVar[str | None] = "next_at"
    then: ClassVar[str | None] = "then_at"

    def keys(self, record: Record) -> Iterable[str]:
        return (record.id,)

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        event = record.event
        if isinstance(event, BellSet):
            then_at = None if event.then_at is None else rfc3339(event.then_at)
            return {"next_at": rfc3339(event.rings_at), "then_at": then_at, "set": record.version}
        return {"next_at": None, "by": event.model_dump()["by"]}


class Replica:
    """A store, its views and its sweeper, as a service has them."""

    def __init__(self, url: str, time: VirtualTime, name: str) -> None:
        self.name = name
        self.store = EventStore("belfry", url, time, KEY)
        self.views = Views(self.store, [Bells()])
        self.gate = Gate()
        self.sweeper = Sweeper(
            self.store, self.views, "bells", self.act, time, url, gate=self.gate, ready=self.ready
        )
        self.made_ready: list[int] = []
        self.acts: list[str] = []
        self.before: Callable[[str], Awaitable[None]] = nothing
        self._jobs: list[asyncio.Task[None]] = []

    async def start(self) -> "Replica":
        await self.store.open()
        await self.views.open()
        self._jobs = [asyncio.create_task(job) for job in (self.views.run(), self.sweeper.run())]
        return self

    async def die(self) -> None:
        """Let go of everything at once."""
        for job in self._jobs:
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        await self.store.close()

    async def ready(self) -> None:
        self.made_ready.append(len(self.acts))

    async def act(self, due: Due) -> None:
        self.acts.append(due.key)
        await self.before(due.key)

        def decide(turn: Turn) -> None:
            turn.get(Bell, due.key).ring(self.name, turn.moment)

        id = uuid5(UUID(int=1), f"{due.key}/{due.moment}")
        await self.store.execute(
            Command("ring", Instruction(id=id, actor=RINGER), decide, ((Bell, due.key),))
        )

    async def set(self, bell: str, rings_at: datetime, then_at: datetime | None = None) -> None:
        def decide(turn: Turn) -> None:
            turn.get(Bell, bell).set(rings_at, then_at, turn.moment)

        id = uuid5(UUID(int=2), f"{bell}/{self.store.head}")
        await self.store.execute(Command("set", Instruction(id=id, actor=RINGER), decide, ((Bell, bell),)))

    async def rung(self) -> list[str]:
        """The bells that rang, in order, with who rang them."""
        records = await self.store.pool.fetch(
            "SELECT stream FROM events WHERE type = 'belfry.bell.rung' ORDER BY position"
        )
        return [row["stream"].partition(".")[2] for row in records]

    async def at_rest(self) -> None:
        await until(lambda: self.sweeper.at_rest)


async def nothing(_: str) -> None:
    """Do nothing before an act."""


async def until(there: Callable[[], bool], within: float = 20) -> None:
    """Wait for a condition that the event loop brings about."""
    async with asyncio.timeout(within):
        while not there():
            await asyncio.sleep(0.005)


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime(NOON)


@pytest.fixture
async def replica(database_url: str, time: VirtualTime) -> AsyncIterator[Callable[[str], Awaitable[Replica]]]:
    await migrate(database_url, "belfry")
    replicas: list[Replica] = []

    async def begin(name: str) -> Replica:
        replicas.append(await Replica(database_url, time, name).start())
        return replicas[-1]

    yield begin
    for each in replicas:
        await each.die()


Begin = Callable[[str], Awaitable[Replica]]


async def test_a_bell_rings_at_its_moment_and_not_before(replica: Begin, time: VirtualTime) -> None:
    one = await replica("one")
    await one.set("a", NOON + HOUR)
    await one.at_rest()
    time.move(NOON + HOUR - timedelta(microseconds=1))
    await one.at_rest()
    assert one.acts == []
    time.move(NOON + HOUR)
    await until(lambda: one.acts == ["a"])
    await one.at_rest()
    assert await one.rung() == ["a"]


async def test_it_makes_ready_once_before_whatever_is_due_together(replica: Begin, time: VirtualTime) -> None:
    one = await replica("one")
    for bell in ("a", "b", "c"):
        await one.set(bell, NOON + HOUR)
    await one.at_rest()
    assert one.made_ready == []
    time.move(NOON + HOUR)
    await until(lambda: len(one.acts) == 3)
    await one.at_rest()
    assert one.made_ready == [0]


async def test_a_moment_that_is_set_while_it_waits_for_a_later_one_comes_first(
    replica: Begin, time: VirtualTime
) -> None:
    one = await replica("one")
    await one.set("late", NOON + 3 * HOUR)
    await one.at_rest()
    await one.set("early", NOON + HOUR)
    await one.at_rest()
    time.move(NOON + 2 * HOUR)
    await until(lambda: one.acts == ["early"])
    await one.set("past", NOON)
    await until(lambda: one.acts == ["early", "past"])


async def test_whatever_is_due_comes_by_the_later_moment_where_that_has_come(
    replica: Begin, time: VirtualTime
) -> None:
    one = await replica("one")
    await one.set("a", NOON + HOUR, NOON + 5 * HOUR)
    await one.set("b", NOON + 2 * HOUR, NOON + 9 * HOUR)
    await one.set("c", NOON + 3 * HOUR)
    await one.set("d", NOON + 4 * HOUR, NOON + 5 * HOUR)
    await one.set("e", NOON + 6 * HOUR)
    await one.at_rest()
    time.move(NOON + 7 * HOUR)
    await until(lambda: len(one.acts) == 5)
    assert one.acts == ["b", "c", "a", "d", "e"]


async def test_a_row_that_was_left_alone_is_acted_on_at_its_later_moment(
    replica: Begin, time: VirtualTime
) -> None:
    one = await replica("one")

    async def refuse(_: str) -> None:
        if time() < NOON + 3 * HOUR:
            raise Cracked()

    one.before = refuse
    await one.set("a", NOON + HOUR, NOON + 3 * HOUR)
    await one.set("b", NOON + 9 * HOUR)
    time.move(NOON + HOUR)
    await until(lambda: one.acts == ["a"])
    await one.at_rest()
    time.move(NOON + 3 * HOUR)
    await until(lambda: one.acts == ["a", "a"])
    await one.at_rest()
    assert await one.rung() == ["a"]


async def test_a_second_replica_goes_on_when_the_first_dies(replica: Begin, time: VirtualTime) -> None:
    one = await replica("one")
    await until(lambda: one.sweeper.active)
    two = await replica("two")
    await one.set("a", NOON + HOUR)
    time.move(NOON + HOUR)
    await until(lambda: one.acts == ["a"])
    await one.at_rest()
    assert two.acts == []
    await one.set("b", NOON + 2 * HOUR)
    await one.die()
    time.move(NOON + 2 * HOUR)
    await until(lambda: two.acts == ["b"])
    await two.at_rest()
    assert await two.rung() == ["a", "b"]


async def test_an_act_under_way_when_its_replica_dies_happens_once(replica: Begin, time: VirtualTime) -> None:
    one = await replica("one")
    await until(lambda: one.sweeper.active)
    two = await replica("two")
    stuck = asyncio.Event()

    async def never_ends(_: str) -> None:
        stuck.set()
        await asyncio.Event().wait()

    one.before = never_ends
    await one.set("a", NOON)
    await stuck.wait()
    await one.die()
    await until(lambda: two.acts == ["a"])
    await two.at_rest()
    assert await two.rung() == ["a"]


async def test_a_row_that_an_act_refused_is_left_alone_until_it_changes(
    replica: Begin, time: VirtualTime
) -> None:
    one = await replica("one")

    async def refuse(bell: str) -> None:
        if bell == "cracked":
            raise Cracked()

    one.before = refuse
    await one.set("cracked", NOON)
    await until(lambda: one.acts == ["cracked"])
    await one.at_rest()
    assert one.sweeper.alarm is None
    await one.set("good", NOON)
    await until(lambda: one.acts == ["cracked", "good"])
    await one.at_rest()
    await one.set("cracked", NOON + timedelta(seconds=-1))
    await until(lambda: one.acts == ["cracked", "good", "cracked"])


async def test_an_act_that_raises_does_not_keep_the_others_back_and_is_tried_again(
    replica: Begin, time: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.sweeper.PAGE", 2)
    one = await replica("one")
    mended = False

    async def fail(bell: str) -> None:
        if bell.startswith("bad") and not mended:
            raise ZeroDivisionError

    one.before = fail
    for number in range(3):  # more than a page, and all before the others
        await one.set(f"bad-{number}", NOON + timedelta(minutes=1 + number))
        await one.set(f"good-{number}", NOON + HOUR + timedelta(minutes=number))
    await one.at_rest()
    time.move(NOON + 2 * HOUR)
    await until(lambda: one.sweeper.alarm is not None)
    assert sorted(await one.rung()) == ["good-0", "good-1", "good-2"]
    mended = True
    await until(lambda: one.sweeper.at_rest)
    assert sorted(await one.rung())[:3] == ["bad-0", "bad-1", "bad-2"]
    assert one.sweeper.alarm is None


async def test_an_act_that_takes_long_holds_back_no_later_page_and_none_is_begun_out_of_turn(
    replica: Begin, time: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.sweeper.PAGE", 2)
    one = await replica("one")
    free = asyncio.Event()

    async def hold(bell: str) -> None:
        if bell == "slow":
            await free.wait()

    one.before = hold
    await one.set("slow", NOON + timedelta(minutes=1))
    for number in range(4):
        await one.set(f"b{number}", NOON + timedelta(minutes=2 + number))
    await one.at_rest()
    time.move(NOON + HOUR)
    await until(lambda: len(one.acts) == 5)
    assert one.acts == ["slow", "b0", "b1", "b2", "b3"]
    free.set()
    await one.at_rest()
    assert sorted(await one.rung()) == ["b0", "b1", "b2", "b3", "slow"]
    assert len(one.acts) == 5, "each once"


async def test_a_clock_that_jumps_rings_each_bell_once_and_in_order(
    replica: Begin, time: VirtualTime
) -> None:
    one = await replica("one")
    for hour in range(1, 13):
        await one.set(f"h{hour:02d}", NOON + hour * HOUR)
    await one.at_rest()
    for hours in (2, -1, 3, -4, 1, 9, -9, 30):
        time.move(hours * HOUR)
        await one.at_rest()
    assert await one.rung() == [f"h{hour:02d}" for hour in range(1, 13)]


async def test_behind_a_closed_gate_it_waits_and_then_acts_on_all_that_is_due_in_order(
    replica: Begin, time: VirtualTime
) -> None:
    one = await replica("one")
    await one.at_rest()
    one.gate.close()
    await one.set("b", NOON)
    await until(lambda: one.gate.awaited)
    await one.set("a", NOON)  # due as well, and before it in the order of keys
    assert (one.acts, one.sweeper.at_rest) == ([], True)
    await one.views.beyond(one.store.head - 1)
    one.gate.admit()
    await until(lambda: len(one.acts) == 2)
    assert one.acts == ["a", "b"]
    await one.at_rest()
    await one.set("c", NOON)
    await until(lambda: one.gate.awaited)
    assert one.acts == ["a", "b"], "admitted once, it waits the next time"


async def test_it_goes_on_when_its_connection_is_lost(
    replica: Begin, time: VirtualTime, database_url: str
) -> None:
    one = await replica("one")
    await until(lambda: one.sweeper.active)
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        await until(lambda: not one.sweeper.active)
        await one.set("a", NOON)
        await until(lambda: one.acts == ["a"])
        assert not await take_seat(connection, "belfry/sweeper/bells")
    finally:
        await connection.close()
