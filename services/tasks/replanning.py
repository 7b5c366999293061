"""Changes of plans: the plan, its tasks and their deadlines change in one command."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.department import Department
from services.tasks.moments import must_follow
from services.tasks.moving import kept_by_extension, moved, standing_of
from services.tasks.plan import Order, Plan
from services.tasks.plan.amending import PlanProposal, proposed
from services.tasks.plan.change import Replanning
from services.tasks.plan.gates import conditions_of
from services.tasks.plan.reaching import out_of_reach
from services.tasks.plan.renewing import Renewal, differences, renewal
from services.tasks.reading import Reading
from services.tasks.reckoning import reckoning_after
from services.tasks.settling import cancel_task, excuse_task, in_one
from services.tasks.task import Task
from services.tasks.task.changing import replan
from services.tasks.template import Template
from shared.contracts.text import Text
from shared.eventstore.command import Turn


def tasks_of(reading: Reading, plan: Plan) -> Mapping[str, Task]:
    """The tasks of a plan by id."""
    return {listed.task: reading.get(Task, listed.task) for listed in plan.tasks}


def replan_plan(turn: Turn, id: str, proposal: PlanProposal) -> dict[str, Any]:
    """Move windows, add tasks and give tasks up, with one reason for all of it."""
    plan = turn.get(Plan, id)
    plan.must_go_on()
    turn.moment.must_not_be_ahead()
    known = {key for key in proposal.departments() if turn.get(Department, key).exists}
    change = proposed(plan, tasks_of(turn, plan), proposal, known)
    return carry_out(turn, plan, change, proposal.reason)


def renewed(reading: Reading, id: str, version: int) -> tuple[Plan, Mapping[str, Task], Renewal]:
    """Work out what moving a plan to the newest version of its procedure would change."""
    plan = reading.get(Plan, id)
    plan.must_go_on()
    tasks = tasks_of(reading, plan)
    template = reading.get(Template, plan.ordered.template)
    return plan, tasks, renewal(plan, tasks, template, version)


def renew_plan(turn: Turn, id: str, version: int, reason: str) -> dict[str, Any]:
    """Move a plan to the newest version of its procedure; where nothing differs, nothing happens."""
    turn.moment.must_not_be_ahead()
    plan, tasks, newer = renewed(turn, id, version)
    differing = [task for task, terms in newer.change.changed.items() if differences(tasks[task], terms)]
    if newer.change.empty and newer.order == plan.ordered:
        nothing: dict[str, Any] = {"moved": [], "kept_by_extension": []}
        answer = {**_standing(plan), **told(newer.change, out_of_reach(plan)), **nothing}
    else:
        answer = carry_out(turn, plan, newer.change, reason, newer.order)
    return answer | {"changed": differing, "kept": list(newer.kept)}


def carry_out(
    turn: Turn,
    plan: Plan,
    change: Replanning,
    reason: Text | str,
    order: Order | None = None,
    known_at: datetime | None = None,
    retargeted: tuple[str | None, str] | None = None,
) -> dict[str, Any]:
    """Record a change and what follows from it: tasks, deadlines where T is set, and gates.

    `known_at` is when another service recorded what it follows from, and `retargeted` the receiver now and
    the decree that named it, where it follows from that.
    """
    given = [*(terms.task for terms in change.added), *change.changed]
    ended = [*change.dropped, *change.superseded]
    tasks = {task.id: task for task in turn.get_all(Task, [*given, *ended])}
    deadlines = {deadline.id: deadline for deadline in turn.get_all(Deadline, [*given, *ended])}
    if known_at is None:
        steps, dates_set = (tasks[id].stepped_at for id in ended), (one.set_at for one in deadlines.values())
        must_follow(turn.moment, plan.drafted_at, *steps, *dates_set)
    due_before = standing_of(deadlines.values())
    order, dates, unreachable = order or plan.ordered, plan.dates, out_of_reach(plan, change)
    holds = turn.get(Decree, order.decree).covering(order.article, plan.id)
    reckoning = None if dates is None else reckoning_after(turn, plan, order, change)
    asked = {terms.counts_by for terms in (*change.added, *change.changed.values())}
    counted = {} if reckoning is None else {by: reckoning.by(by) for by in asked}
    moment = turn.moment if known_at is None else turn.moment.at_latest_now
    if retargeted is not None:
        plan.retarget(*retargeted, moment)
        order = plan.ordered
    plan.replan(change, order, in_one(reason), turn.actor, moment)
    for terms in change.added:
        tasks[terms.task].plan(terms, moment)
    for id, changed in change.changed.items():
        replan(tasks[id], changed, in_one(reason), turn.actor, moment)
    if dates is not None and reckoning is not None:
        plan.schedule(dates, reckoning, moment)
        for id in given:
            calendar = counted[tasks[id].planned.counts_by]
            deadlines[id].set(tasks[id], dates.official_on, calendar, holds, moment, known_at)
    for id in ended:
        if tasks[id].state.settled:
            excuse_task(turn, tasks[id], reason)
        else:
            cancel_task(turn, tasks[id], reason, known_at)
    for condition in conditions_of(plan.counting):
        if condition not in plan.satisfied:
            plan.judge(condition, moment)
    given_deadlines = [deadlines[id] for id in given]
    return {
        **_standing(plan),
        **told(change, unreachable),
        "moved": moved(turn, due_before, given_deadlines),
        "kept_by_extension": kept_by_extension(turn, due_before, given_deadlines),
    }


def _standing(plan: Plan) -> dict[str, Any]:
    order = plan.ordered
    return {"plan": plan.id, "state": plan.state.value, "template_version": order.template_version}


def told(change: Replanning, unreachable: Sequence[int]) -> dict[str, Any]:
    """Tell what a change does; `out_of_reach` are the conditions that no task can satisfy after it."""
    return {
        "added": [terms.task for terms in change.added],
        "changed": list(change.changed),
        "dropped": list(change.dropped),
        "superseded": list(change.superseded),
        "void": list(change.void),
        "out_of_reach": list(unreachable),
    }
