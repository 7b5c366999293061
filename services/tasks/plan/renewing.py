"""What moving a plan to the newest version of its procedure would change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.tasks.plan.change import Replanning
from services.tasks.plan.expanding import planned
from services.tasks.plan.naming import next_id
from services.tasks.plan.plan import Plan
from services.tasks.plan.refusals import NotTheNewestVersion, ReplanFlawed
from services.tasks.plan.terms import Order
from services.tasks.task import Task
from services.tasks.task.terms import TERMS
from services.tasks.template import ProcedureWithoutTasks, Template
from services.tasks.template.refusals import Flaw
from shared.contracts.tasks import TaskPlanned, TaskTerms
from shared.contracts.text import Text

HEAD = ("template_version", "warn_days")
"""Terms that differ with the version alone; that is no difference of the task worth telling."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What would change, and what the plan would be drawn up from; `kept` are settled tasks, which stay."""

    order: Order
    change: Replanning
    kept: tuple[str, ...]


def renewal(plan: Plan, tasks: Mapping[str, Task], template: Template, version: int) -> Renewal:
    """Work out the move; refuses where `version` is not the newest or has no task, or its numbers are taken.

    What is settled stays as it is. What the procedure has no more is superseded, so that its condition does
    without it. Tasks that a re-plan added stay; windows that one moved are those of the procedure again.
    """
    if template.version != version:
        raise NotTheNewestVersion(template=template.id, newest=template.version, version=version)
    if not template.tasks:
        raise ProcedureWithoutTasks(template=template.id)
    order = replace(
        plan.ordered,
        template_version=template.version,
        calendar=template.calendar,
        roll=template.roll,
        warn_days=template.warn_days,
    )
    _check_numbers(plan, template)
    current = {listed.number: listed.task for listed in plan.counting if not listed.added}
    ids, taken = dict(current), {*plan.former, *(listed.task for listed in plan.tasks)}
    for step in template.tasks:
        ids.setdefault(step.number, next_id(plan.id, step.number, taken))
    wanted = {ids[step.number]: planned(plan.id, step, order, ids) for step in template.tasks}
    present = set(current.values())
    gone = [id for id in current.values() if id not in wanted]
    changed = {id: terms for id, terms in wanted.items() if id in present and differs(tasks[id], terms)}
    settled = {id for id in (*gone, *changed) if tasks[id].state.settled}
    return Renewal(
        order=order,
        change=Replanning(
            added=tuple(terms for id, terms in wanted.items() if id not in present),
            changed={id: terms for id, terms in changed.items() if id not in settled},
            superseded=tuple(id for id in gone if id not in settled),
        ),
        kept=tuple(id for id in (*gone, *changed) if id in settled),
    )


def differs(task: Task, terms: TaskPlanned) -> bool:
    """Whether a task is to be something else; who has it counts only while nobody was told to do it."""
    return bool(differences(task, terms)) or any(
        getattr(task.planned, name) != getattr(terms, name) for name in HEAD
    )


def differences(task: Task, terms: TaskTerms) -> dict[str, dict[str, object]]:
    """The terms that would change, each as it is and as it would be."""
    names = [name for name in TERMS if name not in (*HEAD, "co_executors")]
    pairs = {name: (getattr(task.planned, name), getattr(terms, name)) for name in names}
    if not task.given_out:
        pairs["department"] = (task.lead, terms.department)
        pairs["co_executors"] = (task.co_executors, terms.co_executors)
    return {name: {"from": was, "to": will} for name, (was, will) in pairs.items() if was != will}


def _check_numbers(plan: Plan, template: Template) -> None:
    added = {listed.number for listed in plan.counting if listed.added}
    taken = [step.number for step in template.tasks if step.number in added]
    if taken:
        what = Text(en="a re-plan added a task of this number", ar="أضاف تعديل للخطة مهمة بهذا الرقم")
        raise ReplanFlawed.by(
            plan.id, [Flaw("duplicate-number", f"task {number}, number", what) for number in taken]
        )
