"""A plan that counts by two calendars, whatever is declared, approved and held: its days are the oracle's.

The oracle knows sets of plain dates and goes through them day by day: which days work in a version of a
calendar, which in two of them, and how a clock stands that is held. It has nothing of what it judges.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pytest

from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline
from services.tasks.plan import ClosingDates
from shared.calendar import CalendarDeclaration, Weekday, explained, together
from tests.unit.calendar.oracle import Clock
from tests.unit.tasks.given import MEASURE, declaration, proposal, step
from tests.unit.tasks.hosted import DECREE, PORTUGAL, Hosted

FIRST_DAY, SPAN = date(2025, 1, 1), 730
ASKING = {1: "ministry", 2: "host", 3: "both"}
WINDOWS = (-60, -45, -30)


class Days:
    """The working days of a version, or of several together: a set of dates."""

    def __init__(self, weekend: frozenset[int], off: frozenset[date]) -> None:
        every = (FIRST_DAY + timedelta(days=number) for number in range(SPAN))
        self.working = [day for day in every if day.weekday() not in weekend and day not in off]

    def with_(self, other: "Days") -> "Days":
        both = Days.__new__(Days)
        both.working = [day for day in self.working if day in set(other.working)]
        return both

    def back(self, day: date) -> date:
        while day not in self.working:
            day -= timedelta(days=1)
        return day

    # What the clock of the oracle asks of a table.
    def rolled(self, day: date, roll: object) -> date:
        return next(one for one in self.working if one >= day)

    def nth(self, start: date, count: int) -> date:
        return [start, *(day for day in self.working if day > start)][count]

    def between(self, after: date, upto: date) -> int:
        return sum(1 for day in self.working if after < day <= upto)


@dataclass
class World:
    """What the oracle knows: every version of both calendars, and which was approved for the plan."""

    chance: Random
    versions: dict[str, list[Days]] = field(default_factory=lambda: {"ly": [], "pt": []})
    facts: dict[str, tuple[frozenset[int], set[date]]] = field(default_factory=dict)
    approved: dict[str, int] = field(default_factory=dict)

    def declared(self, name: str, weekend: frozenset[int], off: set[date]) -> None:
        self.facts[name] = (weekend, off)
        self.versions[name].append(Days(weekend, frozenset(off)))

    def days(self, counts_by: str) -> Days:
        """The days that count for a task, under what was approved."""
        ministry = self.versions["ly"][self.approved["ly"] - 1]
        if "pt" not in self.approved or counts_by == "ministry":
            return ministry
        host = self.versions["pt"][self.approved["pt"] - 1]
        return host if counts_by == "host" else ministry.with_(host)


def declared(name: str, weekend: frozenset[int], off: set[date], label: str) -> CalendarDeclaration:
    changed = {
        "weekend": tuple(day for number, day in enumerate(Weekday) if number in weekend),
        "country": PORTUGAL if name == "pt" else None,
    }
    return declaration(*sorted(off), label=label).model_copy(update=changed)


def some_days(chance: Random) -> set[date]:
    return {date(2025, 6, 1) + timedelta(days=chance.randrange(200)) for _ in range(chance.randrange(40))}


def begun(chance: Random) -> tuple[Hosted, World]:
    """A plan with a date; the host's calendar is declared before that, or not at all yet."""
    steps = [
        step(number, window=str(window), counts_by=ASKING[number])
        for number, window in zip(ASKING, chance.sample(WINDOWS, 3), strict=True)
    ]
    case, world = Hosted(adopted=proposal(*steps)), World(chance)
    world.declared("ly", frozenset({4, 5}), set())
    off = some_days(chance)
    world.declared("ly", frozenset({4, 5}), off)
    case.declare("ly", declared("ly", frozenset({4, 5}), off, "2"))
    world.approved["ly"] = 2
    if chance.random() < 0.6:
        declare_host(case, world)
        world.approved["pt"] = len(world.versions["pt"])
    official = date(2025, 9, 1) + timedelta(days=chance.randrange(60))
    case.date(ClosingDates(official, official))
    return case, world


def declare_host(case: Hosted, world: World) -> None:
    weekend, off = frozenset(world.chance.sample(range(7), 2)), some_days(world.chance)
    world.declared("pt", weekend, off)
    case.declare("pt", declared("pt", weekend, off, f"whole {len(world.versions['pt'])}"))


def change(case: Hosted, world: World) -> None:
    """Make a day off in one of the calendars: the next version, which nobody approved."""
    name = world.chance.choice([one for one, known in world.versions.items() if known])
    weekend, off = world.facts[name]
    day = date(2025, 6, 1) + timedelta(days=world.chance.randrange(150))
    if day not in off:
        world.declared(name, weekend, {*off, day})
        case.off(name, day)


def approve(case: Hosted, world: World) -> None:
    name = world.chance.choice([one for one, known in world.versions.items() if known])
    newest = len(world.versions[name])
    case.approve(name, newest, plan=world.chance.choice([MEASURE, None]))
    world.approved[name] = newest


def agrees(case: Hosted, world: World) -> None:
    """Every deadline is on the oracle's day, keeps what was approved for it, and tells each day off."""
    official = case.plan.must_have_dates().official_on
    for number, counts_by in ASKING.items():
        id = f"{MEASURE}-t0{number}"
        deadline, task = case.store.find(Deadline, id), case.plan.tasks[number - 1]
        computed = deadline.computed
        assert computed is not None and task.counts_by == counts_by
        days, raw = world.days(counts_by), computed.raw
        assert (official - raw).days in {-window for window in WINDOWS}
        assert deadline.due_on == days.back(raw), (id, counts_by, world.approved)
        names = {"ministry": ["ly"], "host": ["pt"], "both": ["ly", "pt"]}[counts_by]
        known = [(name, world.approved[name]) for name in names if name in world.approved]
        assert case.versions(id) == (known or [("ly", world.approved["ly"])])
        calendars = [
            case.store.find(Calendar, one.calendar).of_version(one.version) for one in computed.calendars
        ]
        for told in explained(computed, together(*calendars)):
            assert told.works == (told.day in days.working) == (not told.off)


@pytest.mark.parametrize("seed", range(40))
def test_deadlines_of_two_calendars_are_those_of_the_oracle_after_each_step(seed: int) -> None:
    chance = Random(seed)
    case, world = begun(chance)
    agrees(case, world)
    for _ in range(12):
        chance.choice([change, change, approve, lambda case, world: declare_host(case, world)])(case, world)
        agrees(case, world)


@pytest.mark.parametrize("seed", range(40, 70))
def test_a_hold_gives_back_the_days_of_the_oracle(seed: int) -> None:
    # Given a plan that counts by two calendars, when it is held for some days,
    chance = Random(seed)
    case, world = begun(chance)
    since = date(2025, 6, 10) + timedelta(days=chance.randrange(60))
    until = since + timedelta(days=chance.randrange(1, 40))
    before = {number: case.store.find(Deadline, f"{MEASURE}-t0{number}").due_on for number in ASKING}
    case.at(since.isoformat()).hold()
    case.at(until.isoformat()).lift()
    # Then each clock went on as one that was lived through day by day.
    for number, counts_by in ASKING.items():
        clock = Clock(world.days(counts_by), before[number])  # type: ignore[arg-type]  # a table of its own
        day = since
        while day <= until:
            clock.live(day, day < until)
            day += timedelta(days=1)
        assert case.store.find(Deadline, f"{MEASURE}-t0{number}").due_on == clock.due_on, (DECREE, counts_by)
