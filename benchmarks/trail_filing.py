"""Filing events from a stream; and the same stream read by an inbox that files nothing."""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from uuid import uuid4

import uvloop

from benchmarks.broker import drop_stream, empty_stream
from benchmarks.commands import CLERK, KEY, opened
from services.audit.filing.filing import Filing
from shared.contracts.event import Event
from shared.contracts.identity import Token
from shared.domain import Aggregate
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate, migrations_in
from shared.eventstore.store import EventStore
from shared.messaging.connection import broker_for
from shared.messaging.inbox import Inbox
from shared.messaging.intake import Intake
from shared.messaging.provision import provision_consumer
from shared.messaging.received import Received
from shared.messaging.relay import Relay
from shared.messaging.source import FETCH

WRITERS = 512
TASKS = 2_000
OWN = migrations_in("services.audit")


class TaskTold(Event, service="bench", type="task.told"):
    """As many query keys as an event of a plan's task has, and a payload of its size."""

    task: Token
    plan: Token
    decree: Token
    article: Token
    measure: Token
    mission: Token
    department: Token
    evidence: str
    by: tuple[str, ...]


class Task(Aggregate):
    kind: ClassVar[str] = "task"

    def evolve(self, event: Event) -> None:
        pass


@dataclass
class Passing(Intake):
    """Moves the inbox and files nothing: what remains is the stream, the inbox and one commit a batch."""

    store: EventStore
    window: int = FETCH

    async def take(self, events: Sequence[Received], position: int) -> int:
        reached = events[-1].position
        await self.store.pool.execute("UPDATE inboxes SET position = $1 WHERE name = 'bench'", reached)
        return reached


async def fill(store: EventStore, events: int) -> None:
    """Store so many events of tasks."""
    numbers = iter(range(events))

    async def write() -> None:
        for number in numbers:
            task, plan = f"t-{number % TASKS}", f"p-{number % TASKS // 40}"
            event = TaskTold(
                task=task,
                plan=plan,
                decree="298-2025",
                article="2",
                measure=f"m-{plan}",
                mission=f"emb-{plan}",
                department=f"department-{number % 12}",
                evidence="0" * 64,
                by=("officer",),
            )

            def decide(turn: Turn, task: str = task, event: Event = event) -> None:
                turn.get(Task, task).record(event, turn.moment)

            by = Instruction(id=uuid4(), actor=CLERK)
            await store.execute(Command("tell", by, decide, ((Task, task),)))

    await asyncio.gather(*[write() for _ in range(WRITERS)])


async def filing(database_url: str, nats_url: str, events: int) -> dict[str, float]:
    """Return events a second, filed and only passed."""
    bench = await opened(database_url)
    await fill(bench, events)
    broker = broker_for(nats_url, "bench")
    nc = await broker.connect()
    await empty_stream(nc, bench.log_id)
    relay = Relay(bench, nc, database_url)
    relaying = asyncio.create_task(relay.run())
    await relay.progress.reached(events)
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    told = {}
    for name in ("passed", "filed"):
        await migrate(database_url, "audit", own=OWN)
        audit = EventStore("audit", database_url, system_clock, KEY, OWN)
        await audit.open()
        intake: Intake = Passing(audit) if name == "passed" else Filing(audit, "bench")
        inbox = Inbox(
            audit, broker, "bench", intake, database_url, partial(provision_consumer, nc, "audit", "bench")
        )
        started = time.perf_counter()
        reading = asyncio.create_task(inbox.run())
        await inbox.progress.reached(events)
        told[name] = events / (time.perf_counter() - started)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await audit.pool.execute("UPDATE inboxes SET position = 0 WHERE name = 'bench'")
        await nc.jetstream().delete_consumer("EVT_BENCH", "audit_from_bench")
        await audit.close()
    await drop_stream(nc)
    await broker.stop()
    await bench.close()
    return told


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("database_url")
    parser.add_argument("nats_url")
    parser.add_argument("--events", type=int, default=100_000)
    given = parser.parse_args()
    print(json.dumps(uvloop.run(filing(given.database_url, given.nats_url, given.events))))
