"""What can be wrong with a proposed procedure, found in one pass and told with its place."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set

from services.tasks.template.completing import COMPLETES_DECREE_TASKS, COMPLETES_TASKS
from services.tasks.template.expanding import needs_of
from services.tasks.template.gating import gate_flaws
from services.tasks.template.ordering import cycle_in
from services.tasks.template.proposal import ProposedDecreeTask, ProposedTask, TemplateProposal
from services.tasks.template.refusals import Flaw
from shared.calendar import Rule, Window
from shared.contracts.text import Text


def flaws_of(proposal: TemplateProposal, departments: Set[str], *, has_plans: bool = False) -> list[Flaw]:
    """Find every flaw; cycles and the order of windows are judged once the needs themselves are sound.

    `has_plans` says that measures may have been planned by an earlier version.
    """
    every: tuple[ProposedTask | ProposedDecreeTask, ...] = (*proposal.tasks, *proposal.decree_tasks)
    needs = list(_needs(proposal.tasks))
    found = [
        *_empty(proposal, has_plans=has_plans),
        *_numbers(every),
        *_departments(every, departments),
        *needs,
        *_windows(proposal.tasks),
        *gate_flaws(proposal),
        *_completing(proposal),
        *_rules(proposal.decree_tasks),
    ]
    return found if needs else [*found, *_order(proposal.tasks)]


def _at(task: ProposedTask | ProposedDecreeTask, field: str) -> str:
    return f"task {task.number}, {field}"


def _empty(proposal: TemplateProposal, *, has_plans: bool) -> Iterator[Flaw]:
    if not (proposal.tasks or proposal.decree_tasks):
        yield Flaw("no-tasks", "tasks", Text(en="the procedure has no task", ar="لا مهمة في الإجراء"))
    elif not proposal.tasks and (proposal.measure_kinds or has_plans):
        what = Text(
            en="the procedure is for measures, and has no task for them",
            ar="الإجراء مخصص لتدابير ولا مهمة فيه لها",
        )
        yield Flaw("no-tasks", "tasks", what)


def _numbers(tasks: Sequence[ProposedTask | ProposedDecreeTask]) -> Iterator[Flaw]:
    for number, count in Counter(task.number for task in tasks).items():
        if count > 1:
            what = Text(en=f"{count} tasks have this number", ar=f"يحمل هذا الرقم {count} من المهام")
            yield Flaw("duplicate-number", f"task {number}, number", what)


def _departments(tasks: Sequence[ProposedTask | ProposedDecreeTask], known: Set[str]) -> Iterator[Flaw]:
    for task in tasks:
        for field, keys in (("lead", (task.lead,)), ("co_executors", task.co_executors)):
            for key in keys:
                if key not in known:
                    what = Text(en=f"there is no department {key}", ar=f"لا توجد إدارة بالمفتاح {key}")
                    yield Flaw("unknown-department", _at(task, field), what)
        if task.lead in task.co_executors or len(set(task.co_executors)) < len(task.co_executors):
            what = Text(en="a department is named twice", ar="ذُكرت إدارة مرتين")
            yield Flaw("department-twice", _at(task, "co_executors"), what)


def _needs(tasks: Sequence[ProposedTask]) -> Iterator[Flaw]:
    numbers = {task.number for task in tasks}
    for task in tasks:
        for need in needs_of(task, tasks):
            if need not in numbers:
                what = Text(en=f"there is no task {need} to need", ar=f"لا توجد مهمة رقم {need} يُحتاج إليها")
                yield Flaw("unknown-need", _at(task, "needs"), what)
            elif need == task.number:
                what = Text(en="the task needs itself", ar="المهمة تحتاج إلى نفسها")
                yield Flaw("needs-itself", _at(task, "needs"), what)


def _window(task: ProposedTask) -> Window | None:
    try:
        return Window.parse(task.window)
    except ValueError:
        return None


def _windows(tasks: Sequence[ProposedTask]) -> Iterator[Flaw]:
    for task in tasks:
        if _window(task) is None:
            what = Text(
                en=f"{task.window!r} is not a window: write -30..0 or -165, the earlier day first, "
                "at most ten years from T",
                ar=f"{task.window!r} ليست مدة صالحة: اكتب -30..0 أو -165 واليوم الأسبق أولًا، "
                "وعلى بعد عشر سنوات من T على الأكثر",
            )
            yield Flaw("bad-window", _at(task, "window"), what)


def _completing(proposal: TemplateProposal) -> Iterator[Flaw]:
    every: tuple[tuple[Sequence[ProposedTask | ProposedDecreeTask], frozenset[str]], ...] = (
        (proposal.tasks, COMPLETES_TASKS),
        (proposal.decree_tasks, COMPLETES_DECREE_TASKS),
    )
    for tasks, known in every:
        for task in tasks:
            if task.completed_by is not None and task.completed_by not in known:
                names = ", ".join(sorted(known))
                what = Text(
                    en=f"no event {task.completed_by} completes such a task; these do: {names}",
                    ar=f"لا يُنجز حدثٌ باسم {task.completed_by} مهمةً كهذه؛ والأحداث المنجزة هي: {names}",
                )
                yield Flaw("unknown-event", _at(task, "completed_by"), what)


def _rules(tasks: Sequence[ProposedDecreeTask]) -> Iterator[Flaw]:
    for task in tasks:
        try:
            Rule.parse(task.due)
        except ValueError:
            what = Text(
                en=f"{task.due!r} is not a deadline rule such as '1 month of announced_on'",
                ar=f"{task.due!r} ليست قاعدة أجل مثل '1 month of announced_on'",
            )
            yield Flaw("bad-rule", _at(task, "due"), what)


def _order(tasks: Sequence[ProposedTask]) -> Iterator[Flaw]:
    needs = {task.number: needs_of(task, tasks) for task in tasks}
    if cycle := cycle_in(needs):
        path = " → ".join(str(number) for number in cycle)
        what = Text(en=f"the needs run in a circle: {path}", ar=f"المتطلبات تدور في حلقة: {path}")
        yield Flaw("cycle", f"task {cycle[0]}, needs", what)
    due = {task.number: window.due for task in tasks if (window := _window(task))}
    for task in tasks:
        for need in needs[task.number]:
            if task.number in due and need in due and due[need] > due[task.number]:
                what = Text(
                    en=f"it is due before task {need}, which it needs",
                    ar=f"أجلها قبل أجل المهمة {need} التي تحتاج إليها",
                )
                yield Flaw("window-before-need", _at(task, "window"), what)
