"""The day from which open work is reckoned, or up to which late work is late: today, or one that is named."""

from datetime import date

from shared.calendar.rule import add_months
from shared.domain import Invalid, Text

MOST_YEARS = 10
"""As far as a window may be from T: nothing that a plan says is further away than that."""


class ReckonedTooFar(Invalid):
    """Every day in between is looked at, and none of them means anything after so many years."""

    slug = "reckoned-too-far"
    title = Text(en="The day is too far away", ar="اليوم أبعد مما يُحسب")
    detail = Text(
        en="Nothing is reckoned on {on}: name a day from {earliest} to {latest}.",
        ar="لا يُحسب شيء في {on}: حدّد يومًا من {earliest} إلى {latest}.",
    )


def reckoned_from(on: date | None, today: date) -> date:
    """Return the day that is named, today where none is; refuse one that is more than ten years away."""
    if on is None:
        return today
    earliest, latest = add_months(today, -12 * MOST_YEARS), add_months(today, 12 * MOST_YEARS)
    if not earliest <= on <= latest:
        raise ReckonedTooFar(on=on.isoformat(), earliest=earliest.isoformat(), latest=latest.isoformat())
    return on
