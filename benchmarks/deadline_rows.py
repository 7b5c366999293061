"""Tasks with deadlines, as many as are wanted, by commands of the store; and a clock set elsewhere."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from uuid import uuid4

from nats.aio.client import Client

from benchmarks.commands import CLERK, KEY
from benchmarks.letters import SUBJECT
from benchmarks.processes import BenchmarkFailed
from services.tasks.deadline import Deadline
from services.tasks.task import Task
from services.tasks.views import every_view
from shared.calendar import Deadline as Computed
from shared.calendar import Roll
from shared.contracts.tasks import DeadlineSet, TaskPlanned
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.messaging.provision import provision_stream
from shared.messaging.relay import Relay
from shared.projections import Views
from shared.service.timing import SystemTime

BEFORE = datetime(2025, 5, 5, 12, tzinfo=UTC)
DUE_ON = date(2025, 11, 30)
DUE = datetime(2025, 11, 30, 22, tzinfo=UTC)
"""The end of the due day in Tripoli, where every calendar of the ministry puts it."""

TASKS = 40
"""Tasks of a measure: their events are stored by one command."""

AT_ONCE = 8

PATIENCE = 300.0
"""Seconds until views that do not follow count as failed."""


class ShiftedTime(SystemTime):
    """Runs as the machine's clock does, from another moment on."""

    def __init__(self, start: datetime) -> None:
        self._shift = start - system_clock()

    def __call__(self) -> datetime:
        return system_clock() + self._shift

    async def reached(self, moment: datetime) -> None:
        await super().reached(moment - self._shift)


async def set_deadlines(database_url: str, nc: Client, number: int, over: float) -> int:
    """Plan so many tasks, whose deadlines end evenly over so many seconds from `DUE` on; return the head.

    Everything is folded into the views and published when this returns.
    """
    await migrate(database_url, "tasks")
    store = EventStore("tasks", database_url, lambda: BEFORE, KEY)
    await store.open()
    await provision_stream(nc, "tasks", store.log_id)
    views, relay = Views(store, every_view()), Relay(store, nc, database_url)
    await views.open()
    jobs = [asyncio.create_task(job) for job in (views.run(), relay.run())]
    numbers = iter(range(number))

    async def plan() -> None:
        while some := list(islice(numbers, TASKS)):
            tasks = [(f"t-{each}", DUE + timedelta(seconds=over * each / number)) for each in some]
            await store.execute(_planning(f"m-{some[0] // TASKS}", tasks))

    await asyncio.gather(*(plan() for _ in range(AT_ONCE)))
    await relay.progress.reached(store.head)
    if not await views.wait_for(store.head, PATIENCE):
        raise BenchmarkFailed(f"the views did not follow: {views.alarm}")
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    head = store.head
    await store.close()
    return head


def _planning(measure: str, tasks: list[tuple[str, datetime]]) -> Command[None]:
    def decide(turn: Turn) -> None:
        planned = turn.get_all(Task, [task for task, _ in tasks])
        deadlines = turn.get_all(Deadline, [task for task, _ in tasks])
        for number, (task, deadline) in enumerate(zip(planned, deadlines, strict=True)):
            task.plan(_task(task.id, measure, number), turn.moment)
            deadline.record(_deadline(task, tasks[number][1]), turn.moment)

    reads = tuple((kind, task) for kind in (Task, Deadline) for task, _ in tasks)
    return Command("plan", Instruction(id=uuid4(), actor=CLERK), decide, reads)


def _task(id: str, measure: str, number: int) -> TaskPlanned:
    return TaskPlanned(
        task=id,
        plan=None,
        decree="298-2025",
        article="2",
        measure=measure,
        mission=f"emb-{measure}",
        department=f"department-{number % 12}",
        number=number,
        workstream="legal",
        title=SUBJECT,
        co_executors=("protocol",),
        needs=(),
        opens=None,
        due="30 days before official_on",
        roll=Roll.BACK,
        calendar="ly",
        evidence=SUBJECT,
        gate=None,
        template="closing",
        template_version=1,
    )


def _deadline(task: Task, due_at: datetime) -> DeadlineSet:
    computed = Computed(
        rule=task.planned.due,
        roll=Roll.BACK,
        anchored_on=date(2025, 12, 31),
        calendar="ly",
        calendar_version=1,
        raw=DUE_ON,
        due_on=DUE_ON,
        due_at=due_at,
        provisional=False,
    )
    return DeadlineSet(
        **task.about,
        opens_on=None,
        deadline=computed,
        due_on=DUE_ON,
        due_at=due_at,
        warn_at=None,
        runs_from=BEFORE.date(),
        provisional=False,
        already_past=False,
        extension=None,
        supersedes=None,
    )
