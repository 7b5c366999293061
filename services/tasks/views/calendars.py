"""One row per calendar: its newest version."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.tasks import CalendarDeclared
from shared.eventstore.record import Record
from shared.projections.view import View


class CalendarsView(View):
    """Answers which calendars are declared."""

    name = "calendars"

    def keys(self, record: Record) -> Iterable[str]:
        """The calendar itself."""
        return (record.id,) if isinstance(record.event, CalendarDeclared) else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Take the newest version."""
        calendar: dict[str, Any] = record.event.model_dump(mode="json")["calendar"]
        return calendar
