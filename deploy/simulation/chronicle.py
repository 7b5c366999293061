"""What happened in a simulation, told in the order of its time; from the events in the streams."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from deploy.simulation.names import Names
from shared.contracts import registry
from shared.contracts.tasks import deadline
from shared.messaging.received import Received


@dataclass(frozen=True, order=True)
class Happening:
    """Something worth telling; `mark` says of which sort it is."""

    on: date
    mark: str = field(compare=False)
    text: str = field(compare=False)


def chronicle(events: Iterable[Received], names: Names, zone: ZoneInfo) -> list[Happening]:
    """Tell what happened, the earliest first; what is alike on one day or in one month is told together."""
    told: list[Happening] = []
    staff: defaultdict[date, list[str]] = defaultdict(list)
    dated: defaultdict[tuple[date, date], list[str]] = defaultdict(list)
    missed: defaultdict[tuple[int, int], list[tuple[date, str]]] = defaultdict(list)
    for event in sorted(events, key=lambda one: one.recorded_at):
        day = _day(event.recorded_at, zone)
        match event.event:
            case registry.StaffRecalled() | registry.StaffReassigned() as outcome:
                staff[day].append("recalled" if isinstance(outcome, registry.StaffRecalled) else "reassigned")
            case registry.MissionDatesSet(official_on=official_on):
                dated[day, official_on].append(names.mission(event.id))
            case deadline.DeadlineMissed(due_on=due, department=department):
                # It is recorded after its day, perhaps in another month, and belongs to that day.
                missed[due.year, due.month].append((due, names.department(department)))
            case _:
                told += [Happening(day, mark, text) for mark, text in _notable(event, names)]
    for day, outcomes in staff.items():
        counts = [f"{outcomes.count(one)} {one}" for one in ("recalled", "reassigned") if one in outcomes]
        told.append(Happening(day, "staff", f"People posted abroad: {', '.join(counts)}"))
    for (day, official_on), missions in dated.items():
        told.append(
            Happening(day, "dates", f"Closing set for {official_on:%-d %B %Y}: {', '.join(missions)}")
        )
    for month in missed.values():
        told.append(Happening(max(due for due, _ in month), "missed", _misses(month)))
    return sorted(told)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _misses(month: Sequence[tuple[date, str]]) -> str:
    departments = sorted({department for _, department in month})
    listed = ", ".join(departments[:3]) + (
        f" and {len(departments) - 3} more" if len(departments) > 3 else ""
    )
    many = "deadline" if len(month) == 1 else "deadlines"
    return f"{len(month)} {many} missed in {month[0][0]:%B} ({listed})"


def _covered(hold: registry.DecreeHeld | registry.DecreeResumed, names: Names) -> str:
    """Name what a hold covers."""
    if hold.measure is not None:
        return names.measure(hold.measure)
    return "the decree" if hold.article is None else f"Article {hold.article}"


def _conditions(listed: Sequence[object]) -> str:
    return f"{len(listed)} condition{'' if len(listed) == 1 else 's'}"


def _notable(event: Received, names: Names) -> Iterator[tuple[str, str]]:
    match event.event:
        case registry.DecreeIssued(title=title):
            yield "decree", f"Decree {event.id} entered: {title.in_language('en')}"
        case registry.DecreeHeld() as held:
            many = f", with {_conditions(held.conditions)}" if held.conditions else ""
            yield "hold", f"{names.department(held.by)} holds {_covered(held, names)}{many}"
        case registry.DecreeResumed() as resumed:
            met = f": {_conditions(resumed.met)} met with evidence" if resumed.met else ""
            yield "resumed", f"The hold on {_covered(resumed, names)} is lifted{met}"
        case registry.MissionClosed(successor=successor):
            into = "" if successor is None else f" into {names.mission(successor)}"
            yield "closed", f"{names.mission(event.id)} closed{into}"
        case registry.DecreeExecuted():
            yield "decree", f"Decree {event.id} executed"
        case deadline.ExtensionRequested() as asked:
            who, what = names.department(asked.department), names.task(asked.task)
            yield "asked", f"{who} asks for time until {asked.until:%-d %B} for “{what}”"
        case deadline.ExtensionGranted() as granted:
            yield (
                "granted",
                f"Extension until {granted.until:%-d %B} granted for “{names.task(granted.task)}”",
            )
        case deadline.ExtensionRefused() as refused:
            yield "refused", f"Extension refused for “{names.task(refused.task)}”: {refused.reason}"
        case deadline.DeadlineMissQualified() as qualified:
            reason = qualified.reason.in_language("en")
            yield "qualified", f"Miss of “{names.task(qualified.task)}” qualified: {reason}"
