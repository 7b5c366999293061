"""A country as this service knows it: which of the declared calendars is its own."""

from services.tasks.country.refusals import CountryHasCalendar
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.domain import Aggregate, Moment


class Country(Aggregate):
    """Leads from a country, under its ISO 3166-1 code, to its calendar: one at a time.

    A calendar says itself which country it is of, so that the two change in one command.
    """

    kind = "country"

    calendar: str | None = None

    def check_free_for(self, calendar: str) -> None:
        """Refuse where another calendar is that of the country."""
        if self.calendar not in (None, calendar):
            raise CountryHasCalendar(country=self.id, calendar=self.calendar, other=calendar)

    def name_calendar(self, calendar: str, moment: Moment) -> None:
        """Take a calendar as that of the country; nothing happens where it is so already."""
        self.check_free_for(calendar)
        if self.calendar is None:
            self.record(said.CountryCalendarNamed(country=self.id, calendar=calendar), moment)

    def withdraw_calendar(self, calendar: str, moment: Moment) -> None:
        """Let a calendar be that of the country no more; nothing happens where it is not."""
        if self.calendar == calendar:
            self.record(said.CountryCalendarWithdrawn(country=self.id, calendar=calendar), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.CountryCalendarNamed():
                self.calendar = event.calendar
            case said.CountryCalendarWithdrawn():
                self.calendar = None
