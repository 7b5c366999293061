"""How a deadline is told to have been reckoned, through random holds, lifts, grants, dates and calendars.

The last day that is told is the one on which it is due, and every day on the way is one of a plain table:
each working day that a hold left is given back once, in order, and no other day is.
"""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import orjson
import pytest

from services.tasks.calendar_inquiries import CalendarInquiries
from services.tasks.plan import ClosingDates
from shared.domain import Refusal
from tests.unit.tasks.dated import FIRST, Dated
from tests.unit.tasks.given import DATES, MemoryViews

STEPS = 14
ONE = timedelta(days=1)


class Story:
    """What happens to one deadline, by chance; `off` are the holidays of the calendar as it stands."""

    def __init__(self, seed: int) -> None:
        self.chance, self.case, self.day = Random(seed), Dated(), date(2025, 6, 1)
        self.off: set[date] = set()
        self.open: list[tuple[str, date]] = []
        self.number = 0

    def go_on(self) -> None:
        self.day += timedelta(days=self.chance.choice([0, 1, 3, 9, 25]))
        self.case.at(self.day.isoformat())
        acts: list[Callable[[], object]] = [self.hold, self.hold, self.lift, self.lift, self.extend]
        acts += [self.declare, self.other_dates, self.sweep, self.work]
        try:
            self.chance.choice(acts)()
        except Refusal:
            return

    def hold(self) -> None:
        self.number += 1
        since = self.day - timedelta(days=self.chance.choice([0, 0, 2, 30]))
        self.open.append((f"h{self.number}", since))
        self.case.hold(f"h{self.number}", effective_at=since.isoformat())

    def lift(self) -> None:
        if self.open:
            hold, since = self.open.pop(self.chance.randrange(len(self.open)))
            until = since + timedelta(days=self.chance.randint(0, (self.day - since).days))
            self.case.lift(hold, effective_at=until.isoformat())

    def extend(self) -> None:
        deadline = self.case.deadline
        if deadline.ending is None:
            self.number += 1
            until = max(deadline.due_on, self.day) + timedelta(days=self.chance.randint(1, 30))
            while not self.works(until):
                until += ONE
            self.case.extend(until, self.number)

    def declare(self) -> None:
        if self.case.deadline.ending is not None:
            return
        self.number += 1
        self.off = {self.case.deadline.due_on + timedelta(days=self.chance.randint(-9, 9)) for _ in range(3)}
        self.case.declare(str(self.number + 1), *sorted(self.off))

    def other_dates(self) -> None:
        official_on = DATES.official_on + timedelta(days=self.chance.randint(-30, 60))
        self.case.set_dates(ClosingDates(min(DATES.public_on, official_on), official_on))

    def sweep(self) -> None:
        self.case.sweep()

    def work(self) -> None:
        state = self.case.task.state
        if state == "planned":
            self.case.start()
        elif state == "in-progress" and self.chance.random() < 0.5:
            self.case.submit()
        elif state == "submitted" and self.chance.random() < 0.3:
            self.case.accept()

    def works(self, day: date) -> bool:
        return day.weekday() not in (4, 5) and day not in self.off

    def told(self) -> Any:
        inquiries = CalendarInquiries(self.case.store, MemoryViews(self.case.store))  # type: ignore[arg-type]
        return orjson.loads(asyncio.run(inquiries.reckoning(FIRST)).body)


def agrees(story: Story, found: Any) -> None:
    """The last day told is the due day, each step begins where it says and ends where it says."""
    deadline, days = story.case.deadline, found["days"]
    assert days[-1]["day"] == found["due_on"] == deadline.due_on.isoformat()
    assert [day["part"] for day in days].count("due") == 1 and days[-1]["part"] == "due"
    assert (found["suspended_since"] is None) == (deadline.suspension is None)
    for day in days:
        assert day["works"] == story.works(date.fromisoformat(day["day"])), day
    due_on = None
    for step in found["steps"]:
        of_step = [day for day in days if day["step"] == step["step"]]
        if step["kind"] == "hold":
            assert step["due_before"] == due_on
            is_walked_through(story, step, of_step)
        if of_step:
            assert of_step[-1]["day"] == step["due_on"]
            due_on = step["due_on"]
        else:
            assert (step["kind"], step["counts"], step["due_on"]) == ("extension", False, due_on)
    assert due_on == found["due_on"]
    assert [one["deadline"] for one in found["windows"]][-1] == found["deadline"]


def is_walked_through(story: Story, step: Any, of_step: Any) -> None:
    """Day after day from where the clock stopped; what is given back, or left, is each working day once."""
    every = [date.fromisoformat(day["day"]) for day in of_step]
    first = date.fromisoformat(step["since"])
    assert every == [first + number * ONE for number in range(len(every))]
    held_until = first if step["until"] is None else date.fromisoformat(step["until"])
    counted = [day for day in every if day > held_until and story.works(day)]
    before = date.fromisoformat(step["due_before"])
    span = range((before - first).days)
    assert step["working_days_left"] == sum(story.works(first + ONE + number * ONE) for number in span)
    if step["working_days_left"]:
        assert len(counted) == step["working_days_left"]
        numbers = [day["count"] for day in of_step if day["count"] is not None]
        assert numbers == list(range(1, len(counted) + 1))


@pytest.mark.parametrize("seed", range(60))
def test_the_last_day_that_is_told_is_the_due_day_whatever_happened(seed: int) -> None:
    story = Story(seed)
    for _ in range(STEPS):
        story.go_on()
        agrees(story, story.told())
