"""Work on tasks as requests: who assigns, starts, submits and accepts what, and when."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from deploy.simulation.agenda import Request, Work
from deploy.simulation.form import ScenarioForm, WorkForm
from deploy.simulation.values import Manner, listed
from shared.calendar import WorkingCalendar

Row = Mapping[str, Any]

MORNING, HANDED_IN, AFTER_HOURS = time(9), time(11), timedelta(hours=3)
"""Work begins in the morning, is handed in before noon, and accepted some hours later."""

OPEN = ("planned", "assigned", "in-progress", "returned")
"""States of tasks that somebody can still work on."""

LEAD = 3
"""Working days that a task takes, where its deadline leaves them."""


class CannotWork(Exception):
    """The tasks cannot be worked on as the scenario wants it; the message says which and why."""


@dataclass(frozen=True)
class Moments:
    """When a task is begun, handed in and accepted, and from when the submission is effective."""

    begun: datetime
    handed_in: datetime
    accepted: datetime
    effective: datetime | None


def chosen(form: WorkForm, rows: Sequence[Row]) -> list[Row]:
    """Choose those that are to be worked on; raise CannotWork where a number that is named is no task's."""
    known = {row["number"] for row in rows}
    for field, numbers in (("numbers", form.numbers or frozenset()), ("but", form.excepted)):
        if none := numbers - known:
            raise CannotWork(f"work.{field}: there is no task of number {listed(none)}")
    rows = [row for row in rows if form.numbers is None or row["number"] in form.numbers]
    rows = [row for row in rows if row["state"] in OPEN]
    if not rows:
        raise CannotWork("none of the tasks is open")
    return rows


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Sort tasks so that each comes after those of them that it needs; otherwise by deadline and id."""
    left = {row["task"]: row for row in sorted(rows, key=lambda row: (row["due_on"] or "", row["task"]))}
    ordered: list[Row] = []
    while left:
        free = next((task for task, row in left.items() if not left.keys() & set(row["needs"])), None)
        if free is None:
            raise CannotWork(f"these tasks need each other: {', '.join(left)}")
        ordered.append(left.pop(free))
    return ordered


def moments_of(
    due_on: date, manner: Manner, earliest: datetime, calendar: WorkingCalendar, zone: Callable[..., datetime]
) -> Moments:
    """Find the moments of a task, none of them before `earliest`; `zone` makes moments of local times."""
    handed_on = moved(due_on, manner.days or -1, calendar)
    handed_in = max(zone(datetime.combine(handed_on, HANDED_IN)), earliest + timedelta(hours=2))
    begun = max(
        zone(datetime.combine(moved(handed_on, -LEAD, calendar), MORNING)), earliest + timedelta(hours=1)
    )
    effective = None
    if manner.backdated:
        effective = zone(datetime.combine(moved(due_on, -1, calendar), HANDED_IN))
    return Moments(begun, handed_in, handed_in + AFTER_HOURS, effective)


def moved(day: date, days: int, calendar: WorkingCalendar) -> date:
    """Go a number of working days forth (or back, where it is negative)."""
    step = timedelta(days=1 if days > 0 else -1)
    for _ in range(abs(days)):
        day += step
        while not calendar.works_on(day):
            day += step
    return day


def planned(
    work: Work,
    rows: Sequence[Row],
    calendar: WorkingCalendar,
    form: ScenarioForm,
    now: datetime,
) -> Iterator[tuple[datetime, Request]]:
    """Plan the requests that carry tasks through; raise CannotWork where a task has no deadline."""
    accepted: dict[str, datetime] = {}
    for row in in_order(rows):
        if row["due_on"] is None:
            raise CannotWork(f"the task {row['task']} has no deadline yet")
        earliest = max([now, *(accepted[need] for need in row["needs"] if need in accepted)])
        due_on = date.fromisoformat(row["due_on"])
        when = moments_of(due_on, work.form.manner_of(row["number"]), earliest, calendar, form.moment)
        accepted[row["task"]] = when.accepted
        yield from _requests(work, row, when, form, now)


def _requests(
    work: Work, row: Row, when: Moments, form: ScenarioForm, now: datetime
) -> Iterator[tuple[datetime, Request]]:
    task, officer = row["task"], form.officer(row["department"])

    def request(verb: str, body: dict[str, Any] | None, part: str = "", **more: Any) -> Request:
        own = officer if verb in ("start", "submit") else work.office
        return Request(
            step=work.step,
            actor=form.officer(part) if part else own,
            method="POST",
            path=f"/tasks/tasks/{task}/{verb}",
            body=body,
            key=f"{form.name}/{work.step}/{task}/{verb}" + (f"/{part}" if part else ""),
            **more,
        )

    if row["state"] == "planned":
        yield now, request("assign", {})
    yield when.begun, request("start", None)
    for part in row["co_executors"]:
        yield when.begun, request("part", {"done": True}, part)
    evidence = {"evidence": evidence_for(row)}
    yield when.handed_in, request("submit", evidence, effective_at=when.effective)
    yield when.accepted, request("accept", None)


def evidence_for(row: Row) -> list[dict[str, str]]:
    """Make the document that the procedure names, where it names one; its digest is that of its text."""
    named = row["evidence_named"]
    if named is None:
        return []
    document = named["en"] or named["ar"]
    text = f"{document} · {row['task']}"
    return [{"document": document, "sha256": sha256(text.encode()).hexdigest()}]
