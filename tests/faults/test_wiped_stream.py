"""Promise 4: NATS is killed and its data wiped; everything comes back from the stores."""

import asyncio
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from services.registry.views import views as views_of_registry
from services.tasks.views import every_view as views_of_tasks
from shared.contracts.registry import MeasureOrdered
from shared.contracts.tasks import PlanDrafted
from shared.eventstore.record import Record
from shared.projections import View, Views
from tests.engines import ThrowawayEngines
from tests.faults.crowd import Crowd
from tests.faults.entering import dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.streams import Message, check_same, listening, messages_upto

pytestmark = pytest.mark.faults

VIEWS: dict[str, Sequence[View]] = {"registry": views_of_registry(), "tasks": views_of_tasks()}
MISSIONS = [f"emb-{number}" for number in range(20)]
ROWS = """
    SELECT v.name, r.key, r.valid_from, r.valid_to, r.facets::text, r.doc::text
    FROM views v JOIN view_rows r USING (generation) ORDER BY v.name, r.key, r.valid_from
"""


@dataclass
class Aftermath:
    """What is there when all is over, by service; `away` is what was recorded while NATS was away."""

    records: dict[str, list[Record]]
    messages: dict[str, list[Message]]
    kept: dict[str, list[Any]]
    rebuilt: dict[str, list[Any]]
    inboxes: dict[str, int]
    away: int
    told: set[str]


@pytest.fixture(scope="module")
def aftermath(engines: ThrowawayEngines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    async def play() -> Aftermath:
        async with ministry_in(engines, tmp_path_factory.mktemp("wiped")) as ministry:
            return await break_down(ministry)

    yield asyncio.run(play())


def kill_and_wipe(ministry: Ministry) -> None:
    """Kill NATS with SIGKILL and take its data away; it stays down."""
    os.kill(ministry.nats.server.pid, signal.SIGKILL)
    ministry.nats.stop()
    shutil.rmtree(ministry.nats.server.store)


async def break_down(ministry: Ministry) -> Aftermath:
    registry, tasks = await ministry.serve("registry"), await ministry.serve("tasks")
    await ministry.import_example(registry, tasks)
    async with ministry.client(registry) as client:
        await enter(client, dossier(1, MISSIONS), "missions")
        crowd = Crowd(ministry, MISSIONS)
        await crowd.press([registry], 200, lambda: kill_and_wipe(ministry))
        before: int = await ministry.fetchval("registry", "SELECT position FROM head")
        later = dossier(2, [f"con-{number}" for number in range(5)], closed=4, procedure="closing")
        await enter(client, later, "later")
        await crowd.press([registry], 100, lambda: None)
    away = await ministry.fetchval("registry", "SELECT position FROM head") - before
    assert not crowd.untold
    ministry.nats.start()
    return await collect(ministry, away, set(crowd.told))


async def collect(ministry: Ministry, away: int, told: set[str]) -> Aftermath:
    """Wait until the services are in step again, end them, and gather what they left.

    Deadlines and inboxes may record something at any moment, so everything is compared up to the heads at
    which both were in step.
    """
    heads = await in_step(ministry)
    inboxes = {
        name: await ministry.fetchval(name, "SELECT position FROM inboxes WHERE name = $1", source)
        for name, source in (("tasks", "registry"), ("registry", "tasks"))
    }
    messages = {}
    async with listening(ministry.nats.url) as nc:
        for service in VIEWS:
            held = await messages_upto(nc, service, heads[service])
            messages[service] = [one for one in held if one[2].position <= heads[service]]
    await ministry.kill_all()
    records, kept, rebuilt = {}, {}, {}
    for service, views in VIEWS.items():
        records[service] = (await ministry.checked_log(service))[: heads[service]]
        kept[service] = await rows_of(ministry, service, ministry.database_url, views)
    copy = ministry.engines.make_database(template=ministry.database_url.rsplit("/", 1)[1])
    for service, views in VIEWS.items():
        await forget_views(copy, service)
        rebuilt[service] = await rows_of(ministry, service, copy, views)
    ministry.engines.drop_database(copy)
    return Aftermath(records, messages, kept, rebuilt, inboxes, away, told)


async def in_step(ministry: Ministry) -> dict[str, int]:
    """Wait until each of the two has taken in all that the other has recorded; return their heads."""
    while True:
        heads = {
            "registry": await ministry.taken_in("tasks", "registry"),
            "tasks": await ministry.taken_in("registry", "tasks"),
        }
        if heads["registry"] == await ministry.fetchval("registry", "SELECT position FROM head"):
            return heads


async def forget_views(database_url: str, service: str) -> None:
    connection = await asyncpg.connect(database_url, server_settings={"search_path": service})
    await connection.execute("TRUNCATE views, view_rows")
    await connection.close()


async def rows_of(
    ministry: Ministry, service: str, database_url: str, rules: Sequence[View]
) -> list[tuple[Any, ...]]:
    """Fold a service's views to the end of its log, from where they stand, and return all their rows."""
    async with ministry.store(service, database_url) as store:
        views = Views(store, rules)
        await views.open()
        folding = asyncio.create_task(views.run())
        assert await views.wait_for(store.head, timeout=30), views.alarm
        folding.cancel()
        await asyncio.gather(folding, return_exceptions=True)
        return [tuple(row) for row in await store.pool.fetch(ROWS)]


@pytest.mark.parametrize("service", VIEWS)
def test_the_stream_is_refilled_with_every_event_once_in_order(aftermath: Aftermath, service: str) -> None:
    check_same(aftermath.records[service], aftermath.messages[service])


@pytest.mark.parametrize("service", VIEWS)
def test_views_equal_a_fresh_rebuild(aftermath: Aftermath, service: str) -> None:
    assert aftermath.rebuilt[service]
    assert aftermath.kept[service] == aftermath.rebuilt[service]


def test_what_was_recorded_while_nats_was_away_arrived(aftermath: Aftermath) -> None:
    print(f"\n{aftermath.away} events were recorded while NATS was away")
    assert aftermath.away > 200
    assert aftermath.told <= {record.id for record in aftermath.records["registry"]}


def test_what_came_again_changed_nothing(aftermath: Aftermath) -> None:
    ordered = sorted(r.id for r in aftermath.records["registry"] if isinstance(r.event, MeasureOrdered))
    drafted = sorted(r.id for r in aftermath.records["tasks"] if isinstance(r.event, PlanDrafted))
    assert len(ordered) == 19 + 4
    assert drafted == ordered
    assert aftermath.inboxes["tasks"] >= len(aftermath.records["registry"])
    assert aftermath.inboxes["registry"] >= len(aftermath.records["tasks"])
