"""Whatever is imported comes back from an export: dossiers of the example's parts, and lists of missions."""

from pathlib import Path
from typing import Any, cast

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.decree import Decree
from services.registry.department import Department
from services.registry.exporting.dossiers import dossier_content, missions_named
from services.registry.exporting.lists import mission_values
from services.registry.importing import phases
from services.registry.importing.facts import (
    competences_of,
    decree_of,
    described,
    measures_of,
    mission_of,
)
from services.registry.measure import Measure
from services.registry.mission import Mission
from services.registry.staff import StaffMember
from services.registry.views.missions import MissionsView
from shared.contracts.registry import Confidence, MeasureKind, MissionKind, Provenance, SigningSide
from shared.dossier import check, read_folder
from shared.dossier.form import Dossier, MissionForm
from shared.dossier.lists import CSV, XLSX, read_missions, write
from shared.dossier.lists.missions import COLUMNS
from tests.unit.registry.folding import fold
from tests.unit.registry.world import World

EXAMPLE = read_folder(Path(__file__).parents[2] / "examples" / "decree-298-2025").dossier
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x6FF, exclude_categories=["Cs", "Cc", "Cn"]))
TEXTS = st.builds(
    lambda en, ar: {"en": en, "ar": ar},
    WORDS.map(lambda word: f"n{word.strip()}"),
    st.sampled_from([None, "=1", "'@x", "روما", "a;b", 'a "b", c']),
)
TARGETS = {
    MeasureKind.DOWNGRADE: {"mission_kind": "consulate"},
    MeasureKind.RELOCATE: {"city": {"en": "Elsewhere"}},
    MeasureKind.REDUCE_STAFF: {"posts": 3},
}


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """Some rows of the example, of any kinds, with the missions that they name and whoever is there."""
    content: dict[str, Any] = EXAMPLE.model_dump(mode="json", exclude_unset=True)
    decree = content["decree"]
    decree["signed_on"] = draw(st.sampled_from(["unknown", "2025-04-29"]))
    decree["obligations"] = draw(st.sampled_from([[], decree["obligations"]]))
    decree["objectives"] = decree["objectives"][: draw(st.integers(0, 4))]
    for department in content["departments"]["departments"]:
        signs = draw(st.none() | st.lists(st.sampled_from(SigningSide), max_size=3))
        department |= {"signs": signs}
    rows = [row for row in decree["articles"][1]["rows"] if draw(st.booleans())]
    for row in rows:
        row["kind"] = kind = draw(st.sampled_from([MeasureKind.MERGE, *MeasureKind]))
        if kind is not MeasureKind.MERGE:
            row.pop("receiver", None)
        if kind in TARGETS and draw(st.booleans()):
            row["target"] = TARGETS[kind]
    decree["articles"][1]["rows"] = rows
    content["procedure"] = draw(st.sampled_from([None, "closing"]))
    named = {row.get(part) for row in rows for part in ("mission", "receiver")}
    missions = [one for one in content["missions"]["missions"] if one["id"] in named]
    persons = [one for one in content["staff"]["persons"] if one["mission"] in named]
    for one in [*missions, *persons]:
        one["provenance"] = draw(st.sampled_from([None, *Provenance]))
    content["missions"]["missions"], content["staff"]["persons"] = missions, persons
    return Dossier.model_validate(content)


def stored(dossier: Dossier) -> World:
    """Everything that an import enters before anything is ordered."""
    world = World()
    for steps in phases(dossier, world.moment.recorded_at):
        for step in steps:
            step.decide(cast(Any, world))
    return world


def exported(dossier: Dossier, world: World) -> Dossier:
    decree = world.get(Decree, dossier.decree.id)
    measures = [world.get(Measure, id) for id, _ in measures_of(dossier)]
    missions = [world.get(Mission, id) for id in missions_named(measures)]
    posted = [member for member in world.known.values() if isinstance(member, StaffMember)]
    told = {one.id: one.provenance or dossier.staff.provenance for one in dossier.staff.persons}
    staff = [
        {"id": one.id, "mission": one.mission, "category": one.category, "provenance": told[one.id].value}
        for one in posted
    ]
    keys = [one.key for one in dossier.departments.departments]
    departments = [_department(world.get(Department, key)) for key in keys]
    content = dossier_content(decree, measures, departments, missions, competences_of(dossier), staff)
    return Dossier.model_validate_json(orjson.dumps(content), strict=True)


def _department(known: Department) -> dict[str, Any]:
    """The row of a department, as far as it is exported."""
    assert known.name is not None
    return {"id": known.id, "name": known.name.model_dump(), "signs": known.signs}


@settings(max_examples=30, deadline=None)
@given(dossiers())
def test_a_dossier_comes_back_as_the_same_facts(dossier: Dossier) -> None:
    assert check(dossier) == []
    read = exported(dossier, stored(dossier))
    assert check(read) == []
    assert decree_of(read) == decree_of(dossier)
    assert list(measures_of(read)) == list(measures_of(dossier))
    assert read.decree.in_force_on == dossier.decree.in_force_on
    assert {one.id: mission_of(read, one) for one in read.missions.missions} == {
        one.id: mission_of(dossier, one) for one in dossier.missions.missions
    }
    assert competences_of(read) == competences_of(dossier)
    assert read.departments.departments == dossier.departments.departments
    assert postings(read) == postings(dossier)


def postings(dossier: Dossier) -> dict[str, tuple[str, str, Provenance]]:
    return {
        one.id: (one.mission, one.category, one.provenance or dossier.staff.provenance)
        for one in dossier.staff.persons
    }


MISSIONS = st.builds(
    lambda **parts: MissionForm.model_validate(parts),
    id=st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True),
    kind=st.sampled_from(MissionKind),
    name=TEXTS,
    city=TEXTS,
    host=st.sampled_from(["VA", "IT", "NA"]),
    accreditations=st.lists(st.sampled_from(["MT", "SM", "NO"]), unique=True).map(tuple),
    confidence=st.sampled_from(Confidence),
    planned=st.booleans(),
    posts=st.none() | st.integers(0, 10_000),
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(MISSIONS, st.sampled_from(Provenance)), unique_by=lambda one: one[0].id, max_size=6),
    st.sampled_from([CSV, XLSX]),
    st.booleans(),
)
def test_missions_come_back_from_a_list(
    missions: list[tuple[MissionForm, Provenance]], media_type: str, arabic: bool
) -> None:
    happened = [(f"mission.{form.id}", described(form, provenance)) for form, provenance in missions]
    rows = fold(MissionsView(), *happened)
    raw = write(COLUMNS, [mission_values(rows[form.id]) for form, _ in missions], media_type, arabic)
    read = read_missions(raw, media_type)
    assert read.problems == ()
    assert [(one.form, one.provenance) for one in read.missions] == missions
