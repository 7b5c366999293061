"""Working calendars and their versions."""

from services.tasks.calendar.calendar import Calendar, CalendarNotDeclared, LabelTaken

__all__ = ["Calendar", "CalendarNotDeclared", "LabelTaken"]
