"""Escalations follow whatever happens to a deadline, in the command in which it happens."""

from collections.abc import Iterable
from functools import partial

from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.department import Department
from services.tasks.escalation import Case, Escalation, follow
from services.tasks.escalation_policy import STANDING, EscalationPolicy
from services.tasks.task import Task
from shared.eventstore.command import Turn


def escalate(turn: Turn, task: Task, deadline: Deadline) -> bool:
    """Let the escalation of a task follow its deadline; tell whether anything happened.

    Nothing does where nothing was missed, or where no policy is declared.
    """
    if not deadline.misses:
        return False
    case = case_of(turn, task, deadline)
    return case is not None and follow(turn.get(Escalation, task.id), case, turn.moment)


def case_of(turn: Turn, task: Task, deadline: Deadline) -> Case | None:
    """Gather what an escalation is decided with; None where no policy is declared.

    One that is open goes on by the version of the policy with which it began.
    """
    policy = policy_of(turn, task.planned.decree)
    if policy is None:
        return None
    escalation, version = turn.get(Escalation, task.id), policy.version
    if escalation.open:
        policy, version = turn.get(EscalationPolicy, escalation.policy), escalation.policy_version
    return Case(
        task=task,
        deadline=deadline,
        policy=policy.id,
        version=version,
        ladder=policy.of_version(version),
        calendar=calendar_of(turn, deadline),
        holds=holds_of(turn, task),
        head_of=partial(_head_of, turn),
    )


def policy_of(turn: Turn, decree: str | None) -> EscalationPolicy | None:
    """The policy by which tasks of a decree are escalated: that under its own id, or the standing one."""
    if decree is not None and (own := turn.get(EscalationPolicy, decree)).exists:
        return own
    policy = turn.get(EscalationPolicy, STANDING)
    return policy if policy.exists else None


def expect_escalations(turn: Turn, followed: Iterable[tuple[Task, Deadline]]) -> None:
    """Load the escalations that deadlines may have, or get now, together: one by one each costs a look-up."""
    past = [
        (task, deadline)
        for task, deadline in followed
        if deadline.misses or (deadline.due_at is not None and deadline.due_at <= turn.moment.recorded_at)
    ]
    if past and policy_of(turn, past[0][0].planned.decree) is not None:
        turn.get_all(Escalation, [task.id for task, _ in past])


def _head_of(turn: Turn, department: str) -> str | None:
    headship = turn.get(Department, department).leadership.headship
    return None if headship is None else headship.head
