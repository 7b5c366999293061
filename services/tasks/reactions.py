"""What this service does when an event of the registry arrives."""

from datetime import datetime
from typing import Any

from services.tasks.closings import note_staff_outcome
from services.tasks.completing import complete_tasks, completing, completing_too
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.department import Department
from services.tasks.drafting import (
    Reads,
    Term,
    draft_plan,
    likely_deadlines,
    likely_tasks,
    plan_decree_tasks,
)
from services.tasks.facts import note_execution
from services.tasks.holding import hold_decree, lift_hold
from services.tasks.leading import noting_leadership
from services.tasks.mission import Mission
from services.tasks.plan import ClosingDates, Plan
from services.tasks.plan.naming import task_id
from services.tasks.reacting import Decision, command_of
from services.tasks.redirecting import (
    DROPPED,
    drop_closings,
    drop_decree_tasks,
    drop_plan,
    drop_tasks_of_articles,
    retarget_plan,
)
from services.tasks.scheduling import schedule_plan
from services.tasks.task import Task
from services.tasks.template import Template
from shared.calendar import Rule
from shared.contracts import registry
from shared.domain import Text
from shared.eventstore.command import Command, Turn
from shared.messaging.received import Received


class RegistryReactions:
    """Turns events of the registry into commands; pure."""

    def react(self, received: Received) -> Command[Any] | None:
        """Return the command that the event asks for, or None; it completes tasks that wait for it, too."""
        command, owners = self._own(received), completing(received)
        if not owners:
            return command
        if command is not None:
            return completing_too(command, received, owners)
        return command_of(
            received, "complete-tasks", lambda turn: complete_tasks(turn, received, owners), owners
        )

    def _own(self, received: Received) -> Command[Any] | None:
        id, at = received.id, received.recorded_at
        match received.event:
            case registry.DepartmentRegistered(name=name):
                return command_of(
                    received, "note-department", _noting(Department, id, name), ((Department, id),)
                )
            case registry.MissionRegistered(name=name):
                return command_of(received, "note-mission", _noting(Mission, id, name), ((Mission, id),))
            case registry.DecreeIssued() as issued:
                procedure, owed = issued.procedure, issued.obligations
                tasks = [task_id(id, one.task) for one in owed if one.task is not None]
                reads: Reads = (
                    (Decree, id),
                    *(() if procedure is None else ((Template, procedure),)),
                    *((kind, task) for kind in (Task, Deadline) for task in tasks),
                )
                return command_of(received, "plan-decree-tasks", _planning_of_decree(id, issued), reads)
            case registry.MeasureOrdered(procedure=str(procedure)) as ordered:
                reads = (
                    (Plan, id),
                    (Decree, ordered.decree),
                    (Mission, ordered.mission),
                    (Template, procedure),
                    *likely_tasks(id),
                )
                return command_of(received, "draft-plan", _drafting(id, procedure, ordered), reads)
            case registry.DecreeAmended() as amended:
                return command_of(
                    received, "note-articles", _noting_amendment(id, amended, at), ((Decree, id),)
                )
            case registry.DecreeHeld() as held:
                return command_of(received, "hold-deadlines", _holding(id, held, at), ((Decree, id),))
            case registry.DecreeResumed(hold=hold):
                return command_of(received, "resume-deadlines", _lifting(id, hold, at), ((Decree, id),))
            case registry.MissionDatesSet(measure=measure, decree=decree) as dated:
                reads = (
                    (Plan, measure),
                    (Decree, decree),
                    *likely_tasks(measure),
                    *likely_deadlines(measure),
                )
                return command_of(received, "schedule-plan", _scheduling(dated, at), reads)
            case registry.MeasureDropped(by=amending):
                reason = DROPPED.format(by=amending)
                return _on_plan(received, "drop-plan", lambda turn: drop_plan(turn, id, reason, at))
            case registry.MeasureRetargeted() as retargeted:
                return _on_plan(
                    received, "retarget-plan", lambda turn: retarget_plan(turn, id, retargeted, at)
                )
            case registry.MeasureExecuted():
                return note_execution(received)
            case registry.MissionReopened(measure=by):
                return command_of(
                    received, "drop-closings", lambda turn: drop_closings(turn, id, by, at), ((Mission, id),)
                )
            case registry.DecreeRepealed(by=ending) | registry.DecreeSuperseded(by=ending):
                return command_of(
                    received,
                    "drop-decree-tasks",
                    lambda turn: drop_decree_tasks(turn, id, ending, at),
                    ((Decree, id),),
                )
            case registry.StaffReassigned(from_mission=left, mission=joined):
                return _noting_outcome(received, left, registry.StaffOutcome.REASSIGNED, joined)
            case registry.StaffRecalled(mission=left):
                return _noting_outcome(received, left, registry.StaffOutcome.RECALLED)
            case registry.StaffSeparated(mission=left):
                return _noting_outcome(received, left, registry.StaffOutcome.SEPARATED)
            case event:
                leading = noting_leadership(id, event)
                if leading is None:
                    return None
                return command_of(received, "note-leadership", leading, ((Department, id),))


def _on_plan(received: Received, name: str, decide: Decision) -> Command[Any]:
    plan = received.id
    return command_of(received, name, decide, ((Plan, plan), *likely_tasks(plan), *likely_deadlines(plan)))


def _noting(kind: type[Department] | type[Mission], id: str, name: Text) -> Decision:
    return lambda turn: turn.get(kind, id).note(name, turn.moment)


def _noting_amendment(decree: str, amended: registry.DecreeAmended, at: datetime) -> Decision:
    def decide(turn: Turn) -> dict[str, Any]:
        dropped = drop_tasks_of_articles(turn, decree, amended.dropped, amended.by, at)
        turn.get(Decree, decree).note_amendment(amended, turn.moment)
        return dropped

    return decide


def _planning_of_decree(decree: str, issued: registry.DecreeIssued) -> Decision:
    terms = {
        owed.task: Term(owed.article, Rule.parse(owed.rule), owed.roll)
        for owed in issued.obligations
        if owed.task is not None
    }
    anchors = {"announced_on": issued.announced_on}
    if issued.signed_on is not None:
        anchors["signed_on"] = issued.signed_on
    anchors |= {Rule.parse(owed.rule).anchor: owed.anchored_on for owed in issued.obligations}

    def decide(turn: Turn) -> None:
        if issued.procedure is not None:  # which may be refused, so it comes first
            plan_decree_tasks(turn, decree, issued.procedure, terms, anchors)
        turn.get(Decree, decree).note(issued, turn.moment)

    return decide


def _drafting(measure: str, procedure: str, ordered: registry.MeasureOrdered) -> Decision:
    return lambda turn: draft_plan(turn, measure, ordered, procedure)


def _holding(decree: str, held: registry.DecreeHeld, at: datetime) -> Decision:
    return lambda turn: hold_decree(turn, decree, held.hold, held.article, held.measure, held.reason, at)


def _lifting(decree: str, hold: str, at: datetime) -> Decision:
    return lambda turn: lift_hold(turn, decree, hold, at)


def _scheduling(dated: registry.MissionDatesSet, at: datetime) -> Decision:
    dates = ClosingDates(dated.public_on, dated.official_on)
    return lambda turn: schedule_plan(turn, dated.measure, dates, at)


def _noting_outcome(
    received: Received, left: str, outcome: registry.StaffOutcome, joined: str | None = None
) -> Command[Any]:
    def decide(turn: Turn) -> None:
        note_staff_outcome(turn, left, received.id, outcome, joined)

    return command_of(received, "note-staff-outcome", decide, ((Mission, left),))
