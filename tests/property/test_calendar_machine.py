"""A calendar through random declarations and holidays: no version changes, and replay is the live state."""

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.tasks.calendar import Calendar, Grounds, declare_holiday, move_holiday, revoke_holiday
from shared.calendar import Basis, CalendarDeclaration, Holiday, WorkingCalendar
from shared.contracts.text import Text
from shared.domain import Change, Refusal
from shared.eventstore import snapshots
from tests.unit.tasks.given import NOW, declaration

FIRST = date(2024, 12, 28)  # some of the days are before what the calendar covers
days = st.integers(0, 40).map(lambda number: FIRST + timedelta(days=number))
labels = st.sampled_from([None, "1", "2", "1+2", "1+3", "mourning"])


class CalendarMachine(RuleBasedStateMachine):
    """The model is the days off of each version, as sets."""

    def __init__(self) -> None:
        super().__init__()
        self.calendar = Calendar.blank("ly")
        self.model: list[frozenset[date]] = []
        self.seen: list[WorkingCalendar] = []
        self.events: list[Change] = []

    @rule(off=st.sets(days, max_size=5), label=st.sampled_from(["1", "2", "3", "1+2", "x" * 64]))
    def declare(self, off: set[date], label: str) -> None:
        covered = {day for day in off if day >= date(2025, 1, 1)}
        declared: CalendarDeclaration = declaration(*sorted(covered), label=label)
        self.attempt(lambda: self.calendar.declare(declared, NOW), frozenset(covered))

    @rule(day=days, label=labels)
    def declare_holiday(self, day: date, label: str | None) -> None:
        holiday = Holiday(day=day, name=Text(en="Day off", ar="عطلة"), basis=Basis.ANNOUNCED)
        grounds = Grounds("120/2025", "Reason", label)
        possible = self.model and day not in self.model[-1] and day >= date(2025, 1, 1)
        becomes = self.model[-1] | {day} if possible else None
        self.attempt(lambda: declare_holiday(self.calendar, holiday, grounds, NOW), becomes)

    @rule(day=days, to=days, label=labels)
    def move_holiday(self, day: date, to: date, label: str | None) -> None:
        grounds = Grounds("120/2025", "Reason", label)
        known = self.model[-1] if self.model else frozenset()
        possible = day in known and to not in known and to >= date(2025, 1, 1)
        becomes = known - {day} | {to} if possible else None
        self.attempt(lambda: move_holiday(self.calendar, day, to, Basis.CALCULATED, grounds, NOW), becomes)

    @rule(day=days, label=labels)
    def revoke_holiday(self, day: date, label: str | None) -> None:
        known = self.model[-1] if self.model else frozenset()
        becomes = known - {day} if day in known else None
        grounds = Grounds("120/2025", "Reason", label)
        self.attempt(lambda: revoke_holiday(self.calendar, day, grounds, NOW), becomes)

    def attempt(self, act: object, becomes: frozenset[date] | None) -> None:
        """Do it: it gives what the model has, or is refused in both languages and changes nothing."""
        before = self.calendar.version
        try:
            act()  # type: ignore[operator]  # a decision
        except Refusal as refusal:
            told = refusal.told()
            assert told.en and told.ar and refusal.slug
            assert becomes is None or refusal.slug == "label-taken"
            assert self.calendar.version == before
            return
        assert becomes is not None
        self.model.append(becomes)
        self.events += self.calendar.collect_events()
        self.seen.append(self.calendar.in_force())

    @invariant()
    def versions_are_those_of_the_model(self) -> None:
        assert [version.days_off for version in self.calendar.versions] == self.model
        assert list(self.calendar.versions) == self.seen
        labels = [version.label for version in self.calendar.versions]
        assert len(set(labels)) == len(labels) and all(len(label) <= 64 for label in labels)
        assert [version.version for version in self.calendar.versions] == list(range(1, len(labels) + 1))

    def teardown(self) -> None:
        replayed = Calendar.blank("ly")
        for change in self.events:
            change.mutate(replayed)
        assert snapshots.dump(replayed) == snapshots.dump(self.calendar)


TestCalendar = CalendarMachine.TestCase
TestCalendar.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
