"""A change of a plan as somebody proposes it, and what can be wrong with it."""

from collections.abc import Iterator, Mapping, Set

from pydantic import Field

from services.tasks.plan.change import Replanning
from services.tasks.plan.expanding import OFFICIAL_DATE, planned
from services.tasks.plan.naming import next_id
from services.tasks.plan.plan import Plan
from services.tasks.plan.refusals import ReplanFlawed
from services.tasks.task import Task
from services.tasks.template import ProposedTask, TemplateProposal
from services.tasks.template.checking import flaws_of
from services.tasks.template.expanding import task_of
from services.tasks.template.proposal import Phrase, Proposed
from services.tasks.template.refusals import Flaw
from shared.calendar import CountsBy, Rule, Window
from shared.contracts.identity import Token
from shared.contracts.reason import WrittenReason
from shared.contracts.registry import MeasureKind
from shared.contracts.tasks import TaskTerms
from shared.contracts.text import Text


class MovedTask(Proposed):
    """Another window for a task, in calendar days relative to T; `counts_by` stays where nothing is said."""

    task: Token
    window: Phrase
    counts_by: CountsBy | None = None


class PlanProposal(Proposed):
    """What is to change in a plan, and why: windows to move, tasks to add and tasks to give up.

    A task that is added has a number of its own, and needs tasks of the plan by their numbers.
    """

    reason: WrittenReason
    move: tuple[MovedTask, ...] = Field(default=(), max_length=200)
    add: tuple[ProposedTask, ...] = Field(default=(), max_length=50)
    drop: tuple[Token, ...] = Field(default=(), max_length=200)

    def departments(self) -> tuple[str, ...]:
        """Every department that the added tasks name, each once."""
        return tuple(dict.fromkeys(key for task in self.add for key in (task.lead, *task.co_executors)))


def proposed(
    plan: Plan, tasks: Mapping[str, Task], proposal: PlanProposal, departments: Set[str]
) -> Replanning:
    """Work the change out; refuses it with every flaw where it makes no sense.

    What the plan would be is judged as a procedure is: needs without a circle, nothing due before what it
    needs, known departments, gates in closings only. `departments` are the known ones of those named.
    """
    flaws = list(_misplaced(plan, proposal))
    if flaws:
        raise ReplanFlawed.by(plan.id, flaws)
    moved = {one.task: one for one in proposal.move}
    after = _as_procedure(plan, tasks, proposal, moved)
    if found := flaws_of(after, departments | set(after.departments()) - set(proposal.departments())):
        raise ReplanFlawed.by(plan.id, found)
    ids = {listed.number: listed.task for listed in plan.counting if listed.task not in proposal.drop}
    taken = {*plan.former, *(listed.task for listed in plan.tasks)}
    ids |= {task.number: next_id(plan.id, task.number, taken) for task in proposal.add}
    return Replanning(
        added=tuple(planned(plan.id, task_of(task, after.tasks), plan.ordered, ids) for task in proposal.add),
        by_hand=True,
        changed={id: _moved(tasks[id], one, plan.ordered.host) for id, one in moved.items()},
        dropped=proposal.drop,
    )


def _misplaced(plan: Plan, proposal: PlanProposal) -> Iterator[Flaw]:
    open = {listed.task for listed in plan.open}
    named = [*((one.task, "move") for one in proposal.move), *((task, "drop") for task in proposal.drop)]
    if not (named or proposal.add):
        yield Flaw("no-change", "move, add, drop", Text(en="nothing changes", ar="لا شيء يتغير"))
    seen: set[str] = set()
    for task, field in named:
        if task not in open:
            what = Text(en=f"the plan has no open task {task}", ar=f"لا مهمة مفتوحة في الخطة بالمعرّف {task}")
            yield Flaw("no-open-task", field, what)
        if task in seen:
            yield Flaw("task-twice", field, Text(en=f"{task} is named twice", ar=f"ذُكرت {task} مرتين"))
        seen.add(task)
    taken = {listed.number for listed in plan.counting}
    for added in proposal.add:
        if added.number in taken:
            what = Text(en="a task of the plan has this number", ar="تحمل مهمة في الخطة هذا الرقم")
            yield Flaw("duplicate-number", f"task {added.number}, number", what)
    if plan.ordered.host is None:
        yield from _without_host(proposal)


def _without_host(proposal: PlanProposal) -> Iterator[Flaw]:
    """Find tasks that ask for the calendar of a host State that nobody told of."""
    asking = [(f"task {one.number}, counts_by", one.counts_by) for one in proposal.add]
    asking += [(f"{one.task}, counts_by", one.counts_by) for one in proposal.move if one.counts_by]
    for where, counts_by in asking:
        if counts_by.asks_host:
            what = Text(
                en="the host State of the plan is not known, so that its calendar cannot be asked for",
                ar="الدولة المضيفة للخطة غير معروفة فلا يمكن الحساب بتقويمها",
            )
            yield Flaw("no-host", where, what)


def _as_procedure(
    plan: Plan, tasks: Mapping[str, Task], proposal: PlanProposal, moved: Mapping[str, MovedTask]
) -> TemplateProposal:
    """The plan as it would be, in the form in which procedures are judged; what is dropped is left out."""
    order = plan.ordered
    staying = [tasks[listed.task] for listed in plan.counting if listed.task not in proposal.drop]
    numbers = {task.id: task.planned.number for task in staying}
    return TemplateProposal(
        label="after",
        title=Text(en="after"),
        calendar=order.calendar,
        roll=order.roll,
        measure_kinds=(MeasureKind(order.measure_kind),),
        tasks=(*(_as_step(task, numbers, moved.get(task.id)) for task in staying), *proposal.add),
    )


def _as_step(task: Task, numbers: Mapping[str, int], moved: MovedTask | None) -> ProposedTask:
    terms = task.planned
    return ProposedTask(
        number=terms.number,
        workstream=terms.workstream,
        title=terms.title,
        lead=task.lead,
        co_executors=task.co_executors,
        needs=tuple(numbers[need] for need in terms.needs if need in numbers),
        window=str(window_of(terms)) if moved is None else moved.window,
        evidence=terms.evidence,
        gate=terms.gate,
        days=terms.days,
        counts_by=_counts_by(terms, moved),
    )


def _counts_by(terms: TaskTerms, moved: MovedTask | None) -> CountsBy:
    return terms.counts_by if moved is None or moved.counts_by is None else moved.counts_by


def window_of(terms: TaskTerms) -> Window:
    """The window of a task of a plan, in calendar days relative to T."""
    opens = None if terms.opens is None else Rule.parse(terms.opens).count
    return Window(opens=opens, due=Rule.parse(terms.due).count)


def _moved(task: Task, moved: MovedTask, host: str | None) -> TaskTerms:
    read = Window.parse(moved.window)
    opening = read.opening_rule(OFFICIAL_DATE)
    counts_by = _counts_by(task.planned, moved)
    rules = {
        "opens": None if opening is None else str(opening),
        "due": str(read.due_rule(OFFICIAL_DATE)),
        "department": task.lead,
        "counts_by": counts_by,
        "host": host if counts_by.asks_host else None,
    }
    return task.planned.model_copy(update=rules)
