"""The last day of a posting: near, passed, or moved by the competent authority. It ends nothing by itself."""

from datetime import date

from services.registry.days import beginning_of
from services.registry.staff import refusals
from services.registry.staff.staff import StaffMember
from services.registry.staff.term import overdue_at, warning_before
from shared.calendar.rule import add_months
from shared.contracts.registry import (
    Competence,
    OverdueGround,
    StaffPostingCapApproaching,
    StaffPostingExtended,
    StaffPostingOverdue,
)
from shared.domain import Moment


def extend(
    person: StaffMember, until: date, by: str, reference: str, competence: Competence, moment: Moment
) -> None:
    """Move the last day of the posting, near or passed, by as much as its category allows at once.

    The fact that it was overdue stays, with the extension beside it where that was before. It is of no day
    before the posting began, nor of a moment before the last extension, whose last day it moves.
    """
    mission = person.posted_at
    person.check_decides(by)
    person.check_day(moment)
    moment.must_not_precede(person.extended_at, person.id)
    if person.ends_on is None:
        raise refusals.NoEndToMove(staff=person.id)
    if until <= person.ends_on:
        raise refusals.NotLonger(staff=person.id, ends_on=person.ends_on.isoformat())
    latest = add_months(person.ends_on, competence.extension_months)
    if until > latest:
        raise refusals.TooLong(
            staff=person.id,
            until=until.isoformat(),
            months=competence.extension_months,
            latest=latest.isoformat(),
        )
    extended = StaffPostingExtended(
        mission=mission,
        category=person.category,
        former=person.ends_on,
        ends_on=until,
        warn_on=warning_before(until, competence.warn_days),
        by=by,
        reference=reference,
    )
    person.qualify_overdue(OverdueGround.EXTENDED, moment)
    person.record(extended, moment)


def approach(person: StaffMember, ends_on: date, moment: Moment) -> bool:
    """Tell that the last day is near, once, where it still is that day; return whether it was told."""
    if person.ends_on != ends_on or person.mission is None or person.warned or person.warn_on is None:
        return False
    if not beginning_of(person.warn_on) <= moment.recorded_at < overdue_at(ends_on):
        return False
    near = StaffPostingCapApproaching(
        mission=person.mission, category=person.category, authority=person.authority, ends_on=ends_on
    )
    person.record(near, moment)
    return True


def note_overdue(person: StaffMember, ends_on: date, moment: Moment) -> bool:
    """Tell that the last day has passed, once, where it still is that day; return whether it was told."""
    if person.ends_on != ends_on or person.mission is None or person.overdue:
        return False
    if moment.recorded_at < overdue_at(ends_on):
        return False
    over = StaffPostingOverdue(
        mission=person.mission, category=person.category, authority=person.authority, ends_on=ends_on
    )
    person.record(over, moment)
    return True
