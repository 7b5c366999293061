"""Tasks that an event of the registry completes by itself, where their procedure says so.

The service accepts such a task: nobody did it here, and who may make the event happen, and who must not, is
the rule of the registry. The evidence is the event: its leaf is in the registry's log, for all to prove.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from services.tasks.clocks import holds_of
from services.tasks.deadline import Deadline, Ground
from services.tasks.deadline.standing import IN_TIME
from services.tasks.decree import Decree
from services.tasks.drafting import Reads
from services.tasks.mission import Mission
from services.tasks.plan import Plan
from services.tasks.plan.state import RUNNING
from services.tasks.task import Task
from services.tasks.task.changing import complete
from services.tasks.template.completing import BY_MEASURE, OF_DECREE, name_of
from shared.contracts import registry
from shared.contracts import tasks as said
from shared.eventstore.command import Command, Turn
from shared.messaging.received import Received


def completing(received: Received) -> Reads:
    """Name what has the tasks that an event may complete; nothing for an event that completes none."""
    event = received.event
    if isinstance(event, BY_MEASURE):
        return ((Plan, event.keys()["measure"]),)
    if isinstance(event, registry.MeasureExecuted):
        return ((Plan, received.id),)
    if isinstance(event, registry.HandoverSigned):
        return ((Mission, received.id),)
    return ((Decree, received.id),) if isinstance(event, OF_DECREE) else ()


def complete_tasks(turn: Turn, received: Received, owners: Reads) -> dict[str, Any]:
    """Complete the open tasks that wait for this event."""
    name = name_of(received.event)
    done = []
    for task in list(_waiting(turn, owners, name)):
        _complete(turn, task, name, received)
        done.append(task.id)
    return {"event": name, "completed": done}


def completing_too(command: Command[Any], received: Received, owners: Reads) -> Command[Any]:
    """Let a command that reacts to an event complete tasks besides."""
    decide = command.decide

    def both(turn: Turn) -> Any:
        for kind, id in owners:
            turn.get(kind, id)
        answer = decide(turn)
        complete_tasks(turn, received, owners)
        return answer

    return replace(command, decide=both, reads=(*command.reads, *owners))


def _waiting(turn: Turn, owners: Reads, name: str) -> Iterable[Task]:
    for kind, id in owners:
        found = turn.get(kind, id)
        if isinstance(found, Decree):
            every = turn.get_all(Task, found.tasks)
            yield from (task for task in every if _waits(task, name))
            continue
        plans = [found] if isinstance(found, Plan) else turn.get_all(Plan, _plans(found))
        listed = [task for plan in plans if plan.state in RUNNING for task in plan.open]
        yield from turn.get_all(Task, [task.task for task in listed if task.completed_by == name])


def _plans(mission: Any) -> tuple[str, ...]:
    plans: tuple[str, ...] = mission.plans
    return plans


def _waits(task: Task, name: str) -> bool:
    return not task.state.settled and task.planned.completed_by == name


def _complete(turn: Turn, task: Task, name: str, received: Received) -> None:
    deadline, holds, plan = turn.get(Deadline, task.id), holds_of(turn, task), task.planned.plan
    counting = None if plan is None else turn.get(Plan, plan)
    moment = turn.moment.at_latest_now
    at = moment.effective_at
    shown = said.Completion(
        event=f"registry.{name}",
        event_id=received.event_id,
        at=at,
        recorded_at=received.recorded_at,
        in_time=deadline.in_time(at),
    )
    leaf = said.Evidence(document=f"registry.{name} {received.event_id}", sha256=received.leaf().hex())
    deadline.miss(task, holds, moment, received.recorded_at)
    complete(task, shown, leaf, turn.actor, moment)
    ground = Ground(said.MissGround.SUBMISSION)
    deadline.qualify(task, ground, IN_TIME, at, moment, received.recorded_at)
    deadline.meet(task, moment)
    if counting is not None:
        counting.settle(task.id, said.Outcome.ACCEPTED, task.evidence, moment)
