"""More time after holds, where the deadline was over when it was set: the day that was granted is the day.

The oracle lives each clock day by day from the day on which it was set. What was lifted when time was granted
is in the granted day; what was open then, and what began later, stops the clock from its own day on.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest

from services.tasks.plan import ClosingDates
from services.tasks.plan.amending import PlanProposal
from services.tasks.replanning import replan_plan
from tests.unit.calendar.oracle import Table, lived
from tests.unit.calendar.samples import calendar_with
from tests.unit.tasks.dated import FIRST, Dated
from tests.unit.tasks.given import MEASURE

TABLE = Table(calendar_with())
SET_ON = date(2025, 11, 26)
PAST = ClosingDates(date(2025, 10, 1), date(2025, 10, 31))
"""The first task of a plan of these dates was due on 1 October."""


@dataclass
class Known:
    """A hold as the oracle knows it."""

    name: str
    since: date
    until: date | None = None


def past() -> Dated:
    return Dated(dated=False).at(SET_ON.isoformat()).set_dates(PAST)


def hold(case: Dated, day: date, known: Known) -> None:
    case.at(day.isoformat()).hold(known.name, known.since.isoformat())


def lift(case: Dated, day: date, known: Known, until: date) -> None:
    known.until = until
    case.at(day.isoformat()).lift(known.name, until.isoformat())


def agrees(case: Dated, granted: date, counting: list[Known]) -> None:
    due_on, since, left = lived(TABLE, granted, SET_ON, [(one.since, one.until) for one in counting])
    stands = case.deadline.suspension
    seen = (case.deadline.due_on, stands and stands.since, stands.working_days_left if stands else 0)
    assert seen == (due_on, since, left), counting


def test_holds_that_were_lifted_before_the_grant_are_in_the_granted_day() -> None:
    case = past()
    first, second = Known("a1", date(2025, 9, 1)), Known("a2", date(2025, 10, 15))
    for one, until in ((first, date(2025, 9, 10)), (second, date(2025, 11, 10))):
        hold(case, SET_ON, one)
        lift(case, SET_ON, one, until)
    case.extend(date(2026, 1, 20))
    assert case.deadline.due_on == date(2026, 1, 20)


def test_a_hold_that_is_lifted_on_the_day_of_the_grant_takes_nothing_from_it() -> None:
    case = past().hold("a1", "2025-09-01")
    case.extend(date(2026, 1, 20))
    assert case.lift("a1").deadline.due_on == date(2026, 1, 20)


def test_a_hold_after_a_day_that_was_missed_is_in_the_day_that_is_granted_later() -> None:
    case = past().at("2025-12-01").hold("a1").at("2025-12-11").lift("a1")
    case.at("2025-12-15").extend(date(2026, 1, 20))
    assert case.deadline.due_on == date(2026, 1, 20)


@pytest.mark.parametrize("seed", range(80))
def test_grants_on_deadlines_that_were_over_are_lived_through_day_by_day(seed: int) -> None:
    chance, case = Random(seed), past()
    day, number, open, lifted = SET_ON, 0, list[Known](), list[Known]()
    # Given holds of before and after the day on which the deadline was set, some of them lifted,
    for _ in range(chance.randint(0, 6)):
        day += timedelta(days=chance.choice([0, 0, 1, 4]))
        if open and chance.random() < 0.5:
            lifted.append(open.pop(chance.randrange(len(open))))
            until = lifted[-1].since + timedelta(days=chance.randint(0, (day - lifted[-1].since).days))
            lift(case, day, lifted[-1], until)
        else:
            number += 1
            open.append(Known(f"h{number}", day - timedelta(days=chance.randint(0, 80))))
            hold(case, day, open[-1])
    # when time is granted,
    day += timedelta(days=chance.randint(0, 5))
    granted = TABLE.nth(max(day, case.deadline.due_on), chance.randint(1, 60))
    case.at(day.isoformat()).extend(granted)
    if not open:
        assert case.deadline.due_on == granted
    agrees(case, granted, open)
    # Then what was open goes on, and what comes is of its own day.
    counting = [*open]
    for _ in range(6):
        day += timedelta(days=chance.choice([0, 1, 3, 9]))
        if open and chance.random() < 0.6:
            lift(case, day, open.pop(chance.randrange(len(open))), day)
        else:
            number += 1
            open.append(Known(f"h{number}", day))
            counting.append(open[-1])
            hold(case, day, open[-1])
        agrees(case, granted, counting)


def moved_window(case: Dated, due: int) -> None:
    """Move the window of the task; its only need is that something moves."""
    proposal = {"reason": "Moved", "move": [{"task": FIRST, "window": str(due)}]}
    case.store.run(lambda turn: replan_plan(turn, MEASURE, PlanProposal.model_validate(proposal)))


@pytest.mark.parametrize("seed", range(60))
def test_more_time_never_makes_a_task_due_earlier_than_its_window_and_its_holds_do(seed: int) -> None:
    chance, granted, plain = Random(seed), Dated(), Dated()
    day, number, open, window = date(2025, 6, 1), 0, list[Known](), -30
    off: list[date] = []
    for _ in range(12):
        day += timedelta(days=chance.choice([0, 1, 4, 12]))
        act, number = chance.choice(["hold", "lift", "lift", "window", "off", "grant"]), number + 1
        if act == "hold":
            open.append(Known(f"h{number}", day - timedelta(days=chance.choice([0, 0, 10]))))
            for case in (granted, plain):
                hold(case, day, open[-1])
        elif act == "lift" and open:
            known = open.pop(chance.randrange(len(open)))
            for case in (granted, plain):
                lift(case, day, known, day)
        elif act == "window":
            window = chance.choice([due for due in (-60, -45, -30, -25, -20) if due != window])
            for case in (granted, plain):
                moved_window(case.at(day.isoformat()), window)
        elif act == "off":
            off = [date(2025, 9, 1) + timedelta(days=chance.randint(0, 40)) for _ in range(3)]
            for case in (granted, plain):
                case.at(day.isoformat()).declare(f"v{number}", *sorted(set(off)))
        elif act == "grant":
            after = max(day, granted.deadline.due_on)
            later = (TABLE.nth(after, count) for count in range(chance.randint(1, 10), 40))
            until = next(one for one in later if one not in off)
            granted.at(day.isoformat()).extend(until, number)
        if not open:
            assert granted.deadline.due_on >= plain.deadline.due_on
