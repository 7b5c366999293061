"""What is supposed is what then happens; supposing nothing changes nothing, whatever the order."""

import asyncio
from datetime import date, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest

from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.drafting import draft_plan
from services.tasks.plan import ClosingDates
from services.tasks.scheduling import schedule_plan
from services.tasks.supposing import Dates, Pause, Slip, Step
from services.tasks.suppositions import Suppositions
from tests.unit.tasks.dated import DECREE, FIRST, Dated
from tests.unit.tasks.given import DATES, MEASURE, NOW, OFFICE, ordered

SECOND, THIRD = "298-2025-a2-r02", "298-2025-a2-r03"
NOW_ON = date(2025, 8, 1)
LATER = date(2027, 6, 1)


def three_measures(day: date = NOW_ON) -> Dated:
    """Three measures of the decree, each with a plan; deadlines of August and September 2025."""
    case = Dated()
    for row, measure in ((2, SECOND), (3, THIRD)):
        case.store.run(lambda turn, row=row, id=measure: draft_plan(turn, id, ordered(row=row), "closing"))
        case.store.run(lambda turn, id=measure: schedule_plan(turn, id, DATES))
    return case.at(day.isoformat())


def suppose(case: Dated, *steps: Step) -> dict[str, Any]:
    supposing = Suppositions(case.store, lambda: case.store.now)  # type: ignore[arg-type]  # in memory
    return asyncio.run(supposing.of_decree(OFFICE, DECREE, steps))


def test_a_hold_without_length_changes_nothing() -> None:
    # Neither one that is to come, after all that is due, nor one of before; also where somebody is late.
    for case in (
        three_measures(),
        three_measures(date(2025, 9, 10)),
        three_measures(date(2025, 9, 10)).sweep(),
    ):
        for day in (LATER, date(2025, 9, 20), date(2025, 7, 1)):
            for measure in (None, MEASURE):
                told = suppose(case, Pause(day, day, measure=measure))
                assert (told["deadlines"], told["moved"]) == ([], 0), (day, measure)


def test_a_hold_that_is_to_come_misses_nothing_before_it() -> None:
    told = suppose(three_measures(), Pause(LATER, None))
    assert told["deadlines"] == []


def independent(chance: Random) -> list[Step]:
    """A step for each measure; those of the second and third are two at times."""
    steps: list[Step] = []
    for measure in (MEASURE, SECOND, THIRD):
        since = NOW_ON + timedelta(days=chance.randint(-60, 120))
        until = chance.choice([None, since + timedelta(days=chance.randint(0, 90))])
        official = DATES.official_on + timedelta(days=chance.randint(-90, 90))
        steps.append(
            chance.choice(
                [
                    Pause(since, until, measure=measure),
                    Slip(f"{measure}-t01", chance.randint(1, 60)),
                    Dates(measure, official, official),
                ]
            )
        )
    return steps


@pytest.mark.parametrize("seed", range(25))
def test_the_order_of_steps_of_independent_measures_does_not_matter(seed: int) -> None:
    chance, case = Random(seed), three_measures()
    answers = [suppose(case, *steps) for steps in permutations(independent(chance))]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("seed", range(25))
def test_the_order_of_holds_on_the_same_measure_does_not_matter(seed: int) -> None:
    chance, case = Random(seed), three_measures()
    pauses = []
    for _ in range(3):
        since = NOW_ON + timedelta(days=chance.randint(-60, 120))
        until = chance.choice([None, since + timedelta(days=chance.randint(0, 60))])
        pauses.append(Pause(since, until, measure=chance.choice([None, MEASURE])))
    answers = [suppose(case, *steps) for steps in permutations(pauses)]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_supposed_is_what_then_happens(seed: int) -> None:
    chance = Random(seed)
    case = three_measures(NOW_ON + timedelta(days=chance.randint(0, 50))).sweep()
    today = case.store.now.date()
    since = today + timedelta(days=chance.randint(-30, 60))
    until = chance.choice([None, since + timedelta(days=chance.randint(0, 90))])
    official = DATES.official_on + timedelta(days=chance.randint(-90, 90))
    steps: list[Step] = chance.sample(
        [Pause(since, until, measure=MEASURE), Dates(SECOND, official, official)], 2
    )
    told = {row["task"]: row["after"] for row in suppose(case, *steps)["deadlines"]}
    before = {id: shown(case, id) for id in every(case)}

    # When the dates are set now, and the hold begins and ends on its days,
    case.store.run(lambda turn: schedule_plan(turn, SECOND, ClosingDates(official, official)))
    now, missed_by = case.store.now, case.store.now
    midnight = f"{since} 00:00"
    case.store.now = max(
        now, case.store.now.replace(year=since.year, month=since.month, day=since.day, hour=0)
    )
    case.hold("h9", midnight, measure=MEASURE)
    if until is not None:
        case.store.now = max(now, now.replace(year=until.year, month=until.month, day=until.day, hour=0))
        case.lift("h9", f"{until} 00:00")
    # Then each deadline stands as it was supposed; over is what is over now.
    for id in every(case):
        deadline = case.store.find(Deadline, id)
        expected = told.get(id, before[id])
        assert {name: expected[name] for name in before[id]} == shown(case, id), (id, steps)
        if id in told:
            passed = deadline.due_at is not None and deadline.due_at <= missed_by
            over = passed and (deadline.suspension is None or deadline.missed)
            assert told[id]["missed"] == over, (id, steps)


def every(case: Dated) -> list[str]:
    return [f"{measure}-t0{number}" for measure in (MEASURE, SECOND, THIRD) for number in (1, 2, 3, 4)]


def shown(case: Dated, id: str) -> dict[str, Any]:
    deadline = case.store.find(Deadline, id)
    stands = deadline.suspension
    return {
        "due_on": deadline.due_on.isoformat(),
        "suspended": stands is not None,
        "working_days_left": None if stands is None else stands.working_days_left,
    }


def test_the_tasks_named_here_are_those_of_the_plans() -> None:
    case = three_measures()
    plans = case.store.find(Decree, DECREE).plans
    assert plans == (MEASURE, SECOND, THIRD) and FIRST in every(case) and NOW.recorded_at < case.store.now
