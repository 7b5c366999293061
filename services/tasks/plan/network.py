"""The critical path of a plan: how late each task can be, by a forward and a backward pass over its needs.

Days are whole numbers on an axis that leaves out what does not count (`services.tasks.plan.axis`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter


@dataclass(frozen=True, slots=True)
class Activity:
    """A task as the network knows it. `days` is how long it takes, at least 1.

    It begins on `not_before` at the earliest and is done by the end of `due` at the latest, where those are
    set; `finished` is the day on which it was done, if it was. Needs that the network does not have are met.
    """

    id: str
    days: int
    needs: tuple[str, ...] = ()
    not_before: int | None = None
    due: int | None = None
    finished: int | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """The days on which a task can begin and end, at the earliest and at the latest.

    `slack` is by how many days it can end later than at the earliest, without itself or anything that needs
    it being late; negative where it is late already. `driver` is the task that it waits for the longest.
    A task that is done has the day on which it was done, and no slack.
    """

    earliest_start: int
    earliest_finish: int
    latest_start: int | None
    latest_finish: int | None
    slack: int | None
    driver: str | None


def reckoned(activities: Sequence[Activity], start: int) -> dict[str, Timing]:
    """Time every task; none that is open begins before `start`.

    A task begins on the day after all that it needs has ended. What neither has a due day nor is needed by
    anything is due when the last task ends.

    Raises:
        graphlib.CycleError: the needs run in a circle.
    """
    known = {one.id: one for one in activities}
    needs = {one.id: [need for need in one.needs if need in known] for one in activities}
    order = list(TopologicalSorter(needs).static_order())
    starts, ends, drivers = _forward(order, known, needs, start)
    latest = _backward(order, known, needs, max(ends.values(), default=start))
    timed = {}
    for id, activity in known.items():
        done = activity.finished is not None
        timed[id] = Timing(
            earliest_start=starts[id],
            earliest_finish=ends[id],
            latest_start=None if done else latest[id] - activity.days + 1,
            latest_finish=None if done else latest[id],
            slack=None if done else latest[id] - ends[id],
            driver=None if done else drivers[id],
        )
    return timed


def critical_path(timed: Mapping[str, Timing]) -> tuple[str, ...]:
    """The chain of open tasks with the least slack, in the order in which they are done.

    Of several the one that ends last, and then the first by name; empty where nothing is open.
    """
    open = {id: timing for id, timing in timed.items() if timing.slack is not None}
    if not open:
        return ()
    least = min(timing.slack for timing in open.values() if timing.slack is not None)
    tight = [id for id, timing in open.items() if timing.slack == least]
    last = min(tight, key=lambda id: (-open[id].earliest_finish, id))
    path: list[str] = []
    following: str | None = last
    while following is not None and following in open:
        path.append(following)
        following = open[following].driver
    return tuple(reversed(path))


def _forward(
    order: Iterable[str], known: Mapping[str, Activity], needs: Mapping[str, list[str]], start: int
) -> tuple[dict[str, int], dict[str, int], dict[str, str | None]]:
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    drivers: dict[str, str | None] = {}
    for id in order:
        one = known[id]
        if one.finished is not None:
            starts[id] = ends[id] = one.finished
            drivers[id] = None
            continue
        begun = start if one.not_before is None else max(start, one.not_before)
        drivers[id] = None
        for need in needs[id]:
            # What begins the day after it ends waits for it, though it might begin then anyhow.
            if known[need].finished is None and ends[need] + 1 >= begun:
                begun, drivers[id] = ends[need] + 1, need
        starts[id], ends[id] = begun, begun + one.days - 1
    return starts, ends, drivers


def _backward(
    order: Sequence[str], known: Mapping[str, Activity], needs: Mapping[str, list[str]], last: int
) -> dict[str, int]:
    latest: dict[str, int] = {}
    for id in reversed(order):
        one = known[id]
        bound = latest.get(id)
        if one.due is not None:
            bound = one.due if bound is None else min(bound, one.due)
        latest[id] = last if bound is None else bound
        if one.finished is not None:
            continue
        for need in needs[id]:
            until = latest[id] - one.days
            latest[need] = min(latest.get(need, until), until)
    return latest
