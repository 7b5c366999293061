"""By which calendars deadlines are reckoned: the ministry's, that of the host State, or both jointly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.tasks.calendar.refusals import CalendarsNotTogether
from shared.calendar import CalendarVersion, CountsBy, WorkingCalendar, together


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The ministry's calendar, and that of the host State where it has one and somebody asks for it.

    `host` is None as well where the ministry's is the host's: a mission in the ministry's own country.
    """

    ministry: WorkingCalendar
    host: WorkingCalendar | None = None

    @property
    def each(self) -> tuple[WorkingCalendar, ...]:
        """The calendars by which somebody counts."""
        return (self.ministry,) if self.host is None else (self.ministry, self.host)

    @property
    def host_version(self) -> CalendarVersion | None:
        """The host's by name and version, as plans keep it."""
        if self.host is None:
            return None
        return CalendarVersion(calendar=self.host.name, version=self.host.version)

    def by(self, counts_by: CountsBy) -> WorkingCalendar:
        """The calendar of a task; the ministry's alone where the host's is asked for and there is none.

        Refuses where both together leave no working day.
        """
        if not counts_by.asks_host or self.host is None:
            return self.ministry
        if counts_by is CountsBy.HOST:
            return self.host
        return joined(self.ministry, self.host)

    def under(self, newest: WorkingCalendar, host: str | None) -> "Reckoning | None":
        """The same with another version of one of the two, the other as it stands; None where it is neither.

        `host` is the country of the host State, None where nobody asks for its calendar. A calendar of that
        country takes the place of whichever stood there.
        """
        if newest.name == self.ministry.name:
            return replace(self, ministry=newest)
        stands = self.host is not None and newest.name == self.host.name
        if stands or (host is not None and newest.country == host):
            return replace(self, host=newest)
        return None


def joined(first: WorkingCalendar, *others: WorkingCalendar) -> WorkingCalendar:
    """Calendars as one, in which a day works where it works in all; refuses what cannot be joined."""
    try:
        return together(first, *others)
    except ValueError as reason:
        names = ", ".join(one.name for one in (first, *others))
        raise CalendarsNotTogether(calendars=names) from reason


def renewed(
    stands: WorkingCalendar, ministry: str, counts_by: CountsBy, host: str | None, newest: WorkingCalendar
) -> WorkingCalendar | None:
    """What a deadline is counted by where `newest` is approved; None where it has no part in it.

    `stands` is what it was counted by until now, one calendar or two; `ministry` is the name of the
    ministry's, and `host` the country of the host State, where the task asks for its calendar.
    """
    if not counts_by.asks_host:
        return newest if newest.name == stands.name else None
    parts: Sequence[WorkingCalendar] = stands.each
    of_host = next((one for one in parts if one.name != ministry), None)
    of_ministry = next((one for one in parts if one.name == ministry), None)
    if of_ministry is None:  # by the host's alone
        return newest if newest.name == stands.name or newest.country == host else None
    after = Reckoning(of_ministry, of_host).under(newest, host)
    return None if after is None else after.by(counts_by)
