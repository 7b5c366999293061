"""What was so in law or fact at a moment: the events that were recorded, in the order of when they were so.

An amendment, a repeal and a supersession, and what they do to rows, count from the day that they name, in
UTC, or from when they are said to be effective where that is a little earlier, since a day begins further
east first; a headship and whoever stands in from their own moments. Of the steps of a decree, a row or a
mission that had been taken by a moment the last one that was recorded tells its state.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, cast

from shared.contracts import registry as said
from shared.contracts.event import Event
from shared.contracts.meta import rfc3339
from shared.eventstore.record import Record
from tests.integration.asof.replaying.deadlines_in_force import deadline
from tests.integration.asof.replaying.replay import Row, plain

So = Callable[[Sequence[Record], datetime], Row]
"""Tells from the events of an aggregate what was so at a moment."""

OF_DECREES = {
    said.DecreeIssued: "issued",
    said.DecreeEnteredIntoForce: "in-force",
    said.DecreeExecuted: "executed",
    said.DecreeRepealed: "repealed",
    said.DecreeSuperseded: "superseded",
    said.DecreeRemovedFromControl: "removed-from-control",
}
OF_MISSIONS = {
    said.MissionOpened: "open",
    said.MissionReopened: "open",
    said.MissionClosing: "closing",
    said.MissionClosingCancelled: "open",
    said.MissionClosed: "closed",
    said.MissionSettled: "settled",
    said.MissionArchived: "archived",
}
SAID = ("mission", "receiver", "target")
OF_ROWS = (said.MeasureRetargeted, said.MeasureAmendedInPast)
STEPS = (said.MeasureListed, said.MeasureIdentified, said.MeasureBlocked, said.MeasureOrdered)
"""What a row of a table says, what changes it, and the steps of its life before it is over."""


def since(record: Record) -> datetime:
    """From when on an event counts."""
    match record.event:
        case said.DecreeAmended(on=on) | said.DecreeRepealed(on=on) | said.DecreeSuperseded(on=on):
            return min(datetime.combine(on, time(), UTC), record.effective_at)
        case (
            said.MeasureListed(on=date() as on)
            | said.MeasureRetargeted(on=on)
            | said.MeasureAmendedInPast(on=on)
            | said.MeasureDropped(on=on)
        ):
            return min(datetime.combine(on, time(), UTC), record.effective_at)
        case said.DepartmentHeadAppointed(headship=headship):
            return headship.since
    return record.effective_at


def by(records: Iterable[Record], moment: datetime) -> list[Record]:
    """Those that count by a moment, in the order in which they do; at one moment as they were recorded."""
    return [record for record in sorted(records, key=since) if since(record) <= moment]


def ended(records: Iterable[Record], begun: Record, by_what: Callable[[Any], bool]) -> datetime | None:
    """The effective moment of the first event, recorded after another, that ends what that one began."""
    later = (one for one in records if one.position > begun.position and by_what(one.event))
    return next((one.effective_at for one in later), None)


def decree(records: Sequence[Record], moment: datetime) -> Row:
    """The state of a decree, its articles with the amendments of then, the holds on it."""
    state = stepped(records, moment, OF_DECREES)
    articles: dict[str, Row] = {}
    amendments: list[tuple[said.DecreeAmended, str]] = []
    for record in records if state is not None else ():
        match record.event:
            case said.DecreeIssued(articles=issued):
                articles = {one.article: one.model_dump(mode="json") for one in issued}
            case said.DecreeAmended() as amendment if since(record) <= moment:
                amendments.append((amendment, since(record).isoformat()))
    for amendment, _ in sorted(amendments, key=lambda one: one[0].on):
        articles = _after(articles, amendment)
    holds = [] if state is None else list(_holds(records, moment))
    whole = any(hold["article"] is None and hold["measure"] is None for hold in holds)
    return {
        "state": "held" if state == "in-force" and whole else state,
        "articles": list(articles.values()),
        "amendments": [one.model_dump(mode="json") | {"since": counted} for one, counted in amendments],
        "holds": holds,
    }


def stepped(records: Sequence[Record], moment: datetime, states: Mapping[Any, str]) -> str | None:
    """The state by the last recorded step of those that had been taken by a moment."""
    taken = [one for one in records if type(one.event) in states and since(one) <= moment]
    return states[type(taken[-1].event)] if taken else None


def _after(articles: dict[str, Row], amendment: said.DecreeAmended) -> dict[str, Row]:
    """The articles after an amendment, by what it says itself."""
    says = amendment.says
    assert says is not None, "the scenario was played with today's code"
    articles = {key: dict(one) for key, one in articles.items() if key not in says.dropped}
    for text in says.texts:
        articles[text.article]["text"] = text.text.model_dump(mode="json")
    for added in says.added:
        articles[added.article] = added.model_dump(mode="json") | {"measures": []}
    for key, one in articles.items():
        rows = [row.measure for row in says.rows_added if row.article == key]
        one["measures"] = [row for row in one["measures"] if row not in says.rows_dropped] + rows
    return articles


def _holds(records: Sequence[Record], moment: datetime) -> Iterable[Row]:
    for record in records:
        match record.event:
            case said.DecreeHeld(hold=hold, article=article, measure=measure) if (
                record.effective_at <= moment
            ):
                until = ended(
                    records, record, lambda one: isinstance(one, said.DecreeResumed) and one.hold == hold
                )
                if until is None or moment < until:
                    span = {"hold": hold, "article": article, "measure": measure}
                    yield span | {
                        "since": record.effective_at.isoformat(),
                        "until": until and until.isoformat(),
                    }


def measure(records: Sequence[Record], moment: datetime) -> Row:
    """How far a row had come, and what it said: what was named by then, and the amendments of then."""
    told: Row = dict.fromkeys(("state", "blocked_by", "explanation", *SAID, "amended_by"))
    amendments: list[Row] = []
    dropped_by: str | None = None
    before: Row = {}
    for record in records:
        event, counts = record.event, since(record) <= moment
        match event:
            case said.MeasureListed() if counts:
                told |= _named(event, before) | _state("listed") | {"amended_by": event.amended_by}
            case said.MeasureIdentified() if counts:
                told |= _named(event, before) | _state("listed")
            case said.MeasureBlocked() if counts:
                told |= {"state": "blocked", "blocked_by": event.reason.value}
                told["explanation"] = event.explanation.model_dump(mode="json")
            case said.MeasureOrdered() | said.MeasureExecuted() if counts:
                told |= _state(event.event_type.rpartition(".")[2])
            case said.MeasureDropped() | said.MeasureAmendedInPast(dropped=True) if counts:
                told["state"], dropped_by = "dropped", event.by
            case said.MeasureRetargeted() | said.MeasureAmendedInPast(dropped=False) if counts:
                assert event.says is not None, "the scenario was played with today's code"
                if isinstance(event, said.MeasureRetargeted) and not _goes_on(records, record, event):
                    told |= _state("listed")
                entry = {"by": event.by, "on": event.on.isoformat(), **event.says.model_dump(mode="json")}
                amendments.append(entry | {"since": since(record).isoformat()})
        if isinstance(event, (said.MeasureListed, said.MeasureIdentified, *OF_ROWS)):
            before = event.model_dump(mode="json", include=set(SAID))
    for entry in sorted(amendments, key=lambda one: one["on"]):
        told |= _merged(told, {name: entry[name] for name in SAID}) | {"amended_by": entry["by"]}
    return told | {"amendments": amendments} | ({"amended_by": dropped_by} if dropped_by else {})


def _state(state: str) -> Row:
    return {"state": state, "blocked_by": None, "explanation": None}


def _named(event: Event, before: Row) -> Row:
    """What an event names of a row that was not said of it before."""
    names = event.model_dump(mode="json", include=set(SAID))
    return {name: value for name, value in names.items() if value != before.get(name)}


def _merged(told: Row, says: Row) -> Row:
    target = {name: value for name, value in (says["target"] or {}).items() if value is not None}
    found = {name: value for name, value in says.items() if value is not None}
    return found | ({"target": (told["target"] or says["target"]) | target} if target else {})


def _goes_on(records: Sequence[Record], record: Record, event: said.MeasureRetargeted) -> bool:
    """Whether the row had been ordered, and stays so for the same mission."""
    steps = [one.event for one in records if one.position < record.position and type(one.event) in STEPS]
    return isinstance(steps[-1], said.MeasureOrdered) and event.mission == event.former_mission


def mission(records: Sequence[Record], moment: datetime) -> Row:
    """The state of a mission, and the States that it answered for."""
    registered = next((one for one in records if isinstance(one.event, said.MissionRegistered)), None)
    state = stepped(records, moment, OF_MISSIONS)
    if state is None and registered is not None and since(registered) <= moment:
        planned = cast(said.MissionRegistered, registered.event).planned
        state = "planned" if planned else "open"
    answers_for: list[Row] = []
    for record in by(records, moment):
        until = ended(records, record, lambda one: isinstance(one, said.MissionClosed))
        span = {"since": record.effective_at.isoformat(), "until": until and until.isoformat()}
        match record.event:
            case said.MissionRegistered():
                answers_for = [span | {"state": one} for one in _first(records)]
            case said.MissionReopened():
                answers_for = [span | {"state": one} for one in _first(records)]
            case said.MissionAccredited(state=further):
                answers_for = [*answers_for, span | {"state": further}]
            case said.MissionClosed():
                answers_for = []
    return {"state": state, "accredited": answers_for}


def _first(records: Sequence[Record]) -> tuple[str, ...]:
    registered = next(one.event for one in records if isinstance(one.event, said.MissionRegistered))
    return (registered.host, *registered.accreditations)


def staff(records: Sequence[Record], moment: datetime) -> Row:
    """Where a person was posted."""
    where: str | None = None
    for record in by(records, moment):
        match record.event:
            case said.StaffPosted(mission=to) | said.StaffReassigned(mission=to):
                where = to
            case said.StaffRecalled() | said.StaffSeparated():
                where = None
    return {"mission": where}


def department(records: Sequence[Record], moment: datetime) -> Row:
    """Who led a department, who could act for the head, and for whom it signed."""
    head: str | None = None
    signs: list[str] | None = None
    for record in by(records, moment):
        match record.event:
            case said.DepartmentHeadAppointed(headship=headship):
                head = headship.head
            case said.DepartmentSigningDeclared(signs=sides):
                signs = [side.value for side in sides]
    stand_ins = [one for one in _stand_ins(records) if _open(one, moment)]
    sides = {f"signs_{side}": side in (signs or ()) for side in ("receiving", "inspection")}
    return {"head": head, "stand_ins": stand_ins, "signs": signs} | sides


def _stand_ins(records: Sequence[Record]) -> Iterable[Row]:
    """Who stands in, from when until when: in the term of office in which that was given, whenever told."""
    for record in records:
        match record.event:
            case (
                said.DepartmentActingHeadNamed(stand_in=one, reference=reference)
                | said.DepartmentDelegated(stand_in=one, reference=reference)
            ):
                ends = [
                    event.ended_at
                    for event in (later.event for later in records)
                    if isinstance(event, said.DepartmentDelegationEnded) and event.key == one.key
                ]
                term = _term(records, record.effective_at, one.head)
                since = one.since if term is None else max(one.since, term[0])
                over = since if term is None else min([one.until, *ends, *term[1]])
                given = {
                    "at": rfc3339(record.effective_at),
                    "since": rfc3339(one.since),
                    "until": rfc3339(one.until),
                    "ended_at": rfc3339(ends[0]) if ends else None,
                }
                span = {"since": rfc3339(since), "until": rfc3339(max(since, over)), "reference": reference}
                told = one.model_dump(mode="json", exclude={"ended_at"})
                yield plain(told | span | {"given": given})


def _term(
    records: Sequence[Record], given: datetime, head: str
) -> tuple[datetime, tuple[datetime, ...]] | None:
    """When the term of a head began in which something was given, and when it ended, where it has."""
    appointed = (one.event for one in records)
    headships = (one.headship for one in appointed if isinstance(one, said.DepartmentHeadAppointed))
    told = {one.since: one.head for one in headships}
    days = sorted(told)
    begun = [day for day in days if day <= given]
    if not begun or told[begun[-1]] != head:
        return None
    first = begun[-1]
    for day in reversed(begun):
        if told[day] != head:
            break
        first = day
    return first, tuple(day for day in days if day > given and told[day] != head)[:1]


def _open(span: Row, moment: datetime) -> bool:
    begun, over = (datetime.fromisoformat(span[name]) for name in ("since", "until"))
    return begun <= moment < over


SO: Mapping[str, tuple[So, tuple[str, ...]]] = {
    "/registry/decrees/{decree}": (decree, ("decree",)),
    "/registry/measures/{measure}": (measure, ("measure",)),
    "/registry/missions/{mission}": (mission, ("mission",)),
    "/registry/staff/{person}": (staff, ("staff",)),
    "/registry/departments/{department}": (department, ("department",)),
    "/tasks/deadlines/{task}": (deadline, ("task", "deadline")),
}
"""By path: what is told of a moment, and the kinds of aggregates from whose events."""
