"""What keeps a task from going on, as rows tell it: prerequisites down to the root, holds, missing dates."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.tasks.decree.hold import Hold
from services.tasks.task.evidence import has_document
from services.tasks.task.state import TaskState
from shared.contracts.meta import rfc3339
from shared.contracts.tasks import Evidence
from shared.contracts.text import Text

Row = Mapping[str, Any]


def blockers(task: Row, rows: Mapping[str, Row], holds: Iterable[Hold], *, dated: bool) -> dict[str, Any]:
    """Tell what blocks an open task: what is derived here, and what somebody reported.

    `rows` are those of the tasks of its plan by id, `holds` all that cover it, open and lifted, and `dated`
    is whether its plan has T. Each prerequisite comes after those that it needs; `roots` wait for none.
    A settled task is blocked by nothing.
    """
    settled = TaskState(task["state"]).settled
    waits = [] if settled else _open_needs(task, rows)
    standing = [] if settled else [hold for hold in holds if hold.until is None]
    no_dates = not settled and bool(task["needs_dates"]) and not dated
    reported = None if settled else task["blocked"]
    return {
        "task": task["task"],
        "state": task["state"],
        "blocked": bool(waits or standing or no_dates or reported),
        "reported": reported,
        "dates_missing": no_dates,
        "holds": [_hold(hold) for hold in standing],
        "prerequisites": [_told(rows[need], rows) for need in waits],
        "roots": [need for need in waits if not _open(rows[need], rows)],
    }


def _open_needs(task: Row, rows: Mapping[str, Row]) -> list[str]:
    """Every open task that it needs, directly or not; needs run in no circle, as procedures are checked."""
    found: dict[str, None] = {}
    stack = [(need, False) for need in reversed(_open(task, rows))]
    while stack:
        need, seen = stack.pop()
        if need in found:
            continue
        if seen:
            found[need] = None
        else:
            stack.append((need, True))
            stack += [(one, False) for one in reversed(_open(rows[need], rows)) if one not in found]
    return list(found)


def _open(task: Row, rows: Mapping[str, Row]) -> list[str]:
    return [need for need in task["needs"] if need in rows and not TaskState(rows[need]["state"]).settled]


def _told(row: Row, rows: Mapping[str, Row]) -> dict[str, Any]:
    names = ("task", "number", "title", "department", "assignee", "state", "due_on", "missed", "extensions")
    return {
        **{name: row[name] for name in names},
        "reported": row["blocked"],
        "missing_evidence": _missing_evidence(row),
        "missing_parts": [part for part in row["co_executors"] if part not in row["parts_done"]],
        "needs": _open(row, rows),
    }


def _missing_evidence(row: Row) -> Any:
    """The document that the task names and does not have yet, or None."""
    named = row["evidence_named"]
    if named is None:
        return None
    documents = tuple(Evidence.model_validate(one) for one in row["evidence"])
    return None if has_document(Text.model_validate(named), documents) else named


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "hold": hold.hold,
        "since": rfc3339(hold.since),
        "reason": hold.reason.model_dump(mode="json"),
        "article": hold.article,
        "measure": hold.measure,
    }
