"""Countries, and which calendar is that of each."""

from services.tasks.country.country import Country
from services.tasks.country.refusals import CountryHasCalendar, HostWithoutCalendar

__all__ = ["Country", "CountryHasCalendar", "HostWithoutCalendar"]
