"""What happened in a simulation, told in the order of its time; from the events in the streams."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from deploy.simulation.names import Names
from deploy.simulation.telling import notable
from shared.contracts import registry
from shared.contracts.tasks import deadline, escalation
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
    climbed: defaultdict[tuple[int, int, str], list[date]] = defaultdict(list)
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
            case escalation.EscalationRaised(step=step, steps=steps, on=on, title=title):
                if step == steps:
                    climbed[on.year, on.month, title.in_language("en")].append(on)
            case _:
                told += [Happening(day, mark, text) for mark, text in notable(event, names)]
    for day, outcomes in staff.items():
        counts = [f"{outcomes.count(one)} {one}" for one in ("recalled", "reassigned") if one in outcomes]
        told.append(Happening(day, "staff", f"People posted abroad: {', '.join(counts)}"))
    for (day, official_on), missions in dated.items():
        told.append(
            Happening(day, "dates", f"Closing set for {official_on:%-d %B %Y}: {', '.join(missions)}")
        )
    for month in missed.values():
        told.append(Happening(max(due for due, _ in month), "missed", _misses(month)))
    for (_, _, where), days in climbed.items():
        told.append(
            Happening(max(days), "climbed", f"Nobody answered for {len(days)} of them: {where} is told")
        )
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
