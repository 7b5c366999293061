"""Plans and tasks drawn up from a procedure, each in one command with everything that belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.mission import Mission
from services.tasks.plan import Order, Plan
from services.tasks.task import Task
from services.tasks.template import Template
from shared.calendar import Roll, Rule
from shared.contracts.registry import MeasureOrdered
from shared.contracts.tasks import DecreeTask, PlannedTask, ProcedureTask, TaskPlanned
from shared.domain import Aggregate
from shared.eventstore.command import Turn

OFFICIAL_DATE = "official_on"
"""The name of T in deadline rules."""

LIKELY = 40
"""Procedures number their tasks from 1; few have more. One that has costs a look-up for each task more."""

Reads = tuple[tuple[type[Aggregate], str], ...]
"""Aggregates that a command is known to need."""


@dataclass(frozen=True, slots=True)
class Term:
    """What the decree itself says about one of its tasks: the article, the rule and the roll."""

    article: str
    rule: Rule
    roll: Roll


def task_id(owner: str, number: int) -> str:
    """Name a task after its plan or decree: ``298-2025-a2-r01-t05``, ``298-2025-t40``."""
    return f"{owner}-t{number:02d}"


def likely_tasks(plan: str) -> Reads:
    """The tasks that a plan is likely to have, to be loaded at once: what it has is known once it is read."""
    return tuple((Task, task_id(plan, number)) for number in range(1, LIKELY + 1))


def likely_deadlines(plan: str) -> Reads:
    """The deadlines of the tasks that a plan is likely to have."""
    return tuple((Deadline, id) for _, id in likely_tasks(plan))


def draft_plan(turn: Turn, measure: str, ordered: MeasureOrdered, procedure: str) -> dict[str, Any]:
    """Draw up the plan of a measure with all its tasks; a plan that exists stays as it is."""
    plan, mission = turn.get(Plan, measure), turn.get(Mission, ordered.mission)
    decree = turn.get(Decree, ordered.decree)
    template = turn.get(Template, procedure).must_serve(ordered.measure_kind)
    if plan.exists:
        return {"plan": measure, "tasks": len(plan.tasks)}
    order = Order(
        decree=ordered.decree,
        article=ordered.article,
        mission=ordered.mission,
        measure_kind=ordered.measure_kind,
        receiver=ordered.receiver,
        template=template.id,
        template_version=template.version,
        calendar=template.calendar,
        roll=template.roll,
        warn_days=template.warn_days,
    )
    ids = {step.number: task_id(measure, step.number) for step in template.tasks}
    tasks = turn.get_all(Task, ids.values())
    listed = tuple(
        PlannedTask(task=ids[step.number], number=step.number, gate=step.gate, needs_dates=step.needs_dates)
        for step in template.tasks
    )
    plan.draft(order, listed, turn.moment)
    mission.note_plan(measure, turn.moment)
    decree.note_plan(measure, turn.moment)
    for task, step in zip(tasks, template.tasks, strict=True):
        task.plan(_planned(measure, step, order, ids), turn.moment)
    return {"plan": measure, "tasks": len(tasks)}


def _planned(plan: str, step: ProcedureTask, order: Order, ids: Mapping[int, str]) -> TaskPlanned:
    opening = step.window.opening_rule(OFFICIAL_DATE)
    return TaskPlanned(
        task=ids[step.number],
        plan=plan,
        decree=order.decree,
        article=order.article,
        measure=plan,
        mission=order.mission,
        department=step.lead,
        number=step.number,
        workstream=step.workstream,
        title=step.title,
        co_executors=step.co_executors,
        needs=tuple(ids[need] for need in step.needs),
        opens=None if opening is None else str(opening),
        due=str(step.window.due_rule(OFFICIAL_DATE)),
        roll=order.roll,
        calendar=order.calendar,
        evidence=step.evidence,
        gate=step.gate,
        template=order.template,
        template_version=order.template_version,
        warn_days=order.warn_days,
        needs_dates=step.needs_dates,
    )


def plan_decree_tasks(
    turn: Turn, decree: str, procedure: str, terms: Mapping[int, Term], anchors: Mapping[str, date]
) -> dict[str, Any]:
    """Plan the tasks that the procedure asks of the decree itself; those whose anchor is known get deadlines.

    `terms` are what the decree's own articles demand, by task number; they go before the procedure's
    rule. `anchors` are the decree's known dates by name.
    """
    template = turn.get(Template, procedure).must_be_adopted()
    for number in terms:
        template.decree_task(number)
    if not template.decree_tasks:
        return {"decree": decree, "tasks": []}
    calendar = turn.get(Calendar, template.calendar).in_force()
    known, ids = turn.get(Decree, decree), [task_id(decree, step.number) for step in template.decree_tasks]
    tasks, deadlines = turn.get_all(Task, ids), turn.get_all(Deadline, ids)
    for step, task, deadline in zip(template.decree_tasks, tasks, deadlines, strict=True):
        if task.exists:
            continue
        planned = _of_decree(task.id, decree, step, terms.get(step.number), template)
        task.plan(planned, turn.moment)
        known.note_task(task.id, turn.moment)
        if anchored_on := anchors.get(Rule.parse(planned.due).anchor):
            holds = known.covering(planned.article, None)
            deadline.set(task, anchored_on, calendar, holds, turn.moment)
    return {"decree": decree, "tasks": ids}


def _of_decree(
    task: str, decree: str, step: DecreeTask, term: Term | None, template: Template
) -> TaskPlanned:
    return TaskPlanned(
        task=task,
        plan=None,
        decree=decree,
        article=term.article if term else None,
        measure=None,
        mission=None,
        department=step.lead,
        number=step.number,
        workstream=step.workstream,
        title=step.title,
        co_executors=step.co_executors,
        needs=(),
        opens=None,
        due=str(term.rule) if term else step.due,
        roll=term.roll if term else step.roll,
        calendar=template.calendar,
        evidence=step.evidence,
        gate=None,
        template=template.id,
        template_version=template.version,
        warn_days=template.warn_days,
    )
