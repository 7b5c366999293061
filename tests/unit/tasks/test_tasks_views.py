import pytest

from services.tasks.drafting import draft_plan
from services.tasks.plan import Plan
from services.tasks.scheduling import schedule_plan
from services.tasks.settling import accept_task, cancel_task
from services.tasks.task import Task, TaskState
from services.tasks.views import matrix
from services.tasks.views.tasks import STATES
from shared.contracts import tasks as said
from shared.contracts.event import CATALOGUE
from shared.contracts.registry import StaffOutcome
from tests.unit.tasks.given import (
    ALONE,
    DATES,
    LEGAL,
    LETTER,
    MEASURE,
    MINUTES,
    NOW,
    OFFICE,
    ORDERED,
    MemoryStore,
    MemoryViews,
    store_with_procedure,
)

FIRST = f"{MEASURE}-t01"


@pytest.fixture
def store() -> MemoryStore:
    store = store_with_procedure()
    store.run(lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    return store


@pytest.fixture
def views(store: MemoryStore) -> MemoryViews:
    return MemoryViews(store)


def start(store: MemoryStore, id: str = FIRST) -> None:
    store.run(lambda turn: turn.get(Task, id).assign("legal", ("protocol",), "officer-7", OFFICE, NOW))
    store.run(lambda turn: turn.get(Task, id).start([], LEGAL, NOW))


def submit(store: MemoryStore, id: str = FIRST) -> None:
    start(store, id)
    store.run(lambda turn: turn.get(Task, id).submit((LETTER,), True, LEGAL, NOW))


def accept(store: MemoryStore, id: str = FIRST) -> None:
    submit(store, id)
    store.run(lambda turn: accept_task(turn, turn.get(Task, id), ALONE), OFFICE)


def test_a_planned_task_has_its_rules_and_no_deadline(views: MemoryViews) -> None:
    row = views.rows("tasks")[f"{MEASURE}-t02"]
    assert (row["state"], row["department"], row["mission"], row["decree"]) == (
        "planned",
        "legal",
        "emb-va",
        "298-2025",
    )
    assert (row["opens_rule"], row["due_rule"]) == (
        "20 days before official_on",
        "10 days before official_on",
    )
    assert (row["due_on"], row["deadline"], row["evidence"]) == (None, None, [])
    assert row["evidence_named"] == {"ar": "كتاب", "en": "Letter"}


def test_a_scheduled_task_shows_window_and_deadline(store: MemoryStore, views: MemoryViews) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    row = views.rows("tasks")[f"{MEASURE}-t02"]
    assert (row["opens_on"], row["due_on"], row["due_at"]) == (
        "2025-09-10",
        "2025-09-18",
        "2025-09-18T22:00:00Z",
    )
    assert (row["deadline"]["raw"], row["deadline"]["calendar_version"]) == ("2025-09-20", 1)


def test_a_task_that_was_accepted_before_t_has_met_the_deadline_that_t_gives_it(
    store: MemoryStore, views: MemoryViews
) -> None:
    accept(store)
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    row = views.rows("tasks")[FIRST]
    assert (row["state"], row["due_on"], row["deadline_state"]) == ("accepted", "2025-08-31", "met")


def test_a_task_shows_who_has_it_and_what_supports_it(store: MemoryStore, views: MemoryViews) -> None:
    submit(store)
    store.run(lambda turn: turn.get(Task, FIRST).attach((MINUTES,), LEGAL, NOW))
    row = views.rows("tasks")[FIRST]
    assert (row["state"], row["assignee"], row["co_executors"]) == ("submitted", "officer-7", ["protocol"])
    assert [document["document"] for document in row["evidence"]] == ["Letter", "Minutes"]
    assert row["version"] == store.find(Task, FIRST).version


def test_a_returned_task_says_why(store: MemoryStore, views: MemoryViews) -> None:
    submit(store)
    store.run(lambda turn: turn.get(Task, FIRST).send_back("Unsigned", OFFICE, NOW))
    row = views.rows("tasks")[FIRST]
    assert (row["state"], row["reason"]) == ("returned", "Unsigned")


def test_the_view_and_the_aggregate_agree_on_every_state(store: MemoryStore, views: MemoryViews) -> None:
    accept(store)
    start(store, f"{MEASURE}-t02")
    store.run(lambda turn: turn.get(Task, f"{MEASURE}-t03").cancel("No gap", OFFICE, NOW))
    for key, row in views.rows("tasks").items():
        assert row["state"] == store.find(Task, key).state.value


def test_every_state_is_reached_by_exactly_one_event_of_the_catalogue() -> None:
    assert set(STATES.values()) == set(TaskState)
    stateless = {
        said.TaskBlocked,
        said.TaskCommented,
        said.TaskEvidenceAttached,
        said.TaskPartReported,
        said.TaskReplanned,
        said.TaskTerms,
        said.TaskUnblocked,
    } & set(CATALOGUE.values())
    declared = {kind for kind in CATALOGUE.values() if issubclass(kind, said.TaskFact)}
    assert declared == set(STATES) | stateless


def test_a_plan_counts_its_tasks_by_state(store: MemoryStore, views: MemoryViews) -> None:
    accept(store)
    start(store, f"{MEASURE}-t02")
    row = views.rows("plans")[MEASURE]
    assert row["states"] == {"accepted": 1, "in-progress": 1, "planned": 2}
    assert (row["conditions"], row["satisfied"]) == ([1, 3], [1])
    assert (row["checklist_completed"], row["completed"]) == (False, False)
    assert row["version"] == store.find(Plan, MEASURE).version


def test_a_plan_shows_t_and_what_became_of_staff(store: MemoryStore, views: MemoryViews) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    store.run(
        lambda turn: turn.get(Plan, MEASURE).note_staff_outcome("p-1", StaffOutcome.RECALLED, None, NOW)
    )
    row = views.rows("plans")[MEASURE]
    assert (row["public_on"], row["official_on"], row["calendar_version"]) == ("2025-08-31", "2025-09-30", 1)
    assert row["staff"] == {"p-1": {"outcome": "recalled", "to_mission": None}}


def test_a_finished_plan_says_so(store: MemoryStore, views: MemoryViews) -> None:
    for number in (1, 2, 3, 4):
        accept(store, f"{MEASURE}-t0{number}")
    row = views.rows("plans")[MEASURE]
    assert (row["satisfied"], row["checklist_completed"], row["completed"]) == ([1, 3], True, True)


def test_a_plan_shows_the_condition_that_a_cancelled_task_puts_out_of_reach(
    store: MemoryStore, views: MemoryViews
) -> None:
    assert views.rows("plans")[MEASURE]["out_of_reach"] == []
    accept(store)
    for number in (4, 2, 3):
        store.run(lambda turn, n=number: cancel_task(turn, turn.get(Task, f"{MEASURE}-t0{n}"), "No gap"))
    row = views.rows("plans")[MEASURE]
    assert (row["conditions"], row["satisfied"], row["out_of_reach"]) == ([1, 3], [1], [3])
    assert (row["checklist_completed"], row["completed"]) == (False, True)


def test_declared_things_show_their_newest_version(views: MemoryViews) -> None:
    assert views.rows("calendars")["ly"]["version"] == 1
    assert [task["number"] for task in views.rows("templates")["closing"]["tasks"]] == [1, 2, 3, 4]


async def test_counts_by_decree_and_by_department(store: MemoryStore, views: MemoryViews) -> None:
    accept(store)
    by_decree = await matrix.by_decree(views)  # type: ignore[arg-type]  # views in memory
    by_department = await matrix.by_department(views, "298-2025")  # type: ignore[arg-type]  # views in memory
    assert by_decree == {"298-2025": dict.fromkeys(TaskState, 0) | {"accepted": 1, "planned": 3}}
    assert by_department == {"legal": {"accepted": 1, "planned": 2}, "protocol": {"planned": 1}}
    assert await matrix.by_department(views, "1-2020") == {}  # type: ignore[arg-type]  # views in memory
