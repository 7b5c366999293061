"""How a deadline stands, folded from its events into the fields that several rows show."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.tasks.deadline import DeadlineState
from shared.contracts import tasks as said

Row = dict[str, Any]

TAKEN_AWAY = (said.MissGround.DROP, said.MissGround.MOVE)
"""Grounds by which nothing was due on the day that was missed."""


def no_deadline() -> Row:
    """The fields of a task without a deadline.

    `approached` are the due days of which it was told that they are near, `extensions` counts those granted.
    `missed` is whether any due day was, `already_past` whether the present one was over when it was set.
    `calendar_version`, `also` and `provisional` are those of the present due day; `deadline` is what the
    rule gave.
    """
    return {
        "deadline_state": DeadlineState.NONE.value,
        "opens_on": None,
        "due_on": None,
        "due_at": None,
        "deadline": None,
        "calendar_version": None,
        "also": [],
        "provisional": None,
        "already_past": None,
        "missed": False,
        "misses": [],
        "approached": [],
        "extensions": 0,
    }


def standing_after(event: said.DeadlineFact, row: Mapping[str, Any]) -> Row:
    """The fields of `row` that an event of its deadline changes."""
    told = event.model_dump(mode="json")
    match event:
        case said.DeadlineSet():
            names = ("opens_on", "deadline", "due_on", "due_at", "provisional", "already_past")
            dated = {name: told[name] for name in names}
            dated |= {name: told["deadline"][name] for name in ("calendar_version", "also")}
            return dated | {"deadline_state": _running(told["due_on"], row)}
        case said.DeadlineResumed():
            past = {"already_past": told["already_past"]}
            return _moved(told) | past | {"deadline_state": _running(told["due_on"], row)}
        case said.DeadlineExtended():
            stands = row["deadline_state"] == DeadlineState.SUSPENDED
            state = row["deadline_state"] if stands else _running(told["due_on"], row)
            extended = {"extensions": row["extensions"] + 1, "already_past": False}
            return _moved(told) | extended | {"deadline_state": state}
        case said.DeadlineSuspended():
            return _moved(told) | {"deadline_state": DeadlineState.SUSPENDED.value}
        case said.DeadlineApproaching():
            approached = [*row["approached"], told["due_on"]]
            return {"deadline_state": DeadlineState.APPROACHING.value, "approached": approached}
        case said.DeadlineMissed():
            miss = {name: told[name] for name in ("due_on", "due_at", "late", "already_past")}
            misses = [*row["misses"], miss | {"qualified": []}]
            return {"deadline_state": DeadlineState.MISSED.value, "missed": True, "misses": misses}
        case said.DeadlineMissQualified():
            return {"misses": _qualified(row["misses"], told)}
        case said.DeadlineMet():
            return {"deadline_state": DeadlineState.MET.value}
        case said.DeadlineDropped():
            return {"deadline_state": DeadlineState.DROPPED.value}
    return {}


def excuses(misses: Iterable[Row]) -> Row:
    """Whether something, or nothing, stands beside a miss, and one was taken away before it was due."""
    beside = [[ground["ground"] for ground in miss["qualified"]] for miss in misses]
    return {
        "qualified": any(beside),
        "missed_plainly": not all(beside),
        "taken_away": any(ground in TAKEN_AWAY for grounds in beside for ground in grounds),
    }


def _moved(told: Row) -> Row:
    return {name: told[name] for name in ("due_on", "due_at", "calendar_version", "also", "provisional")}


def _running(due_on: str, row: Mapping[str, Any]) -> str:
    """How a clock that goes on stands: what was told of the same due day before is not told again."""
    if any(miss["due_on"] == due_on and not _moved_away(miss) for miss in row["misses"]):
        return DeadlineState.MISSED.value
    return (DeadlineState.APPROACHING if due_on in row["approached"] else DeadlineState.RUNNING).value


def _moved_away(miss: Row) -> bool:
    return any(ground["ground"] == said.MissGround.MOVE for ground in miss["qualified"])


def _qualified(misses: Sequence[Row], told: Row) -> list[Row]:
    """The misses with a ground more beside the last one of its day."""
    at = max(number for number, miss in enumerate(misses) if miss["due_on"] == told["due_on"])
    names = ("ground", "hold", "effective_at", "submitted_recorded_at", "reason")
    ground = {name: told[name] for name in names}
    qualified = misses[at] | {"qualified": [*misses[at]["qualified"], ground]}
    return [*misses[:at], qualified, *misses[at + 1 :]]
