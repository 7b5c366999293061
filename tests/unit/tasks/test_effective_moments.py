"""What is said to have happened earlier, or later, than it is recorded: within bounds, and told as that."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from services.tasks.task import StepBeforeLast
from shared.contracts import tasks as said
from shared.domain import Refusal
from shared.domain.moment import EffectiveAhead
from tests.unit.tasks.dated import DUE_AT, Dated, moment
from tests.unit.tasks.given import LEGAL, OFFICE


def step(case: Dated, name: str, effective_at: str) -> None:
    """Take one step of the first task, effective at a moment."""
    steps: dict[str, Callable[[Dated], object]] = {
        "assign": lambda case: case.store.run(
            lambda turn: turn.get(type(case.task), case.task.id).assign(
                "legal", (), None, OFFICE, turn.moment
            ),
            OFFICE,
            moment(effective_at),
        ),
        "start": lambda case: case.store.run(
            lambda turn: turn.get(type(case.task), case.task.id).start([], LEGAL, turn.moment),
            LEGAL,
            moment(effective_at),
        ),
        "submit": lambda case: case.submit(effective_at),
        "return": lambda case: case.give_back(effective_at),
        "accept": lambda case: case.accept(effective_at),
        "cancel": lambda case: case.cancel(effective_at),
    }
    steps[name](case)


def refused(kind: type[Refusal], case: Dated, name: str, effective_at: str) -> None:
    before = len(case.store.log)
    with pytest.raises(kind) as refusal:
        step(case, name, effective_at)
    told = refusal.value.told()
    assert told.en and told.ar and "{" not in told.en + told.ar
    assert len(case.store.log) == before


WAY = ["assign", "start", "submit", "accept"]


@pytest.mark.parametrize("number", range(len(WAY)))
def test_no_step_is_earlier_than_the_one_before_it_nor_later_than_its_recording(number: int) -> None:
    case = Dated()
    # Given the steps before it, each recorded at noon of its day and effective an hour earlier.
    for place, name in enumerate(WAY[:number]):
        case.at(f"2025-06-{place + 1:02d}")
        step(case, name, f"2025-06-{place + 1:02d} 11:00")
    case.at("2025-06-20")
    floor = "2025-05-05 12:00" if number == 0 else f"2025-06-{number:02d} 11:00"
    earlier = "2025-05-05 11:59" if number == 0 else f"2025-06-{number:02d} 10:59"
    # When the next is said to be of a minute before the last, or of a minute from now, it is refused.
    refused(StepBeforeLast, case, WAY[number], earlier)
    refused(EffectiveAhead, case, WAY[number], "2025-06-20 12:01")
    # Then it is taken as of the very moment of the last.
    step(case, WAY[number], floor)


def test_work_that_was_returned_is_not_handed_in_before_that() -> None:
    case = Dated().start().at("2025-08-30").submit().at("2025-09-05").give_back().start_again()
    refused(StepBeforeLast, case, "submit", "2025-08-30")


def test_work_is_not_returned_before_it_was_handed_in_nor_given_up_in_the_future() -> None:
    case = Dated().start().at("2025-08-20").submit()
    refused(StepBeforeLast, case, "return", "2025-08-19")
    refused(EffectiveAhead, case, "cancel", "2025-08-21")


def test_dates_that_are_to_hold_later_let_the_clock_run_from_the_day_of_their_recording() -> None:
    case = Dated(dated=False).at("2025-08-01")
    case.set_dates(effective_at="2030-01-01")
    (was_set,) = case.told(said.DeadlineSet)
    assert was_set.runs_from == date(2025, 8, 1)
    case.at("2025-08-24").hold().at("2025-09-15").lift()
    assert case.deadline.due_on == date(2025, 9, 22)


def test_what_is_claimed_afterwards_can_be_told_from_both_moments() -> None:
    case = Dated().start().at("2025-09-03").submit("2025-08-30").accept()
    handed_in, recorded = datetime(2025, 8, 30, 12, tzinfo=UTC), datetime(2025, 9, 3, 12, tzinfo=UTC)
    (qualified,) = case.told(said.DeadlineMissQualified)
    assert (qualified.effective_at, qualified.submitted_recorded_at) == (handed_in, recorded)
    (met,) = case.told(said.DeadlineMet)
    assert (met.submitted_at, met.submitted_recorded_at, met.on_time) == (handed_in, recorded, True)


@pytest.mark.parametrize(
    "act",
    [
        lambda case: case.sweep(),
        lambda case: case.submit(),
        lambda case: case.cancel(),
        lambda case: case.hold(effective_at="2025-08-25"),
        lambda case: case.extend(date(2025, 9, 30)),
    ],
)
def test_a_miss_is_effective_at_its_due_moment_whoever_records_it(act: Callable[[Dated], object]) -> None:
    case = Dated().start().at("2025-09-02")
    act(case)
    (row,) = [row for row in case.store.log if isinstance(row.event, said.DeadlineMissed)]
    assert (row.effective_at, row.recorded_at) == (DUE_AT, moment("2025-09-02"))
