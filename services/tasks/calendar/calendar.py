"""A working calendar: declared whole, then changed by single holidays; no version is ever changed."""

from datetime import datetime

from services.tasks.calendar.refusals import CalendarNotDeclared, LabelTaken, NoSuchVersion, TooManyVersions
from services.tasks.moments import must_follow
from shared.calendar import CalendarDeclaration, WorkingCalendar, with_holiday, with_moved, without_holiday
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.domain import Aggregate, Moment

MOST_VERSIONS = 1000
"""Each version is kept whole, since deadlines are recomputed under the one that they stand under."""


class Calendar(Aggregate):
    """A named calendar; its newest version is the one that new computations use.

    Each of its events makes a version, so that the number of a version is that of its event.
    """

    kind = "calendar"
    snapshot_version = 5

    versions: tuple[WorkingCalendar, ...] = ()
    declared_at: datetime | None = None

    def declare(self, declaration: CalendarDeclaration, moment: Moment) -> WorkingCalendar:
        """Declare the next version whole and return it. Refuses a label that an earlier version has."""
        must_follow(moment, self.declared_at)
        self.check_label(declaration.label)
        facts = {name: getattr(declaration, name) for name in CalendarDeclaration.model_fields}
        version = WorkingCalendar(name=self.id, version=self.version + 1, **facts)
        self.record(said.CalendarDeclared(calendar=version, declared_at=moment.effective_at), moment)
        return version

    def check_label(self, label: str) -> None:
        """Refuse a label that an earlier version has, and one version more than there may be."""
        if any(label == earlier.label for earlier in self.versions):
            raise LabelTaken(kind=self.kind, id=self.id, label=label)
        if len(self.versions) >= MOST_VERSIONS:
            raise TooManyVersions(calendar=self.id, most=MOST_VERSIONS)

    def in_force(self) -> WorkingCalendar:
        """Return the newest version; refuse where there is none."""
        if not self.versions:
            raise CalendarNotDeclared(calendar=self.id)
        return self.versions[-1]

    def of_version(self, number: int) -> WorkingCalendar:
        """Return the version under which something was computed; refuse where there is none."""
        if not 1 <= number <= len(self.versions):
            raise NoSuchVersion(kind=self.kind, id=self.id, version=number)
        return self.versions[number - 1]

    @property
    def country(self) -> str | None:
        """The country whose calendar its newest version is; None where it is that of none."""
        return self.versions[-1].country if self.versions else None

    @property
    def countries(self) -> frozenset[str]:
        """Every country whose calendar it is, or was: deadlines there may stand under it."""
        return frozenset(one.country for one in self.versions if one.country is not None)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.CalendarDeclared():
                version = event.calendar
            case said.CalendarHolidayDeclared():
                version = with_holiday(self.versions[-1], event.holiday, event.label)
            case said.CalendarHolidayMoved():
                version = with_moved(self.versions[-1], event.day, event.to, event.basis, event.label)
            case said.CalendarHolidayRevoked():
                version = without_holiday(self.versions[-1], event.day, event.label)
            case _:
                return
        self.versions, self.declared_at = (*self.versions, version), event.declared_at
