"""What takes a deadline away as of before it was due stands beside its miss, whichever was told first."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline, DeadlineState
from services.tasks.plan import ClosingDates, Plan
from services.tasks.reactions import RegistryReactions
from services.tasks.scheduling import reschedule_plan
from services.tasks.settling import accept_task, cancel_task, submit_task
from services.tasks.sweeping import missing
from services.tasks.task import Task
from shared.contracts import registry
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.tasks import MissGround
from tests.unit.tasks.dated import DUE_ON, FIRST, Dated, moment
from tests.unit.tasks.given import (
    ALONE,
    DATES,
    ISSUED,
    LEGAL,
    LETTER,
    MEASURE,
    OFFICE,
    MemoryStore,
    MemoryViews,
    declaration,
    ordered,
    received,
    store_with_procedure,
)
from tests.unit.tasks.test_misses_and_grounds import grounds, misses
from tests.unit.tasks.test_plans_and_amendments import dates, dropped, retargeted

ENTERED = datetime(2025, 11, 26, 9, tzinfo=UTC)
LAW = date(2025, 6, 1)
"""From this day on a later decree took the row out; the plan's tasks are due on 31 August and later."""

DROPS: dict[str, Event] = {
    "dropped": dropped().model_copy(update={"on": LAW}),
    "elsewhere": retargeted(mission="emb-al", void=(), on=LAW),
}


def react(store: MemoryStore, event: Event, id: str, at: datetime | None = None) -> Any:
    """React to an event of the registry that was recorded now, and is of a moment if one is said."""
    told = replace(received(event, id), recorded_at=store.now, effective_at=at or store.now)
    command = RegistryReactions().react(told)
    assert command is not None
    return store.run(command.decide, command.by.actor, command.by.effective_at)


def scheduled() -> MemoryStore:
    """A store whose plan has had its dates since May, and a decree with a task of its own."""
    store = store_with_procedure()
    for event, id in ((ISSUED, "298-2025"), (ordered(), MEASURE), (dates(), "emb-va")):
        react(store, event, id)
    return store


def task(number: int, suffix: str = "") -> str:
    return f"{MEASURE}-t{number:02d}{suffix}"


def sweep(store: MemoryStore, *ids: str) -> None:
    for id in ids:
        due_at = store.find(Deadline, id).due_at
        assert due_at is not None
        store.run(missing(id, due_at).decide, effective_at=due_at)


def beside(store: MemoryStore, id: str) -> list[tuple[date, list[MissGround]]]:
    """The misses of a task, each with the grounds beside it."""
    return [(miss.due_on, [one.ground for one in miss.grounds]) for miss in store.find(Deadline, id).misses]


def begin(store: MemoryStore, id: str) -> None:
    store.run(lambda turn: turn.get(Task, id).assign("legal", (), None, OFFICE, turn.moment))
    store.run(lambda turn: turn.get(Task, id).start([], LEGAL, turn.moment))


def accept(store: MemoryStore, id: str) -> None:
    begin(store, id)
    store.run(lambda turn: submit_task(turn, turn.get(Task, id), (LETTER,)), LEGAL)
    store.run(lambda turn: accept_task(turn, turn.get(Task, id), ALONE), OFFICE)


@pytest.mark.parametrize("swept", [False, True])
@pytest.mark.parametrize("kind", DROPS)
def test_a_row_that_is_dropped_as_of_before_the_due_day_stands_beside_every_miss(
    kind: str, swept: bool
) -> None:
    store, every = scheduled(), [task(number) for number in (1, 2, 3, 4)]
    store.now = ENTERED
    if swept:
        sweep(store, *every)
    react(store, DROPS[kind], MEASURE)
    for id in every:
        ((_, beside_it),) = beside(store, id)
        assert beside_it == [MissGround.DROP]
    told = [event for event in store.said(said.DeadlineMissQualified) if event.task == FIRST]
    # It is of the day of the law, and told in both languages.
    assert [one.effective_at for one in told] == [datetime(2025, 6, 1, tzinfo=UTC)]
    assert told[0].reason.en and "310-2025" in told[0].reason.en
    assert told[0].reason.ar and "310-2025" in told[0].reason.ar and told[0].hold is None
    # What is dropped twice has one ground.
    react(store, DROPS["dropped"], MEASURE)
    assert beside(store, FIRST) == [(DUE_ON, [MissGround.DROP])]


def test_the_drop_is_of_the_day_of_the_law_and_of_what_is_said_where_that_is_earlier() -> None:
    told = scheduled()
    told.now = ENTERED
    react(told, DROPS["dropped"], MEASURE)
    said_so = scheduled()
    said_so.now = ENTERED
    react(said_so, DROPS["dropped"], MEASURE, datetime(2025, 5, 31, 12, tzinfo=UTC))
    later = scheduled()
    later.now = ENTERED
    react(later, DROPS["dropped"], MEASURE, datetime(2025, 9, 15, tzinfo=UTC))
    moments = []
    for store in (told, said_so, later):
        records = [one for one in store.log if isinstance(one.event, said.DeadlineDropped)]
        moments.append({one.effective_at for one in records})
    law = datetime(2025, 6, 1, tzinfo=UTC)
    assert moments == [{law}, {datetime(2025, 5, 31, 12, tzinfo=UTC)}, {law}]
    row = MemoryViews(told).rows("deadlines")[FIRST]
    assert (row["state"], row["missed"], row["qualified"]) == ("dropped", True, True)
    assert [one["ground"] for one in row["misses"][0]["qualified"]] == ["drop"]


def test_what_was_due_before_the_row_was_dropped_is_missed_plainly() -> None:
    store = scheduled()
    store.now = ENTERED
    # Task 1 was due on 31 August, task 2 on 18 September.
    react(store, dropped().model_copy(update={"on": date(2025, 9, 1)}), MEASURE)
    assert beside(store, task(1)) == [(DUE_ON, [])]
    assert [kinds for _, kinds in beside(store, task(2))] == [[MissGround.DROP]]


def test_work_that_was_done_late_though_the_row_was_out_has_that_beside_its_miss() -> None:
    store = scheduled()
    store.now = datetime(2025, 9, 10, tzinfo=UTC)
    accept(store, FIRST)
    assert beside(store, FIRST) == [(DUE_ON, [])]
    store.now = ENTERED
    answer = react(store, DROPS["dropped"], MEASURE)
    assert FIRST not in answer["cancelled"]
    assert beside(store, FIRST) == [(DUE_ON, [MissGround.DROP])]
    assert store.find(Deadline, FIRST).state == "met"


def test_a_plan_that_was_dropped_from_a_later_day_was_out_already_from_an_earlier_one() -> None:
    store = scheduled()
    store.now = datetime(2025, 9, 10, tzinfo=UTC)
    elsewhere = retargeted(mission="emb-al", void=(), on=date(2025, 9, 5))
    react(store, elsewhere, MEASURE)
    assert beside(store, FIRST) == [(DUE_ON, [])]
    store.now = ENTERED
    assert react(store, DROPS["dropped"], MEASURE)["cancelled"] == []
    assert beside(store, FIRST) == [(DUE_ON, [MissGround.DROP])]


def test_another_receiver_as_of_before_the_due_day_stands_beside_the_miss_of_what_is_done_anew() -> None:
    store = scheduled()
    store.now = datetime(2025, 9, 22, tzinfo=UTC)
    sweep(store, task(1), task(2))
    accept(store, task(2))
    begin(store, task(3))
    store.now = ENTERED
    answer = react(store, retargeted(on=LAW), MEASURE)
    assert answer["superseded"] == [task(2), task(3)]
    # Accepted or cancelled: both were for a former receiver. What goes on is missed as it was.
    for id in (task(2), task(3)):
        assert [kinds for _, kinds in beside(store, id)] == [[MissGround.DROP]]
    assert beside(store, task(1)) == [(DUE_ON, [])]


@pytest.mark.parametrize(
    "ending",
    [
        registry.DecreeRepealed(by="310-2025", on=date(2025, 5, 10), dropped=()),
        registry.DecreeSuperseded(by="310-2025", on=date(2025, 5, 10), dropped=()),
        registry.DecreeAmended(by="310-2025", on=date(2025, 5, 10), dropped=("3",)),
    ],
    ids=lambda event: type(event).__name__,
)
@pytest.mark.parametrize("accepted", [False, True])
def test_a_decree_or_an_article_that_ends_stands_beside_the_misses_of_the_decrees_own_tasks(
    ending: Event, accepted: bool
) -> None:
    store, own = scheduled(), "298-2025-t40"
    store.now = datetime(2025, 6, 10, tzinfo=UTC)
    sweep(store, own)
    if accepted:
        accept(store, own)
    store.now = ENTERED
    react(store, ending, "298-2025")
    assert beside(store, own) == [(date(2025, 5, 29), [MissGround.DROP])]


def test_a_mission_that_is_reopened_as_of_before_the_due_day_stands_beside_the_misses() -> None:
    store = scheduled()
    store.now = ENTERED
    reopened = registry.MissionReopened(decree="320-2026", measure="320-2026-a1-r01")
    react(store, reopened, "emb-va", datetime(2025, 9, 10, tzinfo=UTC))
    assert beside(store, task(1)) == [(DUE_ON, [])]
    assert [kinds for _, kinds in beside(store, task(2))] == [[MissGround.DROP]]
    assert store.find(Plan, MEASURE).state == "dropped"


def test_a_task_that_somebody_gives_up_as_of_before_its_due_day_has_that_beside_its_miss() -> None:
    for swept in (False, True):
        case = Dated().at("2025-09-02")
        if swept:
            case.sweep()
        case.cancel("2025-08-25")
        assert (misses(case), grounds(case)) == ([(DUE_ON, True)], [("drop", None)])
        (told,) = case.told(said.DeadlineMissQualified)
        assert told.reason.en and "Not needed" in told.reason.en and told.reason.ar
    plainly = Dated().at("2025-09-02").cancel()
    assert (misses(plainly), grounds(plainly)) == ([(DUE_ON, True)], [])


def test_a_reason_with_braces_is_told_as_it_was_written() -> None:
    case = Dated().at("2025-09-02")
    case.store.run(
        lambda turn: cancel_task(turn, turn.get(Task, FIRST), "{by} {0}"), OFFICE, moment("2025-08-25")
    )
    (told,) = case.told(said.DeadlineMissQualified)
    assert told.reason.en and "{by} {0}" in told.reason.en


LATER_T = ClosingDates(public_on=date(2025, 9, 30), official_on=date(2025, 10, 30))
EARLIER_T = ClosingDates(public_on=date(2025, 7, 1), official_on=date(2025, 7, 31))


@pytest.mark.parametrize("other", [LATER_T, EARLIER_T], ids=["later", "earlier"])
def test_dates_that_were_others_before_the_due_day_stand_beside_the_miss_of_the_former_one(
    other: ClosingDates,
) -> None:
    case = Dated().at("2025-09-02").sweep().set_dates(other, effective_at="2025-06-10")
    assert grounds(case) == [("move", None)]
    (told,) = case.told(said.DeadlineMissQualified)
    assert (told.due_on, told.effective_at) == (DUE_ON, moment("2025-06-10"))
    assert told.reason.en and "date" in told.reason.en and told.reason.ar
    # Of other dates since the miss, it is only missed.
    plainly = Dated().at("2025-09-02").sweep().set_dates(other)
    assert grounds(plainly) == []


@pytest.mark.parametrize("swept", [False, True])
def test_a_day_that_was_moved_away_and_is_due_again_is_missed_again_and_plainly(swept: bool) -> None:
    case = Dated().at("2025-09-02").sweep().set_dates(LATER_T, effective_at="2025-06-10")
    # Given that those dates were a mistake,
    case.at("2025-09-03").set_dates(DATES)
    if swept:
        case.sweep().at("2025-09-20").sweep()
    # then its second miss stands alone, and what is told of the day later stands beside that one.
    if swept:
        assert (case.deadline.due_on, case.deadline.state) == (DUE_ON, DeadlineState.MISSED)
        assert [len(miss.grounds) for miss in case.deadline.misses] == [1, 0]
        case.hold(effective_at="2025-08-25")
        assert [[one.ground for one in miss.grounds] for miss in case.deadline.misses] == [
            [MissGround.MOVE],
            [MissGround.HOLD],
        ]
    else:
        assert case.deadline.to_be_missed(case.task, case.store.now)


def test_dates_that_are_said_to_be_of_before_the_former_ones_move_no_day_that_these_gave() -> None:
    case = Dated().at("2025-09-02").sweep().set_dates(LATER_T)
    case.at("2025-10-03").sweep()
    assert [len(miss.grounds) for miss in case.deadline.misses] == [0, 0]
    much_later = ClosingDates(public_on=date(2025, 11, 30), official_on=date(2025, 12, 31))
    case.set_dates(much_later, effective_at="2025-06-10")
    assert [len(miss.grounds) for miss in case.deadline.misses] == [0, 0]


def test_a_calendar_that_leaves_the_day_of_the_rule_moves_nothing_though_more_time_stands() -> None:
    case = Dated().at("2025-09-02").sweep().extend(date(2025, 9, 10)).at("2025-09-05")
    declared = declaration(date(2025, 12, 24), label="2")
    case.store.run(lambda turn: turn.get(Calendar, "ly").declare(declared, turn.moment))
    case.store.run(lambda turn: reschedule_plan(turn, MEASURE, "ly"), effective_at=moment("2025-06-10"))
    assert len(case.told(said.DeadlineSet)) == 2, "it was computed under the newer version"
    assert (case.deadline.due_on, grounds(case)) == (date(2025, 9, 10), [])


def test_dates_that_leave_the_due_day_where_it_is_move_nothing() -> None:
    # 30 days before 30 September, or before 1 October: Sunday 31 August, or Monday 1 September that is off.
    off = Dated().declare("2", date(2025, 9, 1)).at("2025-09-02").sweep()
    off.set_dates(ClosingDates(date(2025, 8, 31), date(2025, 10, 1)), effective_at="2025-06-10")
    assert (off.deadline.due_on, misses(off), grounds(off)) == (DUE_ON, [(DUE_ON, True)], [])


def test_time_that_was_granted_before_the_due_moment_and_recorded_after_it_stands_beside_the_miss() -> None:
    case = Dated().at("2025-09-02").sweep().extend(date(2025, 9, 10), effective_at="2025-08-25")
    assert grounds(case) == [("move", None)]
    (told,) = case.told(said.DeadlineMissQualified)
    assert told.reason.en and f"{FIRST}-x1" in told.reason.en
    late = Dated().at("2025-09-02").sweep().extend(date(2025, 9, 10))
    assert grounds(late) == []
