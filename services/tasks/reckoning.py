"""Under which versions of which calendars a plan is reckoned: as it stands, anew, or after a change."""

from services.tasks.calendar import Calendar, Reckoning
from services.tasks.clocks import version_of
from services.tasks.country import Country
from services.tasks.plan import Order, Plan
from services.tasks.plan.change import Replanning
from services.tasks.plan.noting import Asked
from services.tasks.reading import Reading
from shared.calendar import WorkingCalendar


def calendar_of_country(turn: Reading, country: str | None) -> WorkingCalendar | None:
    """The newest version of the calendar that is a country's; None where none is declared to be."""
    name = None if country is None else turn.get(Country, country).calendar
    return None if name is None else turn.get(Calendar, name).in_force()


def newest_reckoning(turn: Reading, ministry: str, host: str | None) -> Reckoning:
    """The newest versions; `host` is the country of the host State, where its calendar is asked for."""
    return _of(turn.get(Calendar, ministry).in_force(), calendar_of_country(turn, host))


def reckoning_of(turn: Reading, plan: Plan) -> Reckoning:
    """The versions by which a plan is dated."""
    ministry = turn.get(Calendar, plan.ordered.calendar).of_version(plan.calendar_version)
    return _of(ministry, _host_of(turn, plan))


def reckoning_after(turn: Reading, plan: Plan, order: Order, change: Replanning) -> Reckoning:
    """The versions by which a plan with dates is reckoned after a change of its tasks.

    It moves nothing to versions that nobody approved for the plan: the newest count only where the
    procedure has another calendar now, or tasks ask for that of the host and none did before.
    """
    declared = turn.get(Calendar, order.calendar)
    stays = order.calendar == plan.ordered.calendar
    ministry = declared.of_version(plan.calendar_version) if stays else declared.in_force()
    if plan.asks_host and (stays or plan.host_calendar is not None):
        return _of(ministry, _host_of(turn, plan))
    changed = (*change.added, *change.changed.values())
    asks = any(terms.counts_by.asks_host for terms in changed)
    return _of(ministry, calendar_of_country(turn, order.host) if asks else None)


def asked_of_host(turn: Reading, plan: Plan) -> Asked:
    """What the open tasks of a plan ask of the calendar of its host State, and what there is of it."""
    host = plan.host_asked
    return Asked(
        country=host,
        ministry=plan.ordered.calendar,
        asking=[task for task in plan.asking_host if task not in plan.settled],
        declared=None if host is None else turn.get(Country, host).calendar,
        dated=plan.dates is not None,
        counted=None if plan.host_calendar is None else plan.host_calendar.calendar,
    )


def _host_of(turn: Reading, plan: Plan) -> WorkingCalendar | None:
    return None if plan.host_calendar is None else version_of(turn, plan.host_calendar)


def _of(ministry: WorkingCalendar, host: WorkingCalendar | None) -> Reckoning:
    same = host is not None and host.name == ministry.name
    return Reckoning(ministry, None if same else host)
