"""Holds on a decree: noted, and followed by every deadline that they cover, in one command."""

from datetime import datetime

from services.tasks.clocks import calendar_of
from services.tasks.deadline import Deadline, Ground
from services.tasks.decree import Decree, Hold
from services.tasks.plan import Plan
from services.tasks.task import Task
from shared.calendar import WorkingCalendar
from shared.contracts.tasks import MissGround
from shared.contracts.text import Text
from shared.eventstore.command import Turn

Covered = list[tuple[Task, Deadline, WorkingCalendar]]


def hold_decree(
    turn: Turn,
    id: str,
    hold: str,
    article: str | None,
    measure: str | None,
    reason: Text,
    known_at: datetime | None = None,
) -> dict[str, object]:
    """Note a hold: it stops clocks from its effective moment on, and qualifies what was missed after that.

    What had passed when the registry recorded it, at `known_at` (now where nothing is said), is missed first,
    whether the sweeper came or not.
    """
    decree = turn.get(Decree, id)
    covered = _covered(turn, decree, Hold(hold, turn.moment.effective_at, reason, None, article, measure))
    _miss(turn, decree, covered, known_at)
    noted = decree.hold(hold, article, measure, reason, turn.moment)
    if noted is None:
        return {"hold": hold, "suspended": 0}
    ground = Ground(MissGround.HOLD, hold)
    for task, deadline, _ in covered:
        deadline.qualify(task, ground, reason, noted.since, turn.moment)
    return {"hold": hold, "suspended": _follow(turn, decree, covered)}


def lift_hold(turn: Turn, id: str, hold: str, known_at: datetime | None = None) -> dict[str, object]:
    """Note the lift of a hold: clocks that no other hold stops go on from its effective moment."""
    decree = turn.get(Decree, id)
    open = next((known for known in decree.holds if known.hold == hold), None)
    covered = [] if open is None else _covered(turn, decree, open)
    _miss(turn, decree, covered, known_at)
    decree.lift(hold, turn.moment)
    return {"hold": hold, "resumed": _follow(turn, decree, covered)}


def _covered(turn: Turn, decree: Decree, hold: Hold) -> Covered:
    """Every deadline that is set and that a hold covers, found by way of its plan or of the decree."""
    plans = [plan for plan in turn.get_all(Plan, decree.plans) if hold.covers(plan.ordered.article, plan.id)]
    ids = [*decree.tasks, *(listed.task for plan in plans for listed in plan.tasks)]
    tasks, deadlines = turn.get_all(Task, ids), turn.get_all(Deadline, ids)
    return [
        (task, deadline, calendar_of(turn, deadline))
        for task, deadline in zip(tasks, deadlines, strict=True)
        if deadline.exists and hold.covers(task.planned.article, task.planned.measure)
    ]


def _miss(turn: Turn, decree: Decree, covered: Covered, known_at: datetime | None) -> None:
    for task, deadline, _ in covered:
        deadline.miss(task, _holds(decree, task), turn.moment, known_at)


def _holds(decree: Decree, task: Task) -> tuple[Hold, ...]:
    return decree.covering(task.planned.article, task.planned.measure)


def _follow(turn: Turn, decree: Decree, covered: Covered) -> int:
    return sum(
        deadline.follow(task, calendar, _holds(decree, task), turn.moment)
        for task, deadline, calendar in covered
    )
