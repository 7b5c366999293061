"""Why something about the calendar of a country is refused."""

from shared.domain import Conflicting, Text


class CountryHasCalendar(Conflicting):
    """A country has one calendar, so that nobody has to guess by which a mission there counts."""

    slug = "country-has-calendar"
    title = Text(en="The country has a calendar already", ar="للدولة تقويم من قبل")
    detail = Text(
        en="Calendar {calendar} is that of {country}: declare its next version, or declare it anew without "
        "the country before {other} takes its place.",
        ar="التقويم {calendar} هو تقويم {country}: أعلن إصداره التالي، أو أعلنه من جديد دون الدولة قبل أن "
        "يحل {other} محله.",
    )


class HostWithoutCalendar(Conflicting):
    """Whoever writes a deadline by the calendar of a country names one whose calendar is declared."""

    slug = "host-without-calendar"
    title = Text(en="The host State has no calendar here", ar="لا تقويم للدولة المضيفة")
    detail = Text(
        en="No calendar of {country} is declared: declare it first, or count by the ministry's.",
        ar="لم يُعلن تقويم للدولة {country}: أعلنه أولًا، أو احسب بتقويم الوزارة.",
    )
