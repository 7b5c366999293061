"""Countries: whose calendar is which."""

from shared.contracts.identity import Token
from shared.contracts.tasks.base import TasksEvent


class CountryCalendarNamed(TasksEvent, type="country.calendar-named"):
    """A calendar was declared to be that of a country: missions there count by it where their tasks ask."""

    country: str
    calendar: Token


class CountryCalendarWithdrawn(TasksEvent, type="country.calendar-withdrawn"):
    """A calendar is not that of the country any more; what was counted by it stays so."""

    country: str
    calendar: Token
