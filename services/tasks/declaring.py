"""A calendar that is declared, and the country whose calendar it is: both change in one command."""

from services.tasks.calendar import Calendar
from services.tasks.country import Country
from shared.calendar import CalendarDeclaration, WorkingCalendar
from shared.eventstore.command import Turn


def declare_calendar(turn: Turn, id: str, declaration: CalendarDeclaration) -> WorkingCalendar:
    """Declare the next version of a calendar whole, and so whose it is from now on.

    Refuses a country that has another calendar. One that it names no more is free for another; what stands
    under this one stays there until something else is approved.
    """
    calendar, country = turn.get(Calendar, id), declaration.country
    before = calendar.country
    left = None if before in (None, country) else turn.get(Country, str(before))
    named = None if country is None else turn.get(Country, country)
    if named is not None:
        named.check_free_for(id)
    version = calendar.declare(declaration, turn.moment)
    if left is not None:
        left.withdraw_calendar(id, turn.moment)
    if named is not None:
        named.name_calendar(id, turn.moment)
    return version
