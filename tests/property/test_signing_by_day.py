"""Who signs on which day: rule, row and the row of a day tell the same, whatever was declared."""

from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import given, settings

from services.registry.department import Department
from services.registry.organisation import MINISTRY, Organisation
from services.registry.views.departments import DepartmentsView, led_at
from shared.contracts.registry import SigningSide
from shared.domain import Moment, Text
from tests.property.refused import check_replay, refusing
from tests.unit.registry.folding import row_of
from tests.unit.registry.world import NOON, World, declare

DAYS = 12
"""Days before noon of which something may be declared; the last of them is noon itself."""
SIDES = ((), (SigningSide.INSPECTION,), (SigningSide.RECEIVING,), tuple(SigningSide))

declarations = st.lists(st.tuples(st.integers(0, DAYS - 1), st.sampled_from(SIDES)), max_size=8)


def on(day: int) -> Moment:
    """A day, told at noon of the last one."""
    return Moment(NOON, NOON - timedelta(days=DAYS - 1 - day))


def declaring() -> World:
    """A ministry with one department."""
    world = World()
    world.get(Department, "cabinet").register(Text(en="Cabinet"), on(0))
    return world


def by_rule(world: World, day: int) -> list[SigningSide]:
    """For whom the rule lets the department sign on a day."""
    ministry, at = world.get(Organisation, MINISTRY), on(day).effective_at
    return [side for side in sorted(SigningSide) if "cabinet" in ministry.who_signs(side, at)]


@settings(max_examples=400, deadline=None)
@given(declarations)
def test_rule_row_and_the_row_of_a_day_agree(declared: list[tuple[int, tuple[SigningSide, ...]]]) -> None:
    """Whatever is accepted holds from its day on: it is of the last sides, or moves those back."""
    world, signs = declaring(), list[list[SigningSide] | None]([None] * DAYS)
    department = world.get(Department, "cabinet")
    for day, sides in declared:
        with refusing(department):
            declare(world, "cabinet", *sides, moment=on(day))
            signs[day:] = [sorted(sides)] * (DAYS - day)
    assert [by_rule(world, day) for day in range(DAYS)] == [sides or [] for sides in signs]
    row = row_of(department, DepartmentsView())
    assert [led_at(row, on(day).effective_at)["signs"] for day in range(DAYS)] == signs
    assert row["signs"] == signs[-1]
    assert department.signs == (None if signs[-1] is None else tuple(signs[-1]))
    check_replay([department, world.get(Organisation, MINISTRY)])


def test_what_was_moved_back_does_not_come_again_after_what_followed_it() -> None:
    """Of the first of September, moved back to June; from August on it signs for the other side."""
    world, department = declaring(), "cabinet"
    for day, side in ((9, SigningSide.INSPECTION), (6, SigningSide.INSPECTION), (8, SigningSide.RECEIVING)):
        declare(world, department, side, moment=on(day))
    row = row_of(world.get(Department, department), DepartmentsView())
    assert by_rule(world, 10) == led_at(row, on(10).effective_at)["signs"] == row["signs"] == ["receiving"]
