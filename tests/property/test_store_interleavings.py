"""Any interleaving of commands, conflicts, replicas and crashes leaves one true log."""

import asyncio
import random
from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

import asyncpg
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.eventstore.command import Command, Outcome
from shared.eventstore.errors import PredecessorFailed, StoreUnavailable
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from tests.engines import ThrowawayEngines
from tests.faults.processes import rounds
from tests.sample import GatePassed, Held, HoldPlaced, open_store, passing, toggling
from tests.verifying import check_log

pytestmark = pytest.mark.longer

GATES, HOLDS = 3, 2


@dataclass(frozen=True)
class Step:
    """What one of the concurrent clients does: a command, or harm to a replica."""

    action: str
    replica: int
    gate: int
    hold: int
    pause: int


steps = st.builds(
    Step,
    action=st.sampled_from(["pass"] * 10 + ["toggle"] * 4 + ["chain"] * 2 + ["cut", "crash"]),
    replica=st.integers(0, 1),
    gate=st.integers(0, GATES - 1),
    hold=st.integers(0, HOLDS - 1),
    pause=st.integers(0, 3),
)


class Ministry:
    """Two replicas of a service, and what their clients were told."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.replicas: list[EventStore] = []
        self.told: dict[UUID, int] = {}

    async def open(self) -> None:
        self.replicas = [await open_store(self.url), await open_store(self.url)]

    async def do(self, number: int, step: Step) -> None:
        for _ in range(step.pause):
            await asyncio.sleep(0)
        if step.action == "cut":
            await self.cut(step.replica)
        elif step.action == "crash":
            await self.crash(step.replica)
        elif step.action == "chain":
            await self.chain(number, step)
        else:
            await self.command(number, step)

    async def command(self, number: int, step: Step) -> None:
        id = uuid5(NAMESPACE_OID, str(number))

        def answer(outcome: Outcome[object]) -> bytes:
            return orjson.dumps([outcome.position, outcome.events])

        command: Command[object]
        if step.action == "toggle":
            command = toggling(f"h{step.hold}", id)  # type: ignore[assignment]  # no answer is looked at
        else:
            command = passing(f"g{step.gate}", f"h{step.hold}", id=id)  # type: ignore[assignment]
        command.by.answer = answer
        while True:  # a client that hears nothing asks again under the same key
            try:
                outcome = await self.replicas[step.replica].execute(command)
            except Held:
                return
            except StoreUnavailable:
                assert self.replicas[step.replica].failure in (None, "killed")
                await asyncio.sleep(0)
                continue
            assert outcome.answer is not None
            position, events = orjson.loads(outcome.answer)
            assert events == 1
            self.told[id] = position
            return

    async def chain(self, number: int, step: Step) -> None:
        """Hand over three commands in order, as an inbox does, until all are stored."""
        ids = [uuid5(NAMESPACE_OID, f"{number}/{place}") for place in range(3)]
        commands = [toggling(f"c{number}-{place}", id) for place, id in enumerate(ids)]
        for command in commands:
            command.by.answer = lambda outcome: orjson.dumps([outcome.position, outcome.events])
        while True:
            try:
                chained = self.replicas[step.replica].execute_in_order(commands)
                outcomes = await asyncio.gather(*chained)
            except (StoreUnavailable, PredecessorFailed):
                assert self.replicas[step.replica].failure in (None, "killed")
                await asyncio.sleep(0)
                continue
            positions = [orjson.loads(outcome.answer or b"")[0] for outcome in outcomes]
            assert positions == sorted(positions)
            self.told |= dict(zip(ids, positions, strict=True))
            return

    async def cut(self, replica: int) -> None:
        """Cut the writer's connection at the server, wherever its commit stands."""
        writer = self.replicas[replica]._writer
        connection = await asyncpg.connect(self.url)
        try:
            if not writer._line.committing.is_closed():
                await connection.execute(
                    "SELECT pg_terminate_backend($1)", writer._line.committing.get_server_pid()
                )
        finally:
            await connection.close()

    async def crash(self, replica: int) -> None:
        """Take a replica away as a kill would: nothing is finished, nobody is told; start another."""
        store = self.replicas[replica]
        if store.failure is not None:
            return
        store.failure = "killed"
        writer = store._writer
        running = [*store._tasks, *([flight] if (flight := writer._pipeline.flight) is not None else [])]
        for task in running:
            task.cancel()
        await asyncio.wait(running)
        writer._line.cut()
        store.pool.terminate()
        self.replicas[replica] = await open_store(self.url)
        writer.fail(StoreUnavailable())

    async def close(self) -> None:
        for store in self.replicas:
            await store.close()


async def check(url: str, told: dict[UUID, int]) -> None:
    store = await open_store(url)
    try:
        records = await check_log(store)
    finally:
        await store.close()
    held: set[str] = set()
    for record in records:
        if isinstance(record.event, GatePassed):
            assert record.event.hold not in held, "a gate was passed while it was held"
        else:
            (held.add if isinstance(record.event, HoldPlaced) else held.discard)(record.id)
    stored = {UUID(record.about.fields["command"]): record.position for record in records}
    assert len(stored) == len(records), "a command was stored twice"
    for id, position in told.items():
        assert stored.get(id) == position, "an answered command is not where it was said to be"


@settings(max_examples=rounds(20), deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=st.lists(steps, min_size=20, max_size=90), seed=st.integers(0, 1000))
def test_any_interleaving_leaves_one_true_log(engines: ThrowawayEngines, plan: list[Step], seed: int) -> None:
    async def play(url: str) -> None:
        await migrate(url, "sample")
        ministry = Ministry(url)
        await ministry.open()
        order = list(enumerate(plan))
        random.Random(seed).shuffle(order)
        await asyncio.gather(*(ministry.do(number, step) for number, step in order))
        await ministry.close()
        await check(url, ministry.told)

    url = engines.make_database()
    try:
        asyncio.run(play(url))
    finally:
        engines.drop_database(url)
