"""Whose working days a task counts: the ministry's, the host State's, or the days that work in both."""

from enum import StrEnum

from shared.contracts.text import Text


class CountsBy(StrEnum):
    """By which calendar a task's days are counted and rolled.

    What the ministry alone does counts by its own calendar. What an office of the host State does (its
    ministry, a court, a bank) counts by the host's, and what needs both counts the days on which both work.
    """

    MINISTRY = "ministry"
    HOST = "host"
    BOTH = "both"

    @property
    def asks_host(self) -> bool:
        """Whether the calendar of the host State has a say."""
        return self is not CountsBy.MINISTRY

    @property
    def told(self) -> Text:
        """The same in words."""
        return _TOLD[self]


_TOLD = {
    CountsBy.MINISTRY: Text(en="the ministry's calendar", ar="تقويم الوزارة"),
    CountsBy.HOST: Text(en="the host State's calendar", ar="تقويم الدولة المضيفة"),
    CountsBy.BOTH: Text(en="both calendars jointly", ar="التقويمين معًا"),
}
