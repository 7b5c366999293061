import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.tasks.application import Tasks
from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.plan import Plan, PlanState
from services.tasks.plan.amending import MovedTask, PlanProposal
from services.tasks.reactions import RegistryReactions
from services.tasks.sweeping import Sweeping
from services.tasks.task import PrerequisitesOpen, Task, TaskState
from services.tasks.template import TemplateProposal
from services.tasks.views import every_view, matrix
from shared.calendar import CalendarDeclaration
from shared.contracts import registry
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain.clock import Clock, system_clock
from shared.eventstore import snapshots
from shared.eventstore.command import Outcome
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.projections import Due, Views
from tests.unit.tasks.given import ADMIN, ALONE, ISSUED, LETTER, MEASURE, OFFICE, by, ordered, received

EXAMPLE = Path(__file__).parents[2] / "examples" / "decree-298-2025"
KEY = Ed25519PrivateKey.generate()
DATES_SET = registry.MissionDatesSet(
    decree="298-2025", measure=MEASURE, public_on=date(2025, 12, 1), official_on=date(2025, 12, 31)
)

HELD = registry.DecreeHeld(
    hold="h1", by="audit-bureau", holder="audit", reason=Text(en="Studies"), conditions=()
)
LIFTED = registry.DecreeResumed(hold="h1", met=(), reason=Text(en="Reviewed"))
FIRST = f"{MEASURE}-t01"


class Service:
    """The service `tasks` on a real store, fed with events of the registry."""

    def __init__(self, store: EventStore) -> None:
        self.store = store
        self.views = Views(store, every_view())
        self.tasks = Tasks(store, self.views)
        self._heard = 0

    async def hear(self, event: Event, id: str) -> Outcome[Any]:
        self._heard += 1
        command = RegistryReactions().react(received(event, id, uuid5(UUID(int=9), str(self._heard))))
        assert command is not None
        return await self.store.execute(command)

    async def adopt_example(self) -> None:
        procedure = yaml.safe_load((EXAMPLE / "closing-procedure.yaml").read_text())
        calendar = yaml.safe_load((EXAMPLE / "calendar-ly-2025.yaml").read_text())
        template, name = procedure.pop("template"), calendar.pop("name")
        proposal = TemplateProposal.model_validate(procedure)
        for key in proposal.departments():
            await self.hear(registry.DepartmentRegistered(name=Text(en=key)), key)
        declared = CalendarDeclaration.model_validate(calendar)
        await self.tasks.declare_calendar(by(ADMIN, "calendar"), name, declared)
        await self.tasks.adopt_template(by(ADMIN, "template"), template, proposal)

    async def submit(self, number: int) -> str:
        task = f"{MEASURE}-t{number:02d}"
        await self.tasks.assign_task(by(ADMIN, f"assign-{number}"), task)
        await self.tasks.start_task(by(ADMIN, f"start-{number}"), task)
        named = (await self.store.load(Task, task)).planned.evidence
        assert named is not None
        paper = LETTER.model_copy(update={"document": named.in_language("ar")})
        await self.tasks.submit_task(by(ADMIN, f"submit-{number}"), task, (paper,))
        return task

    async def accept(self, number: int) -> None:
        await self.tasks.accept_task(by(OFFICE, f"accept-{number}"), await self.submit(number), ALONE)

    async def folded(self) -> Views:
        assert await self.views.wait_for(self.store.head, timeout=20), self.views.alarm
        return self.views


@asynccontextmanager
async def serving(database_url: str, clock: Clock = system_clock) -> AsyncIterator[Service]:
    await migrate(database_url, "tasks")
    store = EventStore("tasks", database_url, clock, KEY)
    await store.open()
    service = Service(store)
    await service.views.open()
    folding = asyncio.create_task(service.views.run())
    yield service
    folding.cancel()
    await asyncio.gather(folding, return_exceptions=True)
    await store.close()


@pytest.fixture
async def service(database_url: str) -> AsyncIterator[Service]:
    async with serving(database_url) as service:
        yield service


async def test_the_sweeper_records_a_miss_again_where_the_day_is_due_again(database_url: str) -> None:
    now = [datetime(2025, 5, 6, 12, tzinfo=UTC)]
    async with serving(database_url, lambda: now[0]) as service:
        await service.adopt_example()
        for event, id in ((ISSUED, "298-2025"), (ordered(), MEASURE), (DATES_SET, "emb-va")):
            await service.hear(event, id)

        async def swept() -> list[list[str]]:
            row = await (await service.folded()).get("deadlines", FIRST)
            assert row is not None
            due = Due(datetime.fromisoformat(row["due_at"]), FIRST, row)
            await Sweeping(service.store).act(due)
            misses = (await service.store.load(Deadline, FIRST)).misses
            return [[one.ground.value for one in miss.grounds] for miss in misses]

        assert await swept() == []
        now[0] = datetime(2025, 12, 20, 12, tzinfo=UTC)
        assert await swept() == [[]]
        # Given other dates, of before the due day and entered after it, and then the former ones again,
        later = DATES_SET.model_copy(update={"public_on": date(2098, 12, 1), "official_on": date(2099, 1, 1)})
        await service.hear(later, "emb-va")
        await service.hear(DATES_SET, "emb-va")
        # then the day is missed again, once, by an event of its own.
        assert await swept() == [["move"], []]
        assert await swept() == [["move"], []]
        history = await service.store.history(f"deadline.{FIRST}")
        missed = [record.event_id for record in history if isinstance(record.event, said.DeadlineMissed)]
        assert len(missed) == len(set(missed)) == 2


async def test_the_example_is_planned_scheduled_and_counted(service: Service) -> None:
    await service.adopt_example()
    await service.hear(ISSUED, "298-2025")
    drafted = await service.hear(ordered(), MEASURE)
    scheduled = await service.hear(DATES_SET, "emb-va")
    assert (drafted.events, scheduled.events) == (1 + 1 + 1 + 39, 1 + 39)
    views = await service.folded()
    assert (await matrix.by_decree(views))["298-2025"] == matrix.NONE | {"planned": 40}
    report = await views.get("tasks", "298-2025-t40")
    assert report is not None and report["due_on"] == "2025-05-29"
    plan = await service.tasks.inquiries.plan(MEASURE)
    assert plan["conditions"] == list(range(1, 13))
    assert all(
        date.fromisoformat(task["due_on"]).strftime("%a") not in ("Fri", "Sat") for task in plan["tasks"]
    )
    assert plan["tasks"][0]["due_on"] == "2025-07-03"


async def test_a_plan_and_its_tasks_are_read_as_of_one_position(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.adopt_example()
    await service.hear(ordered(), MEASURE)
    await service.folded()
    listed = service.views.list

    async def listed_later(*asked: Any, **more: Any) -> Any:
        await service.hear(DATES_SET, "emb-va")
        await service.folded()
        return await listed(*asked, **more)

    monkeypatch.setattr(service.views, "list", listed_later)
    plan = await service.tasks.inquiries.plan(MEASURE)
    assert plan["official_on"] is None
    assert {task["due_on"] for task in plan["tasks"]} == {None}


async def test_two_acceptances_at_once_satisfy_their_condition_once(service: Service) -> None:
    await service.adopt_example()
    await service.hear(ordered(), MEASURE)
    for number in (1, 2, 16):
        await service.accept(number)
    first, second = await service.submit(17), await service.submit(18)
    await asyncio.gather(
        service.tasks.accept_task(by(OFFICE, "accept-17"), first, ALONE),
        service.tasks.accept_task(by(OFFICE, "accept-18"), second, ALONE),
    )
    told = [record.event for record in await service.store.history(f"plan.{MEASURE}")]
    gates = [event for event in told if isinstance(event, said.PlanGateSatisfied)]
    assert [(gate.condition, gate.tasks) for gate in gates] == [
        (1, (f"{MEASURE}-t01",)),
        (5, (first, second)),
    ]


async def test_a_service_started_anew_goes_on_from_what_is_stored(
    service: Service, database_url: str
) -> None:
    await service.adopt_example()
    await service.hear(ordered(), MEASURE)
    await service.accept(1)
    anew = EventStore("tasks", database_url, system_clock, KEY)
    await anew.open()
    try:
        tasks = Tasks(anew, service.views)
        second, third = f"{MEASURE}-t02", f"{MEASURE}-t03"
        for task in (second, third):
            await tasks.assign_task(by(ADMIN, f"anew-{task}"), task)
        await tasks.start_task(by(ADMIN, "anew-start"), second)
        with pytest.raises(PrerequisitesOpen, match=second):
            await tasks.start_task(by(ADMIN, "anew-third"), third)
        assert (await anew.load(Task, second)).state is TaskState.IN_PROGRESS
    finally:
        await anew.close()


async def test_a_snapshot_gives_back_the_state_that_it_was_taken_of(service: Service) -> None:
    await service.adopt_example()
    await service.hear(ordered(), MEASURE)
    await service.hear(DATES_SET, "emb-va")
    await service.accept(1)
    await service.hear(HELD, "298-2025")
    of_task = ((Task, FIRST), (Deadline, FIRST))
    for kind, id in ((Plan, MEASURE), (Decree, "298-2025"), (Calendar, "ly"), *of_task):
        loaded = await service.store.load(kind, id)
        assert loaded.exists
        restored = kind.blank(id)
        snapshots.restore(restored, snapshots.dump(loaded))
        assert snapshots.dump(restored) == snapshots.dump(loaded)


async def test_a_hold_stops_every_deadline_of_its_decree_in_one_command_however_many_there_are(
    service: Service, database_url: str
) -> None:
    await service.adopt_example()
    await service.hear(ISSUED, "298-2025")
    for row in range(1, 20):
        measure = f"298-2025-a2-r{row:02d}"
        await service.hear(ordered(mission=f"emb-{row:02d}"), measure)
        await service.hear(DATES_SET.model_copy(update={"measure": measure}), f"emb-{row:02d}")
    anew = EventStore("tasks", database_url, system_clock, KEY)  # nothing of it is in memory
    await anew.open()
    try:
        held = RegistryReactions().react(received(HELD, "298-2025", UUID(int=11)))
        lifted = RegistryReactions().react(received(LIFTED, "298-2025", UUID(int=12)))
        assert held is not None and lifted is not None
        outcome = await anew.execute(held)
        assert (outcome.value, outcome.events) == ({"hold": "h1", "suspended": 742}, 743)
        assert (await anew.execute(lifted)).value == {"hold": "h1", "resumed": 742}
    finally:
        await anew.close()
    await service.store.look()
    running = await (await service.folded()).list("deadlines", {"state": "running"}, limit=1000)
    assert len(running) == 742


async def test_a_plan_is_approved_changed_and_dropped_each_in_one_command(service: Service) -> None:
    await service.adopt_example()
    await service.hear(ordered(), MEASURE)
    await service.hear(DATES_SET, "emb-va")
    await service.tasks.planning.approve(by(OFFICE, "approve"), MEASURE, None)
    change = PlanProposal(reason="The host is slow", move=(MovedTask(task=f"{MEASURE}-t36", window="-50"),))
    moved = await service.tasks.planning.replan(by(OFFICE, "replan"), MEASURE, change)
    assert (moved.value or {})["changed"] == [f"{MEASURE}-t36"]
    views = await service.folded()
    path = await service.tasks.timetables.critical_path(MEASURE, None, date(2025, 6, 1))
    assert json.loads(path.body)["unit"] == "working-day"
    assert [task["window_moved"] for task in await slipped(service) if task["window_moved"]] == [10]
    dropped = registry.MeasureDropped(
        decree="298-2025", article="2", mission="emb-va", receiver=None, by="310-2025", on=date(2025, 6, 1)
    )
    await service.hear(dropped, MEASURE)
    await service.folded()
    row = await views.get("plans", MEASURE)
    assert row is not None
    assert (row["state"], row["states"]) == ("dropped", {"cancelled": 39})
    live = await service.store.load(Plan, MEASURE)
    assert (live.state, live.open) == (PlanState.DROPPED, ())


async def slipped(service: Service) -> list[dict[str, Any]]:
    answer = await service.tasks.timetables.slippage(MEASURE, None)
    tasks: list[dict[str, Any]] = json.loads(answer.body)["tasks"]
    return tasks
