"""Promise 3: the service that reacts is killed between the effects of an event and its acknowledgement."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg
import pytest
from nats.aio.client import Client

from shared.contracts.registry import MeasureOrdered
from shared.contracts.tasks import PlanDrafted, TaskPlanned
from shared.eventstore.record import Record
from shared.messaging.provision import verify_consumer
from tests.engines import ThrowawayEngines
from tests.faults.entering import dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import Served, rounds
from tests.faults.streams import Message, check_same, listening, messages_upto

pytestmark = pytest.mark.faults

MEASURES = 12
PLANNED = 39


@dataclass
class Kill:
    """Where a kill landed: `unacknowledged` events had their effects stored and were not acknowledged."""

    unacknowledged: int


@dataclass
class Aftermath:
    kills: list[Kill]
    registry: list[Record]
    tasks: list[Record]
    messages: list[Message]
    inbox: int


async def strike(ministry: Ministry, nc: Client, tasks: Served) -> None:
    """Kill `tasks` as soon as effects are stored whose events it has not acknowledged.

    At every commit that moves its inbox the process is halted; where the acknowledgement was quicker, it
    goes on. Without a chance it is killed when this is cancelled.
    """
    connection = await asyncpg.connect(ministry.database_url, server_settings={"search_path": "tasks"})
    position = "SELECT position FROM inboxes WHERE name = 'registry'"
    try:
        seen = await connection.fetchval(position)
        while True:
            stored = await connection.fetchval(position)
            if stored == seen:
                continue
            os.kill(tasks.pid, signal.SIGSTOP)
            seen = await connection.fetchval(position)
            if seen > (await verify_consumer(nc, "tasks", "registry"))["ack_floor"]["stream_seq"]:
                return
            os.kill(tasks.pid, signal.SIGCONT)
    finally:
        tasks.kill()
        await connection.close()


async def kill_one(ministry: Ministry, nc: Client, registry: Served, tasks: Served, number: int) -> Kill:
    """Order a dozen measures, and kill `tasks` while it draws up their plans."""
    missions = [f"emb-{number}-{count}" for count in range(MEASURES + 1)]
    content = dossier(number, missions, closed=MEASURES, procedure="closing")
    striking = asyncio.create_task(strike(ministry, nc, tasks))
    async with ministry.client(registry) as client:
        answer = await enter(client, content, f"dossier-{number}")
        assert answer["measures"] == {"ordered": MEASURES}
    taking_in = asyncio.create_task(ministry.taken_in("tasks", "registry"))
    await asyncio.wait({striking, taking_in}, return_when=asyncio.FIRST_COMPLETED)
    for task in (striking, taking_in):
        task.cancel()
    await asyncio.gather(striking, taking_in, return_exceptions=True)
    await tasks.gone()
    await ministry.let_go("tasks")
    stored = await ministry.fetchval("tasks", "SELECT position FROM inboxes WHERE name = 'registry'")
    # The stream was never refilled, so that sequences in it are positions.
    consumer = await verify_consumer(nc, "tasks", "registry")
    await tasks.start()
    return Kill(stored - consumer["ack_floor"]["stream_seq"])


@pytest.fixture(scope="module")
def aftermath(engines: ThrowawayEngines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    async def play() -> Aftermath:
        async with ministry_in(engines, tmp_path_factory.mktemp("reactions")) as ministry:
            return await break_down(ministry)

    yield asyncio.run(play())


async def break_down(ministry: Ministry) -> Aftermath:
    registry, tasks = await ministry.serve("registry"), await ministry.serve("tasks")
    await ministry.import_example(registry, tasks)
    async with listening(ministry.nats.url) as nc:
        kills: list[Kill] = []
        wanted = rounds(4, every=4)
        while len(kills) < wanted or (len(kills) < 10 * wanted and not any(k.unacknowledged for k in kills)):
            kills.append(await kill_one(ministry, nc, registry, tasks, 1000 + len(kills)))
            inbox = await ministry.taken_in("tasks", "registry")
        await ministry.taken_in("registry", "tasks")
        # A deadline may pass at any moment, so the stream is compared up to a head that it has reached.
        head = await ministry.fetchval("tasks", "SELECT position FROM head")
        messages = [one for one in await messages_upto(nc, "tasks", head) if one[2].position <= head]
        await ministry.kill_all()
    registry, tasks = await ministry.checked_log("registry"), await ministry.checked_log("tasks")
    return Aftermath(kills, registry, tasks[:head], messages, inbox)


def test_kills_landed_between_effect_and_acknowledgement(aftermath: Aftermath) -> None:
    between = [kill for kill in aftermath.kills if kill.unacknowledged]
    print(
        f"\n{len(aftermath.kills)} kills of the reacting service, {len(between)} between effect and "
        f"acknowledgement, of {sum(kill.unacknowledged for kill in between)} events"
    )
    assert between, "no kill landed between effect and acknowledgement: the test has shown nothing"


def test_each_measure_has_its_plan_once(aftermath: Aftermath) -> None:
    ordered = sorted(r.id for r in aftermath.registry if isinstance(r.event, MeasureOrdered))
    drafted = sorted(r.id for r in aftermath.tasks if isinstance(r.event, PlanDrafted))
    assert len(ordered) == 19 + MEASURES * len(aftermath.kills)
    assert drafted == ordered
    planned = Counter(r.event.plan for r in aftermath.tasks if isinstance(r.event, TaskPlanned))
    decrees = 1 + len(aftermath.kills)
    assert planned.pop(None) == decrees, "each decree has its report"
    assert planned == dict.fromkeys(ordered, PLANNED)


def test_each_event_had_one_effect(aftermath: Aftermath) -> None:
    fields = [record.about.fields for record in aftermath.tasks]
    own = {str(record.event_id) for record in aftermath.tasks}  # what a timer records goes back to these
    told = [said for said in fields if "causation" in said and said["causation"] not in own]
    reactions = {(said["causation"], said["command"]) for said in told}
    causes = Counter(cause for cause, _ in reactions)
    assert set(causes.values()) == {1}
    assert causes.keys() <= {str(record.event_id) for record in aftermath.registry}


def test_the_inbox_stands_at_the_end_of_its_source(aftermath: Aftermath) -> None:
    assert aftermath.inbox == len(aftermath.registry)


def test_what_came_of_it_reached_the_stream_once_in_order(aftermath: Aftermath) -> None:
    check_same(aftermath.tasks, aftermath.messages)
