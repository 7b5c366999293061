"""Decrees with their articles as they stand, the holds on them, and what changed them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from services.registry.days import beginning_of
from services.registry.decree.articles import Articles, in_law, told
from services.registry.views.row import OwnRows, Row, plain
from shared.contracts import registry as said
from shared.contracts.meta import rfc3339
from shared.eventstore.record import Record
from shared.service.effective import open_at, told_at
from shared.service.made_due import made_due_by


class DecreesView(OwnRows):
    """One row for each decree; `holds` are the open ones, `state` is ``held`` while one covers it whole.

    `articles` are the present ones by the order of law, `issued_articles` those of the beginning.
    `amendments` are in the order of recording, each with what it says and `since` when it counts. `standing`
    tells from which moment in law on which stage held, in the order of recording, and `all_holds` every hold
    with its effective beginning and end. `binds_on` is the day from which it is to bind, as it was told
    when it was issued, `next_at` the moment at which it then enters into force, and `made_due_by` the event
    that told it.
    """

    name = "decrees"
    kind = "decree"
    version = 6
    facets = ("state",)
    due = "next_at"

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        before = _stage(row)
        self._tell(row, record)
        if (stage := _stage(row)) != before:
            row["standing"] = [*row["standing"], {"state": stage, "since": _since(record)}]
        row["next_at"] = _next(row)

    def _tell(self, row: Row, record: Record) -> None:
        match record.event:
            case said.DecreeIssued() as issued:
                row |= plain(issued) | made_due_by(record)
                row |= {"state": "issued", "in_force_on": None, "holds": [], "all_holds": [], "standing": []}
                row["binds_on"] = _binds_on(issued)
                row |= {"issued_articles": row["articles"], "amendments": [], "report": None}
            case said.DecreeEnteredIntoForce(on=on):
                row |= {"state": "in-force", "in_force_on": on.isoformat()}
            case said.DecreeAmended() as amendment:
                known = [_amendment(one) for one in row["amendments"]]
                entered = told(_issued(row), known, amendment)
                row["articles"] = [plain(one) for one in in_law(_issued(row), (*known, entered))]
                since = {"since": _since(record)}
                row["amendments"] = [*row["amendments"], plain(entered) | since]
            case said.DecreeExecuted():
                row["state"] = "executed"
            case said.DecreeRepealed() as ended:
                row |= {"state": "repealed", "ended": plain(ended)}
            case said.DecreeSuperseded() as ended:
                row |= {"state": "superseded", "ended": plain(ended)}
            case said.DecreeFinalReportSubmitted() as report:
                row["report"] = plain(report) | {"state": "submitted"}
            case said.DecreeFinalReportReturned():
                row["report"] = row["report"] | {"state": "returned"}
            case said.DecreeFinalReportApproved():
                row["report"] = row["report"] | {"state": "approved"}
            case said.DecreeRemovedFromControl():
                row["state"] = "removed-from-control"
            case _:
                _tell_hold(row, record)


def _tell_hold(row: Row, record: Record) -> None:
    match record.event:
        case said.DecreeHeld() as held:
            new = {**plain(held), "held_at": record.effective_at.isoformat(), "settled": []}
            row["holds"] = [*row["holds"], new]
            span = {"hold": held.hold, "article": held.article, "measure": held.measure}
            span |= {"since": record.effective_at.isoformat(), "until": None}
            row["all_holds"] = [*row["all_holds"], span]
        case said.DecreeConditionFulfilled(hold=hold, condition=condition, evidence=evidence):
            _settle(row, hold, {"key": condition, "evidence": list(evidence), "waived": False})
        case said.DecreeConditionWaived(hold=hold, condition=condition):
            _settle(row, hold, {"key": condition, "evidence": [], "waived": True})
        case said.DecreeResumed(hold=hold):
            row["holds"] = [held for held in row["holds"] if held["hold"] != hold]
            until = record.effective_at.isoformat()
            row["all_holds"] = [
                span | {"until": until} if span["hold"] == hold else span for span in row["all_holds"]
            ]
        case _:
            return
    if row["state"] in ("in-force", "held"):
        row["state"] = "held" if _cover_whole(row["holds"]) else "in-force"


def _settle(row: Row, hold: str, settled: dict[str, Any]) -> None:
    row["holds"] = [
        held
        if held["hold"] != hold
        else held | {"settled": [*(one for one in held["settled"] if one["key"] != settled["key"]), settled]}
        for held in row["holds"]
    ]


def _cover_whole(holds: Iterable[Mapping[str, Any]]) -> bool:
    return any(held["article"] is None and held["measure"] is None for held in holds)


def _binds_on(issued: said.DecreeIssued) -> str | None:
    on = issued.in_force_on
    return None if on is None else max(on, issued.announced_on).isoformat()


def _next(row: Row) -> str | None:
    if row["state"] != "issued" or row["binds_on"] is None:
        return None
    return rfc3339(beginning_of(date.fromisoformat(row["binds_on"])))


def _stage(row: Row) -> str | None:
    """The state but for holds, which have spans of their own."""
    state = row.get("state")
    return "in-force" if state == "held" else state


def _since(record: Record) -> str:
    """From when on it counts: what another decree does, from its day, as it began in UTC or further east."""
    match record.event:
        case said.DecreeAmended(on=on) | said.DecreeRepealed(on=on) | said.DecreeSuperseded(on=on):
            return min(beginning_of(on), record.effective_at).isoformat()
    return record.effective_at.isoformat()


def _issued(row: Row) -> Articles:
    return tuple(said.Article(**article) for article in row["issued_articles"])


def _amendment(entry: Row) -> said.DecreeAmended:
    return said.DecreeAmended(**{name: value for name, value in entry.items() if name != "since"})


def in_law_at(row: Row, moment: datetime) -> Row:
    """What was the law at a moment: the state of the decree, its articles, and the holds on it.

    What a later decree changes counts from the day that it names, in UTC, and not from when it was entered. A
    decree that was not issued by then has no state and no articles.
    """
    stage = told_at(row["standing"], moment)
    holds = open_at(row["all_holds"], moment)
    if stage is None:
        return {"state": None, "articles": [], "amendments": [], "holds": []}
    state = "held" if stage["state"] == "in-force" and _cover_whole(holds) else stage["state"]
    by_then = [one for one in row["amendments"] if datetime.fromisoformat(one["since"]) <= moment]
    articles = in_law(_issued(row), [_amendment(one) for one in by_then])
    return {
        "state": state,
        "articles": [plain(article) for article in articles],
        "amendments": by_then,
        "holds": holds,
    }
