"""Three NATS servers: the leader killed or cut off, all of them restarted, while clients write."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic

import pytest

from shared.contracts.envelope import stream_name
from shared.contracts.tasks import TaskAssigned
from shared.messaging.jetstream import ask
from shared.messaging.outage import BROKER_OUTAGE
from tests.engines import ThrowawayEngines
from tests.faults.cluster import NAMES, Cluster
from tests.faults.entering import DEPARTMENT, dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import ROUNDS, Served, until
from tests.faults.streams import check_same, listening
from tests.faults.test_wiped_stream import collect
from tests.faults.wire import Wire, wires

pytestmark = pytest.mark.faults

MISSIONS = [f"emb-{number}" for number in range(20)]
WRITERS = 4
"""Writers against each of the two services."""

PLANNED = "SELECT substr(stream, 6) FROM events WHERE type = 'tasks.task.planned' ORDER BY 1 LIMIT 50"

LONGER = pytest.mark.skipif(not ROUNDS, reason="longer than CI allows; `make faults` runs it")


@dataclass
class Office:
    """Two services on a cluster, and who writes to them."""

    ministry: Ministry
    cluster: Cluster
    registry: Served
    tasks: Served
    assigned: list[str]
    told: dict[str, list[int]] = field(default_factory=lambda: {"registry": [], "tasks": []})

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Have writers send one command after the other; every answer must be a success."""
        over = asyncio.Event()
        numbers = count(len(self.told["registry"]))
        token = self.ministry.token
        async with wires([self.registry.url] * WRITERS + [self.tasks.url] * WRITERS, token) as clients:

            async def post(client: Wire) -> None:
                while not over.is_set():
                    key = f"p-{next(numbers):08x}"
                    mission = MISSIONS[int(key[2:], 16) % len(MISSIONS)]
                    body = {"mission": mission, "category": "attached-officer", "authority": DEPARTMENT}
                    answer = await client.post(f"/staff/{key}/post", key, body)
                    assert answer.status == 201, answer
                    self.told["registry"].append(int(answer.headers["tanfidh-position"]))

            async def assign(client: Wire) -> None:
                while not over.is_set():
                    number = next(numbers)
                    task = self.assigned[number % len(self.assigned)]
                    answer = await client.post(f"/tasks/{task}/assign", f"a-{number}", {})
                    assert answer.status == 200, answer
                    self.told["tasks"].append(int(answer.headers["tanfidh-position"]))

            steps = [post] * WRITERS + [assign] * WRITERS
            work = [asyncio.create_task(step(client)) for step, client in zip(steps, clients, strict=True)]
            try:
                yield
            finally:
                over.set()
                await asyncio.gather(*work)

    async def recovered(self, since: float) -> tuple[float, float]:
        """Wait until both streams have gone on, and until both services are in step, from a moment on."""
        heads = {name: await self.ministry.fetchval(name, "SELECT position FROM head") for name in self.told}

        async def gone_on() -> bool:
            return all([await self._last(name) > heads[name] for name in heads])

        await until(gone_on, within=120)
        first = monotonic() - since
        await self.ministry.taken_in("tasks", "registry")
        await self.ministry.taken_in("registry", "tasks")
        return first, monotonic() - since

    async def _last(self, service: str) -> int:
        async with listening(self.cluster.url) as nc:
            try:
                info = await asyncio.wait_for(ask(nc, f"STREAM.INFO.{stream_name(service)}"), 1)
            except (TimeoutError, *BROKER_OUTAGE):
                return 0
        last: int = info["state"]["last_seq"]
        return last


@asynccontextmanager
async def office_in(engines: ThrowawayEngines, folder: Path) -> AsyncIterator[Office]:
    cluster = await asyncio.to_thread(Cluster, engines.loop, folder / "cluster")
    async with ministry_in(engines, folder, cluster) as ministry:
        registry, tasks = await asyncio.gather(ministry.serve("registry"), ministry.serve("tasks"))
        async with ministry.client(registry) as client:
            await enter(client, dossier(1, MISSIONS), "missions")
        await ministry.import_example(registry, tasks)
        await ministry.taken_in("tasks", "registry")
        yield Office(ministry, cluster, registry, tasks, await ministry.fetch("tasks", PLANNED))


async def kill_leader(office: Office) -> None:
    """Kill the server that leads the registry's stream; bring it back once all have recovered."""
    leader = await office.cluster.leader("registry")
    since = monotonic()
    await asyncio.to_thread(office.cluster.kill, leader)
    tell("its leader killed", await office.recovered(since))
    since = monotonic()
    await asyncio.to_thread(office.cluster.start, leader)
    tell("it came back", await office.recovered(since))


async def cut_off_leader(office: Office) -> None:
    """Cut off the server that the registry is connected to and that leads its stream; then mend the links."""
    minority = await office.cluster.served_by("tanfidh registry")
    await office.cluster.lead("registry", minority)
    since = monotonic()
    await asyncio.to_thread(office.cluster.cut_off, minority)
    tell("its leader cut off, with the registry", await office.recovered(since))
    since = monotonic()
    await asyncio.to_thread(office.cluster.mend, minority)
    tell("links mended", await office.recovered(since))


async def restart_every_one(office: Office) -> None:
    """Restart one server after the other, each once all have recovered from the one before."""
    for name in NAMES:
        since = monotonic()
        await asyncio.to_thread(office.cluster.stop_one, name)
        await asyncio.to_thread(office.cluster.start, name)
        tell(f"{name} restarted", await office.recovered(since))


def tell(what: str, recovered: tuple[float, float]) -> None:
    first, step = recovered
    print(f"\n{what}: published again after {first:.1f} s, all in step after {step:.1f} s")


@pytest.mark.parametrize(
    "fault",
    [
        kill_leader,
        pytest.param(cut_off_leader, marks=LONGER),
        pytest.param(restart_every_one, marks=LONGER),
    ],
)
async def test_nothing_is_lost_and_nothing_comes_twice(
    engines: ThrowawayEngines, tmp_path: Path, fault: Callable[[Office], Awaitable[None]]
) -> None:
    async with office_in(engines, tmp_path) as office:
        async with office.writing():
            for _ in range(max(1, ROUNDS // 50)):
                await fault(office)
        aftermath = await collect(office.ministry, 0, set())
    for service, told in office.told.items():
        records, messages = aftermath.records[service], aftermath.messages[service]
        check_same(records, messages)
        assert len(told) > 100
        assert max(told) <= len(records)
        assert aftermath.kept[service] == aftermath.rebuilt[service]
    assigned = [r for r in aftermath.records["tasks"] if isinstance(r.event, TaskAssigned)]
    assert len(assigned) == len(office.told["tasks"])
    assert aftermath.inboxes["tasks"] >= len(aftermath.records["registry"])
    fields = [record.about.fields for record in aftermath.records["tasks"]]
    reactions = {(said["causation"], said["command"]) for said in fields if "causation" in said}
    assert len({cause for cause, _ in reactions}) == len(reactions), "each event had one effect"
