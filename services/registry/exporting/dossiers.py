"""A decree as the dossier with which its execution starts; pure.

The decree and the rows of its tables are as they were issued, so that what is imported elsewhere is that
decree: amendments are later decrees, and identifications, holds and closings have sources of their own.
People are where they are posted, but for those who came since the decree bound to a mission that it closes,
or to one that was still to be opened: they were no part of what it began with.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from services.registry.decree import Decree
from services.registry.decree.refusals import DecreeNotInForce
from services.registry.importing.facts import closes
from services.registry.measure import Measure
from services.registry.mission import Mission
from shared.contracts.registry import Article, Competence, DecreeIssued, MeasureListed, Obligation
from shared.dossier.form import (
    CategoryForm,
    DecreeForm,
    DepartmentForm,
    Dossier,
    MissionForm,
    ObligationForm,
    PersonForm,
    RowForm,
)

UNKNOWN = "unknown"
Content = dict[str, Any]
Row = Mapping[str, Any]


def missions_named(measures: Iterable[Measure]) -> list[str]:
    """Return the missions that the rows name, in their order."""
    named = (id for measure in measures for id in (measure.listed.mission, measure.listed.receiver))
    return list(dict.fromkeys(id for id in named if id is not None))


def dossier_content(
    decree: Decree,
    measures: Sequence[Measure],
    departments: Iterable[Row],
    missions: Sequence[Mission],
    competences: Iterable[Competence],
    staff: Iterable[Row],
) -> Content:
    """Return the JSON of a dossier; `departments` and `staff` are rows of views."""
    issued = decree.must_exist().issued
    in_force_on = decree.in_force_on or (issued.in_force_on if issued else None)
    if issued is None or in_force_on is None:
        raise DecreeNotInForce(decree=decree.id, state=decree.state.value)
    binds_on = max(issued.announced_on, in_force_on)
    began_with = _began_with(staff, measures, missions, binds_on)
    head = {name: value for name, value in _of(Dossier, issued).items() if value}
    return {
        "decree": _decree(issued, {measure.id: measure.listed for measure in measures})
        | {"in_force_on": in_force_on.isoformat()},
        **head,
        "departments": {"departments": [_department(row) for row in departments]},
        "missions": _with_provenance("missions", [_mission(mission) for mission in missions]),
        "staff": {
            "categories": [_of(CategoryForm, one) | {"key": one.category} for one in competences],
            **_with_provenance("persons", [_known(PersonForm, row) for row in began_with]),
        },
    }


def _began_with(
    staff: Iterable[Row], measures: Iterable[Measure], missions: Iterable[Mission], binds_on: date
) -> list[Row]:
    """Leave out whom no import would take, since they came to their missions after the decree bound.

    Of whom no day is told the decree found them there.
    """
    planned = {one.id for one in missions if one.registered is not None and one.registered.planned}
    closing = {one.listed.mission for one in measures if closes(one.listed)}

    def came_later(row: Row) -> bool:
        day = row.get("posted_on")
        since = day is not None and date.fromisoformat(day) >= binds_on
        return row["mission"] in planned or (row["mission"] in closing and since)

    return [row for row in staff if not came_later(row)]


def _of(form: type[BaseModel], fact: BaseModel) -> Content:
    """Return what a fact has for the fields of a form."""
    return _known(form, fact.model_dump(mode="json"))


def _known(form: type[BaseModel], values: Row) -> Content:
    return {name: values[name] for name in form.model_fields if name in values}


def _decree(issued: DecreeIssued, rows: Mapping[str, MeasureListed]) -> Content:
    content = _of(DecreeForm, issued)
    return content | {
        "signed_on": content["signed_on"] or UNKNOWN,
        "articles": [_article(article, rows) for article in issued.articles],
        "obligations": [_obligation(obligation) for obligation in issued.obligations],
    }


def _article(article: Article, rows: Mapping[str, MeasureListed]) -> Content:
    content: Content = {"article": article.article, "text": article.text.model_dump()}
    listed = [_row(rows[id]) for id in article.measures if id in rows]
    return content | {"rows": listed} if listed else content


def _row(listed: MeasureListed) -> Content:
    content = _of(RowForm, listed) | {"kind": listed.measure_kind.value}
    for name in ("receiver", "target", "note"):
        if content[name] is None:
            del content[name]
    if listed.measure_kind.needs_receiver:
        content["receiver"] = listed.receiver or UNKNOWN
    return content | {"mission": listed.mission or UNKNOWN}


def _obligation(obligation: Obligation) -> Content:
    return {name: value for name, value in _of(ObligationForm, obligation).items() if value is not None}


def _department(row: Row) -> Content:
    content = _known(DepartmentForm, {**row, "key": row["id"]})
    return {name: value for name, value in content.items() if value is not None}


def _mission(mission: Mission) -> Content:
    registered = mission.registered
    assert registered is not None, "a row names missions that are registered"
    content = {name: value for name, value in _of(MissionForm, registered).items() if value is not None}
    return content | {"id": mission.id, "kind": registered.mission_kind.value}


def _with_provenance(name: str, entries: list[Content]) -> Content:
    """Tell the commonest provenance once, and another with each that has it."""
    counted = Counter(entry["provenance"] for entry in entries)
    usual = counted.most_common(1)[0][0] if counted else "sourced"
    for entry in entries:
        if entry["provenance"] == usual:
            del entry["provenance"]
    return {"provenance": usual, name: entries}
