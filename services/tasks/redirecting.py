"""What amendments, repeals and reopenings do to plans: these are dropped, or done anew for a receiver."""

from datetime import datetime
from typing import Any

from services.tasks.decree import Decree
from services.tasks.mission import Mission
from services.tasks.plan import Plan
from services.tasks.plan.redoing import redoing
from services.tasks.plan.state import STANDING
from services.tasks.replanning import carry_out, tasks_of
from services.tasks.settling import cancel_task
from services.tasks.task import Task
from shared.contracts import registry
from shared.eventstore.command import Turn

DROPPED = "Decree {by} took the measure out. أسقط القرار {by} هذا الإجراء."
ELSEWHERE = "Decree {by} moved the measure to another mission. نقل القرار {by} هذا الإجراء إلى بعثة أخرى."
OTHER_RECEIVER = "Decree {by} named another receiving mission. سمّى القرار {by} بعثة مستقبلة أخرى."
REOPENED = "The mission was opened again. أُعيد افتتاح البعثة."
ARTICLE_DROPPED = "Decree {by} took the article out. أسقط القرار {by} هذه المادة."
ENDED = "Decree {by} ended this one. أنهى القرار {by} هذا القرار."


def drop_plan(turn: Turn, id: str, reason: str, known_at: datetime) -> dict[str, Any]:
    """Give a plan up and cancel what is open of it; a measure without a plan that stands is left alone."""
    plan = turn.get(Plan, id)
    if plan.state not in STANDING:
        return {"plan": id, "cancelled": []}
    return _drop(turn, [plan], reason, known_at)


def retarget_plan(
    turn: Turn, id: str, retargeted: registry.MeasureRetargeted, known_at: datetime
) -> dict[str, Any]:
    """Follow a measure to another receiver, or drop its plan where it is about another mission now.

    What was done for the former receiver is planned anew, so that its evidence is given again.
    """
    plan = turn.get(Plan, id)
    if plan.state not in STANDING:
        return {"plan": id}
    if retargeted.mission != plan.ordered.mission:
        return _drop(turn, [plan], ELSEWHERE.format(by=retargeted.by), known_at)
    tasks = tasks_of(turn, plan)
    change = redoing(plan, tasks, retargeted.void)
    if retargeted.receiver == plan.ordered.receiver or change.empty:
        plan.retarget(retargeted.receiver, retargeted.by, turn.moment.at_latest_now)
        return {"plan": id, "added": []}
    return carry_out(
        turn,
        plan,
        change,
        OTHER_RECEIVER.format(by=retargeted.by),
        known_at=known_at,
        retargeted=(retargeted.receiver, retargeted.by),
    )


def drop_closings(turn: Turn, mission: str, known_at: datetime) -> dict[str, Any]:
    """Give up what is still open of a mission's closing, since the mission is open again."""
    plans = [turn.get(Plan, plan) for plan in turn.get(Mission, mission).plans]
    closing = [plan for plan in plans if plan.state in STANDING and _closes(plan) and plan.open]
    return _drop(turn, closing, REOPENED, known_at)


def drop_decree_tasks(turn: Turn, id: str, by: str, known_at: datetime) -> dict[str, Any]:
    """Cancel what is open of a decree's own tasks, since it ended; its plans follow their measures."""
    tasks = turn.get_all(Task, turn.get(Decree, id).tasks)
    open = [task for task in tasks if not task.state.settled]
    for task in open:
        cancel_task(turn, task, ENDED.format(by=by), known_at)
    return {"decree": id, "cancelled": [task.id for task in open]}


def drop_tasks_of_articles(
    turn: Turn, id: str, articles: tuple[str, ...], by: str, known_at: datetime
) -> dict[str, Any]:
    """Cancel what is open of a decree's own tasks that dropped articles asked for."""
    tasks = turn.get_all(Task, turn.get(Decree, id).tasks)
    open = [task for task in tasks if not task.state.settled and task.planned.article in articles]
    for task in open:
        cancel_task(turn, task, ARTICLE_DROPPED.format(by=by), known_at)
    return {"decree": id, "cancelled": [task.id for task in open]}


def _closes(plan: Plan) -> bool:
    return registry.MeasureKind(plan.ordered.measure_kind).closes_mission


def _drop(turn: Turn, plans: list[Plan], reason: str, known_at: datetime) -> dict[str, Any]:
    open = [turn.get(Task, listed.task) for plan in plans for listed in plan.open]
    for plan in plans:
        plan.drop(reason, turn.actor, turn.moment.at_latest_now)
    for task in open:
        cancel_task(turn, task, reason, known_at)
    return {"plans": [plan.id for plan in plans], "cancelled": [task.id for task in open]}
