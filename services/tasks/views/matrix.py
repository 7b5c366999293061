"""Counts of tasks, by decree and by department and state, and of deadlines that somebody has to look at."""

from collections import defaultdict

from services.tasks.deadline import DeadlineState
from services.tasks.task.state import TaskState
from shared.projections import Views

Counts = dict[str, dict[str, int]]

NONE = {state.value: 0 for state in TaskState}

WATCHED = (DeadlineState.APPROACHING, DeadlineState.SUSPENDED)


async def by_decree(views: Views, as_of: int | None = None) -> Counts:
    """Count the tasks of every decree by state, 0 too: ``{"298-2025": {"planned": 742, …}}``."""
    counted = await _counted(views, "decree", {}, as_of)
    return {decree: NONE | states for decree, states in counted.items() if decree}


async def by_department(views: Views, decree: str | None = None, as_of: int | None = None) -> Counts:
    """Count the tasks that every department leads by state, of one decree or of all."""
    return await _counted(views, "department", {} if decree is None else {"decree": decree}, as_of)


async def deadlines_by_decree(views: Views, as_of: int | None = None) -> Counts:
    """Count what somebody has to look at: ``{"298-2025": {"missed": 3, "approaching": 12, "suspended": 0}}``.

    `missed` are the tasks of which a due day ever was; the others are how deadlines stand now.
    """
    counts: Counts = {}
    for (decree, missed), count in await views.count("deadlines", ("decree", "missed"), {}, as_of):
        if not decree:
            continue
        blank = {"missed": 0, **{state.value: 0 for state in WATCHED}}
        of_decree = counts.setdefault(decree, blank)
        if missed == "true":
            of_decree["missed"] = count
    for (decree, state), count in await views.count("deadlines", ("decree", "state"), {}, as_of):
        if decree and state in WATCHED:
            counts[decree][state] = count
    return counts


async def _counted(views: Views, rows: str, where: dict[str, str], as_of: int | None) -> Counts:
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (row, state), count in await views.count("tasks", (rows, "state"), where, as_of):
        counts[row][state] = count
    return dict(counts)
