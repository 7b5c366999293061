"""What a change of its plan does to a task, and how an event of another service completes it."""

from services.tasks.task.lifecycle import OPEN
from services.tasks.task.task import Task
from services.tasks.task.terms import TERMS
from shared.contracts import tasks as said
from shared.domain import Actor, Moment, acting


def replan(task: Task, terms: said.TaskTerms, reason: str, actor: Actor, moment: Moment) -> bool:
    """Give an open task other terms; tell whether they differ from those that it has.

    Who leads it and who takes part is changed only while nobody has been told to do it: after that it is
    for an assignment to change.
    """
    task.must_be(*OPEN)
    lead, co_executors = task.lead, task.co_executors
    if not task.given_out:
        lead, co_executors = terms.department, terms.co_executors
    told = {name: getattr(terms, name) for name in TERMS} | {"co_executors": co_executors}
    before = {name: getattr(task.planned, name) for name in TERMS} | {"co_executors": task.co_executors}
    if (lead, told) == (task.lead, before):
        return False
    said_of_it = {**task.about, **told, "department": lead}
    task.record(said.TaskReplanned(**said_of_it, reason=reason, by=acting(actor)), moment)
    return True


def complete(
    task: Task, completion: said.Completion, shown_by: said.Evidence, actor: Actor, moment: Moment
) -> None:
    """Accept an open task since an event shows that it is done; the procedure says which event does.

    Whether its prerequisites are accepted, its parts reported and its document attached is not asked: what
    happened has happened, and who may make it happen is the rule of the service whose event it is.
    """
    task.must_be(*OPEN)
    terms = task.planned
    accepted = said.TaskAccepted(
        **task.about,
        number=terms.number,
        gate=terms.gate,
        evidence=(*task.evidence, shown_by),
        by=acting(actor),
        completion=completion,
    )
    task.record(accepted, moment)
