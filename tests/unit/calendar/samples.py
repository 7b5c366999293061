from datetime import date

from shared.calendar import Basis, Holiday, Weekday, WorkingCalendar
from shared.contracts.text import Text


def calendar_with(*days_off: date, **changes: object) -> WorkingCalendar:
    """A calendar of Friday and Saturday weekends that covers the years 2000 to 2030."""
    facts: dict[str, object] = {
        "name": "ly",
        "version": 1,
        "label": "test",
        "zone": "Africa/Tripoli",
        "weekend": (Weekday.FRIDAY, Weekday.SATURDAY),
        "holidays": tuple(Holiday(day=day, name=Text(en="Day off"), basis=Basis.FIXED) for day in days_off),
        "covers_from": date(2000, 1, 1),
        "covers_to": date(2030, 12, 31),
        "source": "test",
        **changes,
    }
    return WorkingCalendar.model_validate(facts)
