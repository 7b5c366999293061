"""Promise 8: a poison event parks its stream in order, the rest flows, mend and replay drains it.

A decree and its measures follow a procedure that nobody has adopted. The reader is killed while dates of a
mission queue up behind the order of its measure and while they drain. Holds wait for nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from pydantic_core import to_json

from deploy.local.token import local_token
from shared.contracts.registry import MeasureOrdered
from shared.contracts.tasks import (
    DecreeHoldNoted,
    DecreeLiftNoted,
    DecreeTaskPlanned,
    InboxEventParked,
    InboxEventTakenIn,
    PlanDrafted,
    PlanScheduled,
)
from shared.dossier.folder import read_folder
from shared.eventstore.record import Record
from tests.engines import ThrowawayEngines
from tests.faults.entering import DEPARTMENT, TEXT, dossier, enter
from tests.faults.ministry import EXAMPLE, Ministry, closing_procedure, ministry_in
from tests.faults.processes import Served, rounds, until
from tests.faults.streams import Message, check_same, listening, messages_upto

pytestmark = pytest.mark.faults

MEASURES = 12
FIRST_DATE = date(2025, 9, 1)
POISONED, SOUND = "1-2025", "2-2025"
PARKED = "SELECT count(*) FROM inbox_parked"


@dataclass
class Aftermath:
    """What is there when all is over; `flowed` are holds and lifts by decree before anything was mended."""

    holds: list[str]
    flowed: list[list[str]]
    parked: int
    left_at_kill: list[int]
    left: int
    registry: list[Record]
    tasks: list[Record]
    messages: list[Message]


@pytest.fixture(scope="module")
def aftermath(engines: ThrowawayEngines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    async def play() -> Aftermath:
        async with ministry_in(engines, tmp_path_factory.mktemp("parked")) as ministry:
            return await break_down(ministry)

    yield asyncio.run(play())


async def break_down(ministry: Ministry) -> Aftermath:
    registry, tasks = await ministry.serve("registry"), await ministry.serve("tasks")
    missions = [f"emb-{number}" for number in range(MEASURES + 1)]
    async with ministry.client(registry) as client:
        await enter(client, dossier(1, missions, closed=MEASURES, procedure="later"), "poisoned")
        await enter(client, dossier(2, missions), "sound")
    holds = [f"h{number}" for number in range(rounds(2, every=10))]
    for number, hold in enumerate(holds):
        await place_and_lift(ministry, registry, hold)
        await set_dates(ministry, registry, missions[0], number)
        if number % 2:
            await ministry.taken_in("tasks", "registry")
            await restart(ministry, tasks)
    async with ministry.store("tasks") as store:
        flowed = [
            [r.event.hold for r in await store.history(f"decree.{decree}") if holds_or_lifts(r)]
            for decree in (POISONED, SOUND)
        ]
    parked = await ministry.fetchval("tasks", PARKED)

    await mend(ministry, registry, tasks)
    left_at_kill: list[int] = []
    left = parked
    while left and len(left_at_kill) < rounds(1, every=25):
        before = left

        async def drains(before: int = before) -> bool:
            return bool(await ministry.fetchval("tasks", PARKED) < before)

        await until(drains, within=60)
        await restart(ministry, tasks)
        left = await ministry.fetchval("tasks", PARKED)
        left_at_kill.append(left)

    async def drained() -> bool:
        return not await ministry.fetchval("tasks", PARKED)

    await until(drained, within=60)
    await ministry.taken_in("tasks", "registry")
    async with listening(ministry.nats.url) as nc:
        head = await ministry.fetchval("tasks", "SELECT position FROM head")
        messages = await messages_upto(nc, "tasks", head)
        await ministry.kill_all()
    logs = await ministry.checked_log("registry"), await ministry.checked_log("tasks")
    left = await ministry.fetchval("tasks", PARKED)
    return Aftermath(holds, flowed, parked, left_at_kill, left, *logs, messages)


async def restart(ministry: Ministry, tasks: Served) -> None:
    """Kill the reader with SIGKILL and start it again, once PostgreSQL has ended what it had begun."""
    tasks.kill()
    await tasks.gone()
    await ministry.let_go("tasks")
    await tasks.start()


async def place_and_lift(ministry: Ministry, registry: Served, hold: str) -> None:
    """Hold both decrees and lift the holds."""
    controller = local_token(ministry.secrets, "controller", "bureau")
    async with ministry.client(registry, controller) as client:
        for decree in (POISONED, SOUND):
            path = f"/decrees/{decree}/holds"
            body = {"hold": hold, "by": DEPARTMENT, "reason": TEXT, "conditions": []}
            await post(client, path, body, f"{decree}-{hold}")
            await post(client, f"{path}/{hold}/lift", {"reason": TEXT, "met": []}, f"{decree}-{hold}-lift")


async def set_dates(ministry: Ministry, registry: Served, mission: str, number: int) -> None:
    """Set other dates of a mission that closes."""
    on = (FIRST_DATE + timedelta(days=number)).isoformat()
    async with ministry.client(registry) as client:
        headers = {"Idempotency-Key": f"dates-{number}"}
        dates = {"public_on": on, "official_on": on}
        response = await client.put(f"/missions/{mission}/dates", json=dates, headers=headers)
        assert response.is_success, response.text


async def mend(ministry: Ministry, registry: Served, tasks: Served) -> None:
    """Adopt the procedure that was missing."""
    folder = await asyncio.to_thread(read_folder, EXAMPLE)
    assert folder.calendar is not None
    async with ministry.client(registry) as client:
        content = to_json(folder.dossier.departments)
        await post(client, "/imports/departments", content, "departments")
    await ministry.taken_in("tasks", "registry")
    async with ministry.client(tasks) as client:
        for kind, proposal, key in (
            ("calendars", dict(folder.calendar), "name"),
            ("templates", closing_procedure(folder), "template"),
        ):
            name = proposal.pop(key)
            name = "later" if key == "template" else name
            await post(client, f"/{kind}/{name}", to_json(proposal), kind)


async def post(client: httpx.AsyncClient, path: str, body: Any, key: str) -> None:
    content = body if isinstance(body, bytes) else to_json(body)
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    response = await client.post(path, content=content, headers=headers)
    assert response.is_success, f"{path}: {response.text}"


def holds_or_lifts(record: Record) -> bool:
    return isinstance(record.event, (DecreeHoldNoted, DecreeLiftNoted))


def test_the_rest_flowed_while_the_stream_was_parked(aftermath: Aftermath) -> None:
    print(f"\n{aftermath.parked} events parked; killed with {aftermath.left_at_kill} of them left")
    assert aftermath.flowed == [[hold for hold in aftermath.holds for _ in range(2)]] * 2
    assert aftermath.parked == MEASURES + 1 + len(aftermath.holds)


def test_everything_of_the_stream_waited_in_order_and_was_taken_in_in_order(aftermath: Aftermath) -> None:
    parked: dict[str, list[int]] = defaultdict(list)
    taken_in: dict[str, list[int]] = defaultdict(list)
    for record in aftermath.tasks:
        if isinstance(record.event, InboxEventParked):
            parked[record.event.of_stream].append(record.event.of_position)
        if isinstance(record.event, InboxEventTakenIn):
            taken_in[record.event.of_stream].append(record.event.of_position)
    assert taken_in == parked and aftermath.left == 0
    assert len(parked[f"decree.{POISONED}"]) == 1
    (dated,) = (stream for stream in parked if stream.startswith("mission."))
    assert len(parked[dated]) == len(aftermath.holds)
    assert all(positions == sorted(positions) for positions in parked.values())


def test_each_effect_is_there_once_and_in_order(aftermath: Aftermath) -> None:
    of_decree = [record for record in aftermath.tasks if record.stream == f"decree.{POISONED}"]
    assert len([r for r in of_decree if isinstance(r.event, DecreeTaskPlanned)]) == 1
    noted = [(type(r.event), r.event.hold) for r in of_decree if holds_or_lifts(r)]
    assert noted == [(kind, hold) for hold in aftermath.holds for kind in (DecreeHoldNoted, DecreeLiftNoted)]
    scheduled = [r.event.official_on for r in aftermath.tasks if isinstance(r.event, PlanScheduled)]
    assert scheduled == [FIRST_DATE + timedelta(days=number) for number in range(len(aftermath.holds))]
    ordered = sorted(r.id for r in aftermath.registry if isinstance(r.event, MeasureOrdered))
    drafted = sorted(r.id for r in aftermath.tasks if isinstance(r.event, PlanDrafted))
    assert len(ordered) == MEASURES and drafted == ordered


def test_each_event_was_reacted_to_by_one_command(aftermath: Aftermath) -> None:
    reactions: dict[str, set[str]] = defaultdict(set)
    for record in aftermath.tasks:
        fields = record.about.fields
        if "causation" in fields and not isinstance(record.event, InboxEventParked):
            reactions[fields["causation"]].add(fields["command"])
    assert {len(commands) for commands in reactions.values()} == {1}


def test_the_stream_holds_all_of_it_once(aftermath: Aftermath) -> None:
    check_same(aftermath.tasks, aftermath.messages)
