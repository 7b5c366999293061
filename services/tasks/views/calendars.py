"""One row per calendar: its newest version."""

from collections.abc import Iterable
from typing import Any

from shared.calendar import WorkingCalendar, with_holiday, with_moved, without_holiday
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View


class CalendarsView(View):
    """Answers which calendars are declared, and which is that of a country."""

    name = "calendars"
    version = 3
    facets = ("country",)

    def keys(self, record: Record) -> Iterable[str]:
        """The calendar itself."""
        return (record.id,) if record.kind == "calendar" else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Take the newest version: declared whole, or made of the one before."""
        event = record.event
        if isinstance(event, said.CalendarDeclared):
            return event.calendar.model_dump(mode="json")
        before = WorkingCalendar.model_validate(doc)
        match event:
            case said.CalendarHolidayDeclared():
                newest = with_holiday(before, event.holiday, event.label)
            case said.CalendarHolidayMoved():
                newest = with_moved(before, event.day, event.to, event.basis, event.label)
            case said.CalendarHolidayRevoked():
                newest = without_holiday(before, event.day, event.label)
            case _:
                newest = before
        return newest.model_dump(mode="json")
