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
from services.tasks.plan.change import in_plan
from services.tasks.plan.expanding import planned
from services.tasks.plan.naming import next_id, task_id
from services.tasks.plan.state import STANDING
from services.tasks.task import Task
from services.tasks.template import Template
from shared.calendar import Roll, Rule
from shared.contracts.registry import MeasureOrdered
from shared.contracts.tasks import DecreeTask, TaskPlanned
from shared.domain import Aggregate
from shared.eventstore.command import Turn

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


def likely_tasks(plan: str) -> Reads:
    """The tasks that a plan is likely to have, to be loaded at once: what it has is known once it is read."""
    return tuple((Task, task_id(plan, number)) for number in range(1, LIKELY + 1))


def likely_deadlines(plan: str) -> Reads:
    """The deadlines of the tasks that a plan is likely to have."""
    return tuple((Deadline, id) for _, id in likely_tasks(plan))


def draft_plan(turn: Turn, measure: str, ordered: MeasureOrdered, procedure: str) -> dict[str, Any]:
    """Draw up the plan of a measure with all its tasks; a plan that stands stays as it is.

    One that was dropped is drawn up anew, with tasks of new names. An order that was parked until the mission
    was opened again is of a closing that is over, and nothing is planned of it.
    """
    plan, mission = turn.get(Plan, measure), turn.get(Mission, ordered.mission)
    decree = turn.get(Decree, ordered.decree)
    template = turn.get(Template, procedure).must_serve(ordered.measure_kind)
    ordered_at, now = turn.moment.at_latest_now.effective_at, turn.moment.recorded_at
    over = ordered.measure_kind.closes_mission and mission.reopened_between(ordered_at, now)
    if plan.state in STANDING or over:
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
        host=ordered.host,
    )
    taken = {*plan.former, *(listed.task for listed in plan.tasks)}
    ids = {step.number: next_id(measure, step.number, taken) for step in template.tasks}
    tasks = turn.get_all(Task, ids.values())
    terms = [planned(measure, step, order, ids) for step in template.tasks]
    plan.draft(order, tuple(in_plan(one) for one in terms), turn.moment)
    mission.note_plan(measure, turn.moment)
    decree.note_plan(measure, turn.moment)
    for task, one in zip(tasks, terms, strict=True):
        task.plan(one, turn.moment)
    return {"plan": measure, "tasks": len(tasks)}


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
        owed = _of_decree(task.id, decree, step, terms.get(step.number), template)
        task.plan(owed, turn.moment)
        known.note_task(task.id, turn.moment)
        if anchored_on := anchors.get(Rule.parse(owed.due).anchor):
            holds = known.covering(owed.article, None)
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
        completed_by=step.completed_by,
    )
