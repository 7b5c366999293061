"""What amendments, repeals and reopenings do to plans: these are dropped, or done anew for a receiver."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.tasks.decree import Decree
from services.tasks.mission import Mission
from services.tasks.plan import Plan
from services.tasks.plan.redoing import redoing
from services.tasks.plan.state import STANDING
from services.tasks.replanning import carry_out, tasks_of
from services.tasks.settling import cancel_task, excuse_task, in_one
from services.tasks.task import Task
from shared.contracts import registry
from shared.contracts.text import Text
from shared.eventstore.command import Turn

DROPPED = Text(en="Decree {by} took the measure out.", ar="أسقط القرار {by} هذا الإجراء.")
ELSEWHERE = Text(
    en="Decree {by} moved the measure to another mission.", ar="نقل القرار {by} هذا الإجراء إلى بعثة أخرى."
)
OTHER_RECEIVER = Text(
    en="Decree {by} named another receiving mission.", ar="سمّى القرار {by} بعثة مستقبلة أخرى."
)
REOPENED = Text(en="The mission was opened again.", ar="أُعيد افتتاح البعثة.")
ARTICLE_DROPPED = Text(en="Decree {by} took the article out.", ar="أسقط القرار {by} هذه المادة.")
ENDED = Text(en="Decree {by} ended this one.", ar="أنهى القرار {by} هذا القرار.")


def drop_plan(turn: Turn, id: str, reason: Text, known_at: datetime) -> dict[str, Any]:
    """Give a plan up and cancel what is open of it; a measure without a plan that stands is left alone.

    A plan that was given up before is out from an earlier day now, which stands beside what it missed since.
    """
    plan = turn.get(Plan, id)
    if plan.state not in STANDING:
        _excuse(turn, turn.get_all(Task, [listed.task for listed in plan.tasks]), reason)
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


def drop_closings(turn: Turn, mission: str, by: str, known_at: datetime) -> dict[str, Any]:
    """Give up what is still open of a mission's closing, since the mission is open again.

    What was ordered of it since the reopening is no part of that, and is known first where the reopening was
    parked.
    """
    reopened, moment = turn.get(Mission, mission), turn.moment.at_latest_now
    over = [plan for plan in turn.get_all(Plan, reopened.plans) if _over(plan, mission, moment.effective_at)]
    answer = _drop(turn, over, REOPENED, known_at)
    reopened.note_reopening(by, moment)
    return answer


def drop_decree_tasks(turn: Turn, id: str, by: str, known_at: datetime) -> dict[str, Any]:
    """Cancel what is open of a decree's own tasks, since it ended; its plans follow their measures."""
    tasks = turn.get_all(Task, turn.get(Decree, id).tasks)
    return {"decree": id, "cancelled": _cancel(turn, tasks, ENDED.format(by=by), known_at)}


def drop_tasks_of_articles(
    turn: Turn, id: str, articles: tuple[str, ...], by: str, known_at: datetime
) -> dict[str, Any]:
    """Cancel what is open of a decree's own tasks that dropped articles asked for."""
    tasks = turn.get_all(Task, turn.get(Decree, id).tasks)
    asked_for = [task for task in tasks if task.planned.article in articles]
    return {"decree": id, "cancelled": _cancel(turn, asked_for, ARTICLE_DROPPED.format(by=by), known_at)}


def _over(plan: Plan, mission: str, at: datetime) -> bool:
    """Whether something is open of a closing that is over since the mission is opened again."""
    if plan.state not in STANDING or not plan.open or plan.begun_at is None:
        return False
    return plan.closes_mission(mission) and plan.begun_at < at


def _drop(turn: Turn, plans: list[Plan], reason: Text, known_at: datetime) -> dict[str, Any]:
    tasks = [task for plan in plans for task in turn.get_all(Task, [listed.task for listed in plan.tasks])]
    for plan in plans:
        plan.drop(in_one(reason), turn.actor, turn.moment.at_latest_now)
    return {
        "plans": [plan.id for plan in plans],
        "cancelled": _cancel(turn, tasks, reason, known_at),
    }


def _cancel(turn: Turn, tasks: Sequence[Task], reason: Text, known_at: datetime) -> list[str]:
    """Cancel those of tasks that are open; what others missed has the reason beside it. Return the former."""
    open = [task for task in tasks if not task.state.settled]
    _excuse(turn, tasks, reason)
    for task in open:
        cancel_task(turn, task, reason, known_at)
    return [task.id for task in open]


def _excuse(turn: Turn, tasks: Sequence[Task], reason: Text) -> None:
    for task in tasks:
        if task.state.settled:
            excuse_task(turn, task, reason)
