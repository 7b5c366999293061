"""A working calendar: each declaration is a version, and no version is ever changed."""

from shared.calendar import CalendarDeclaration, WorkingCalendar
from shared.contracts.event import Event
from shared.contracts.tasks import CalendarDeclared
from shared.domain import Aggregate, Conflicting, Moment, Text


class LabelTaken(Conflicting):
    """A label names one version for good."""

    slug = "label-taken"
    title = Text(en="Label already used", ar="التسمية مستعملة من قبل")
    detail = Text(
        en="{kind} {id} already has a version labelled {label}: give the new one a label of its own.",
        ar="يوجد إصدار سابق من «{kind_ar}» {id} بالتسمية {label}: اختر للإصدار الجديد تسمية خاصة به.",
    )


class CalendarNotDeclared(Conflicting):
    """Nothing can be computed under a calendar that nobody declared."""

    slug = "calendar-not-declared"
    title = Text(en="Calendar not declared", ar="التقويم غير معلن")
    detail = Text(
        en="The calendar {calendar} is not declared: declare it first.",
        ar="لم يُعلن التقويم {calendar}: أعلنه أولًا.",
    )


class Calendar(Aggregate):
    """A named calendar; its newest version is the one that new computations use."""

    kind = "calendar"
    snapshot_version = 2

    versions: tuple[WorkingCalendar, ...] = ()

    def declare(self, declaration: CalendarDeclaration, moment: Moment) -> WorkingCalendar:
        """Declare the next version and return it. Refuses a label that an earlier version has."""
        if any(declaration.label == earlier.label for earlier in self.versions):
            raise LabelTaken(kind=self.kind, id=self.id, label=declaration.label)
        facts = {name: getattr(declaration, name) for name in CalendarDeclaration.model_fields}
        version = WorkingCalendar(name=self.id, version=self.version + 1, **facts)
        self.record(CalendarDeclared(calendar=version), moment)
        return version

    def in_force(self) -> WorkingCalendar:
        """Return the newest version; refuse where there is none."""
        if not self.versions:
            raise CalendarNotDeclared(calendar=self.id)
        return self.versions[-1]

    def of_version(self, number: int) -> WorkingCalendar:
        """Return the version under which something was computed. Raises IndexError where there is none."""
        return self.versions[number - 1]

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case CalendarDeclared():
                self.versions = (*self.versions, event.calendar)
