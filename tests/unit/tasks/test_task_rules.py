import unicodedata
from collections.abc import Callable

import pytest

from services.tasks.task import (
    AcceptedByDoer,
    DatesNotSet,
    DepartmentTwice,
    EvidenceMissing,
    PrerequisitesOpen,
    Task,
    TaskState,
    TooMuchEvidence,
    WrongState,
)
from services.tasks.task.evidence import MOST_DOCUMENTS
from shared.calendar import Roll
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Actor, Change, NotFound
from shared.eventstore.codec import encode
from shared.eventstore.rendering import MAX_EVENT_BYTES
from tests.unit.tasks.given import (
    ADMIN,
    ALONE,
    LEGAL,
    LETTER,
    MINUTES,
    NOW,
    OFFICE,
    PROTOCOL,
    on_behalf,
)

PLANNED = said.TaskPlanned(
    task="p-t05",
    plan="p",
    decree="298-2025",
    article="2",
    measure="p",
    mission="emb-va",
    department="legal",
    number=5,
    workstream="legal",
    title=Text(en="Task"),
    co_executors=("protocol",),
    needs=("p-t01",),
    opens="30 days before official_on",
    due="25 days before official_on",
    roll=Roll.BACK,
    calendar="ly",
    evidence=Text(en="Letter", ar="كتاب"),
    gate=3,
    template="closing",
    template_version=1,
)


def planned(**changes: object) -> Task:
    task = Task.blank("p-t05")
    task.plan(PLANNED.model_copy(update=changes), NOW)
    return task


def assigned(**changes: object) -> Task:
    task = planned(**changes)
    task.assign("legal", ("protocol",), None, OFFICE, NOW)
    return task


def started(**changes: object) -> Task:
    task = assigned(**changes)
    task.start([], LEGAL, NOW)
    return task


def submitted(**changes: object) -> Task:
    task = started(**changes)
    task.submit((LETTER,), True, LEGAL, NOW)
    return task


def accepted() -> Task:
    task = submitted()
    task.accept(OFFICE, NOW, ALONE)
    return task


def returned() -> Task:
    task = submitted()
    task.send_back("The letter is not signed", OFFICE, NOW)
    return task


def cancelled() -> Task:
    task = planned()
    task.cancel("The lease was never signed", OFFICE, NOW)
    return task


GIVEN: dict[TaskState, Callable[[], Task]] = {
    TaskState.PLANNED: planned,
    TaskState.ASSIGNED: assigned,
    TaskState.IN_PROGRESS: started,
    TaskState.SUBMITTED: submitted,
    TaskState.ACCEPTED: accepted,
    TaskState.RETURNED: returned,
    TaskState.CANCELLED: cancelled,
}
ACTS: dict[str, Callable[[Task], None]] = {
    "assign": lambda task: task.assign("legal", (), None, OFFICE, NOW),
    "start": lambda task: task.start([], LEGAL, NOW),
    "attach": lambda task: task.attach((MINUTES,), LEGAL, NOW),
    "submit": lambda task: task.submit((MINUTES,), True, LEGAL, NOW),
    "accept": lambda task: task.accept(OFFICE, NOW, ALONE),
    "return": lambda task: task.send_back("Unsigned", OFFICE, NOW),
    "cancel": lambda task: task.cancel("Not needed", OFFICE, NOW),
}
S = TaskState
ALLOWED: dict[tuple[TaskState, str], TaskState] = {
    (S.PLANNED, "assign"): S.ASSIGNED,
    (S.ASSIGNED, "assign"): S.ASSIGNED,
    (S.IN_PROGRESS, "assign"): S.ASSIGNED,
    (S.RETURNED, "assign"): S.ASSIGNED,
    (S.ASSIGNED, "start"): S.IN_PROGRESS,
    (S.RETURNED, "start"): S.IN_PROGRESS,
    (S.IN_PROGRESS, "attach"): S.IN_PROGRESS,
    (S.SUBMITTED, "attach"): S.SUBMITTED,
    (S.IN_PROGRESS, "submit"): S.SUBMITTED,
    (S.SUBMITTED, "accept"): S.ACCEPTED,
    (S.SUBMITTED, "return"): S.RETURNED,
    (S.PLANNED, "cancel"): S.CANCELLED,
    (S.ASSIGNED, "cancel"): S.CANCELLED,
    (S.IN_PROGRESS, "cancel"): S.CANCELLED,
    (S.SUBMITTED, "cancel"): S.CANCELLED,
    (S.RETURNED, "cancel"): S.CANCELLED,
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", TaskState)
def test_each_act_leads_from_its_states_and_no_others(state: TaskState, act: str) -> None:
    task = GIVEN[state]()
    task.collect_events()
    assert task.state is state
    if (state, act) in ALLOWED:
        ACTS[act](task)
        assert task.state is ALLOWED[state, act]
    else:
        with pytest.raises(WrongState, match=f"Task p-t05 is {state.value}; it must be "):
            ACTS[act](task)
        assert not task.pending_events


@pytest.mark.parametrize("act", ACTS)
def test_a_task_that_was_never_planned_is_not_found(act: str) -> None:
    with pytest.raises(NotFound, match="no task p-t05"):
        ACTS[act](Task.blank("p-t05"))


def test_a_wrong_state_is_told_in_arabic_too() -> None:
    with pytest.raises(WrongState) as refused:
        planned().accept(OFFICE, NOW, ALONE)
    assert "مخططة" in refused.value.told().in_language("ar")
    assert "مقدَّمة" in refused.value.told().in_language("ar")


def test_a_start_is_refused_while_a_prerequisite_is_not_accepted_and_names_it() -> None:
    task, open_need, done = assigned(), Task.blank("p-t01"), accepted()
    open_need.plan(PLANNED.model_copy(update={"task": "p-t01"}), NOW)
    with pytest.raises(PrerequisitesOpen, match=r"p-t01 \(planned\)") as refused:
        task.start([open_need, done], LEGAL, NOW)
    assert refused.value.facts["open"] == {"p-t01": "planned"}
    assert "p-t01 (مخططة)" in refused.value.told().in_language("ar")
    assert task.state is TaskState.ASSIGNED


@pytest.mark.parametrize("state", [one for one in TaskState if not one.settled])
def test_no_unsettled_prerequisite_lets_a_task_start(state: TaskState) -> None:
    with pytest.raises(PrerequisitesOpen):
        assigned().start([GIVEN[state]()], LEGAL, NOW)


@pytest.mark.parametrize("settled", [accepted, cancelled])
def test_an_accepted_or_cancelled_prerequisite_lets_it_start(settled: Callable[[], Task]) -> None:
    task = assigned()
    task.start([settled()], LEGAL, NOW)
    assert task.state is TaskState.IN_PROGRESS


def refused_to_accept(task: Task, actor: Actor) -> None:
    with pytest.raises(AcceptedByDoer, match=f"took part in task {task.id}"):
        task.accept(actor, NOW, ALONE)
    with pytest.raises(AcceptedByDoer, match=f"took part in task {task.id}"):
        task.send_back("No", actor, NOW)
    assert task.state is TaskState.SUBMITTED


def test_who_started_it_neither_accepts_nor_returns_it() -> None:
    task = started()
    task.submit((LETTER,), True, PROTOCOL, NOW)
    refused_to_accept(task, LEGAL)


def test_who_submitted_it_neither_accepts_nor_returns_it() -> None:
    task = started()
    task.submit((LETTER,), True, PROTOCOL, NOW)
    refused_to_accept(task, PROTOCOL)


def test_who_is_named_to_do_it_neither_accepts_nor_returns_it() -> None:
    task = planned()
    task.assign("legal", (), OFFICE.subject, ADMIN, NOW)
    task.start([], LEGAL, NOW)
    task.submit((LETTER,), True, LEGAL, NOW)
    refused_to_accept(task, OFFICE)


def test_who_attached_evidence_neither_accepts_nor_returns_it() -> None:
    task = submitted()
    task.attach((MINUTES,), OFFICE, NOW)
    refused_to_accept(task, OFFICE)


def test_nobody_accepts_what_was_done_on_their_behalf() -> None:
    task = assigned()
    task.start([], on_behalf(LEGAL, "head-of-legal"), NOW)
    task.submit((LETTER,), True, LEGAL, NOW)
    refused_to_accept(task, Actor(subject="head-of-legal", role="admin"))


def test_nobody_accepts_on_behalf_of_a_doer() -> None:
    refused_to_accept(submitted(), on_behalf(OFFICE, LEGAL.subject))


def test_a_doer_of_an_earlier_round_still_does_not_accept() -> None:
    task = returned()
    task.start([], PROTOCOL, NOW)
    task.submit((MINUTES,), True, PROTOCOL, NOW)
    refused_to_accept(task, LEGAL)


def test_who_only_assigned_it_may_accept_it() -> None:
    task = submitted()
    task.accept(OFFICE, NOW, ALONE)
    assert task.state is TaskState.ACCEPTED


def test_acceptance_is_refused_without_the_evidence_that_the_task_names() -> None:
    task = started()
    task.submit((), True, LEGAL, NOW)
    with pytest.raises(EvidenceMissing, match="Letter") as refused:
        task.accept(OFFICE, NOW, ALONE)
    assert "كتاب" in refused.value.told().in_language("ar")
    task.attach((LETTER,), LEGAL, NOW)
    task.accept(OFFICE, NOW, ALONE)
    assert task.state is TaskState.ACCEPTED


@pytest.mark.parametrize("name", ["Letter", " letter ", "LETTER", "كتاب", " كتاب"])
def test_the_named_document_counts_in_either_language_however_it_is_typed(name: str) -> None:
    task = started()
    task.submit((MINUTES, LETTER.model_copy(update={"document": name})), True, LEGAL, NOW)
    task.accept(OFFICE, NOW, ALONE)
    assert task.state is TaskState.ACCEPTED


@pytest.mark.parametrize("name", ["Minutes", "Letter of somebody else", "Let ter", "Draft letter"])
def test_a_document_of_another_name_is_not_the_one_that_the_task_names(name: str) -> None:
    task = started()
    task.submit((LETTER.model_copy(update={"document": name}),), True, LEGAL, NOW)
    with pytest.raises(EvidenceMissing, match="without a document named Letter"):
        task.accept(OFFICE, NOW, ALONE)
    assert task.state is TaskState.SUBMITTED


def test_letters_composed_in_another_way_are_the_same_name() -> None:
    task = started(evidence=Text(ar="إقفال"))
    apart = unicodedata.normalize("NFD", "إقفال")
    task.submit((LETTER.model_copy(update={"document": apart}),), True, LEGAL, NOW)
    task.accept(OFFICE, NOW, ALONE)
    assert task.state is TaskState.ACCEPTED


def documents(count: int) -> tuple[said.Evidence, ...]:
    """So many different documents, each as long as it can be on the wire."""
    return tuple(
        said.Evidence(document="\x01" * 200, sha256=f"{number:064x}", letter_number="\x01" * 64)
        for number in range(count)
    )


def test_as_many_documents_as_a_task_may_have_can_be_submitted_in_one_event() -> None:
    task = started(evidence=None, gate=None)
    task.attach(documents(MOST_DOCUMENTS), LEGAL, NOW)
    task.submit(documents(MOST_DOCUMENTS), True, LEGAL, NOW)
    assert len(task.evidence) == MOST_DOCUMENTS
    assert len(encode(last(task))) < MAX_EVENT_BYTES / 2


def test_one_document_more_is_refused_wherever_it_is_offered() -> None:
    task = started()
    task.attach(documents(MOST_DOCUMENTS), LEGAL, NOW)
    task.collect_events()
    offers: list[Callable[[], None]] = [
        lambda: task.attach((LETTER,), LEGAL, NOW),
        lambda: task.submit((LETTER,), True, LEGAL, NOW),
    ]
    for offer in offers:
        with pytest.raises(TooMuchEvidence, match="would have 61 documents; it may have 60"):
            offer()
    assert not task.pending_events


def test_a_task_that_names_no_evidence_is_accepted_without() -> None:
    task = started(evidence=None, gate=None)
    task.submit((), True, LEGAL, NOW)
    task.accept(OFFICE, NOW, ALONE)
    assert task.state is TaskState.ACCEPTED


def test_the_acceptance_carries_all_evidence_and_the_gate() -> None:
    task = started()
    task.attach((MINUTES,), LEGAL, NOW)
    task.submit((LETTER, MINUTES), True, LEGAL, NOW)
    task.accept(OFFICE, NOW, ALONE)
    event = last(task)
    assert isinstance(event, said.TaskAccepted)
    assert (event.evidence, event.gate, event.by) == ((MINUTES, LETTER), 3, ("office-1",))


def test_known_documents_attached_again_change_nothing() -> None:
    task = submitted()
    task.collect_events()
    task.attach((LETTER,), LEGAL, NOW)
    assert not task.pending_events


def test_assigning_to_another_department_moves_the_lead() -> None:
    task = planned()
    task.assign("protocol", ("legal",), "officer-7", OFFICE, NOW)
    assert task.departments == ("protocol", "legal")
    assert last(task).keys()["department"] == "protocol"


@pytest.mark.parametrize("co_executors", [("legal",), ("protocol", "protocol")])
def test_a_department_has_one_part_in_a_task(co_executors: tuple[str, ...]) -> None:
    with pytest.raises(DepartmentTwice):
        planned().assign("legal", co_executors, None, OFFICE, NOW)


def test_work_on_the_dates_is_not_submitted_until_they_are_set() -> None:
    task = started(needs_dates=True)
    with pytest.raises(DatesNotSet, match="Task p-t05 is about the closing dates") as refused:
        task.submit((LETTER,), False, LEGAL, NOW)
    assert refused.value.status == 409
    assert "p-t05" in refused.value.told().in_language("ar")
    assert task.state is TaskState.IN_PROGRESS
    task.submit((LETTER,), True, LEGAL, NOW)
    task.accept(OFFICE, NOW, ALONE)
    assert task.state is TaskState.ACCEPTED


def test_other_dates_return_submitted_work_on_the_former_ones_and_say_why() -> None:
    task = started(needs_dates=True)
    task.submit((LETTER,), True, LEGAL, NOW)
    assert task.note_other_dates(OFFICE, NOW)
    event = last(task)
    assert isinstance(event, said.TaskReturned)
    assert event.reason.startswith("The dates changed")
    assert task.state is TaskState.RETURNED


@pytest.mark.parametrize(
    ("state", "needs_dates"),
    [(S.SUBMITTED, False), *((state, True) for state in TaskState if state is not S.SUBMITTED)],
)
def test_other_dates_return_nothing_else(state: TaskState, needs_dates: bool) -> None:
    task = GIVEN[state]()
    task.terms = PLANNED.model_copy(update={"needs_dates": needs_dates})
    task.collect_events()
    assert not task.note_other_dates(OFFICE, NOW)
    assert not task.pending_events


def test_every_event_of_a_task_carries_its_query_keys() -> None:
    task = accepted()
    expected = {
        "decree": "298-2025",
        "article": "2",
        "measure": "p",
        "mission": "emb-va",
        "plan": "p",
        "task": "p-t05",
        "department": "legal",
    }
    assert [event.keys() for event in events(task)] == [expected] * 5


def test_every_event_of_a_task_tells_who_takes_part_from_then_on() -> None:
    task = accepted()
    assert {event.co_executors_told() for event in events(task)} == {task.planned.co_executors}
    task = planned()
    task.assign("legal", ("archives", "ict"), None, OFFICE, NOW)
    task.assign("protocol", ("legal",), None, OFFICE, NOW)
    task.start((), OFFICE, NOW)
    told = [event.co_executors_told() for event in events(task)]
    assert told[-3:] == [("archives", "ict"), ("legal",), ("legal",)]


def events(task: Task) -> list[said.TasksEvent]:
    return [change.event for change in task.pending_events if isinstance(change, Change)]  # type: ignore[misc]  # every event of a task is one of this service


def last(task: Task) -> said.TasksEvent:
    return events(task)[-1]
