"""What can be wrong with the gates of a proposed procedure: only closings have closing conditions."""

from collections.abc import Iterator

from services.tasks.template.proposal import TemplateProposal
from services.tasks.template.refusals import Flaw
from shared.contracts.registry import CLOSING_CONDITIONS
from shared.contracts.text import Text


def gate_flaws(proposal: TemplateProposal) -> Iterator[Flaw]:
    """Find gates that nothing shows, that no closing condition bears, or that the measures do not have."""
    others = [kind for kind in proposal.measure_kinds if not kind.closes_mission]
    for task in proposal.tasks:
        if task.gate is None:
            continue
        if task.evidence is None:
            what = Text(
                en="a task with a gate must name its evidence",
                ar="المهمة ذات الشرط يجب أن تسمي مستند إثباتها",
            )
            yield Flaw("gate-without-evidence", f"task {task.number}, evidence", what)
        if task.gate not in CLOSING_CONDITIONS:
            last = CLOSING_CONDITIONS[-1]
            what = Text(
                en=f"there is no closing condition {task.gate}; they go from 1 to {last}",
                ar=f"لا يوجد شرط إقفال برقم {task.gate}؛ وهي من 1 إلى {last}",
            )
            yield Flaw("no-such-condition", f"task {task.number}, gate", what)
        if others:
            kinds = ", ".join(others)
            what = Text(
                en=f"only closings have conditions, and the procedure is also for: {kinds}",
                ar=f"للإقفال وحده شروط، والإجراء مخصص أيضًا لما يلي: {kinds}",
            )
            yield Flaw("gate-without-closing", f"task {task.number}, gate", what)
