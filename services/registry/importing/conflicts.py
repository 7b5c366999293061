"""What the registry already knows otherwise; found before any step of an import is taken."""

from collections.abc import Iterator

from services.registry.decree import Decree
from services.registry.department import Department
from services.registry.department.signing import knows_otherwise
from services.registry.importing.days import posting_ahead
from services.registry.importing.facts import competences_of, is_decree_of, measures_of, mission_of
from services.registry.importing.posted import establishment_conflicts, posting_conflict
from services.registry.measure import Measure
from services.registry.mission import Mission, MissionState
from services.registry.organisation import MINISTRY, Organisation
from services.registry.reading import Reading
from services.registry.staff import StaffMember
from shared.contracts.registry import MeasureKind, Sides
from shared.domain import Moment, Text
from shared.dossier.findings import missing
from shared.dossier.form import DepartmentsForm, Dossier
from shared.dossier.problems import Problem


def find_conflicts(dossier: Dossier, reading: Reading, moment: Moment) -> list[Problem]:
    """Return every part of the dossier that what is stored does not allow, or that is still to come."""
    return [
        *conflicts_beside(dossier, reading, moment),
        *_decree(dossier, reading),
        *_orders(dossier, reading),
    ]


def conflicts_beside(dossier: Dossier, reading: Reading, moment: Moment) -> list[Problem]:
    """Return those that are not the decree's own: they can be told even where it contradicts itself."""
    return [
        *department_conflicts(dossier.departments, reading),
        *_missions(dossier, reading),
        *_staff(dossier, reading, moment),
    ]


def department_conflicts(form: DepartmentsForm, reading: Reading) -> Iterator[Problem]:
    """Return the departments that are known under another name, or to sign for others."""
    for index, department in enumerate(form.departments):
        known = reading.get(Department, department.key)
        if known.exists and known.name != department.name:
            yield _known_otherwise("departments", f"departments.{index}", department.key)
        if department.signs is not None and knows_otherwise(known, department.signs):
            yield _signs_otherwise(f"departments.{index}.signs", known, department.signs)


def _missions(dossier: Dossier, reading: Reading) -> Iterator[Problem]:
    for index, form in enumerate(dossier.missions.missions):
        known = reading.get(Mission, form.id)
        if known.exists and known.registered != mission_of(dossier, form):
            yield _known_otherwise("missions", f"missions.{index}", form.id)


def _decree(dossier: Dossier, reading: Reading) -> Iterator[Problem]:
    known = reading.get(Decree, dossier.decree.id)
    if known.issued is not None and not is_decree_of(known.issued, dossier):
        yield _known_otherwise("decree", "decree", dossier.decree.id)
    for id, row in measures_of(dossier):
        listed = reading.get(Measure, id)
        if listed.exists and listed.row != row:
            yield _known_otherwise("decree", f"decree.articles, row {row.row}", id)


def _orders(dossier: Dossier, reading: Reading) -> Iterator[Problem]:
    for id, row in measures_of(dossier):
        if reading.get(Measure, id).exists:
            continue
        path = f"decree.articles, row {row.row}"
        for named in (row.mission, row.receiver):
            mission = None if named is None else reading.get(Mission, named)
            if mission is None:
                continue
            if mission.state is MissionState.UNKNOWN:
                if not dossier.missions.missions:
                    yield _unknown("decree", path, mission.id)
                continue
            opens = row.measure_kind is MeasureKind.OPEN and named == row.mission
            if (mission.state is MissionState.OPEN) is opens or mission.state is MissionState.CLOSING:
                yield _not_open("decree", path, mission)
            elif mission.receives and row.measure_kind.closes_mission and named == row.mission:
                yield _still_receiving("decree", path, mission)


def _staff(dossier: Dossier, reading: Reading, moment: Moment) -> Iterator[Problem]:
    organisation = reading.get(Organisation, MINISTRY)
    for index, competence in enumerate(competences_of(dossier)):
        if organisation.knows_otherwise(competence):
            yield _known_otherwise("staff", f"categories.{index}", competence.category)
    for index, person in enumerate(dossier.staff.persons):
        new = not reading.get(StaffMember, person.id).exists
        if new and (conflict := posting_conflict(dossier, index, reading, moment)) is not None:
            yield conflict
        if new and (ahead := posting_ahead(person.posted_on, moment)) is not None:
            what, remedy = ahead
            yield Problem(file="staff", path=f"persons.{index}.posted_on", what=what, remedy=remedy)
    yield from establishment_conflicts(dossier, reading)


def _known_otherwise(file: str, path: str, id: str) -> Problem:
    return Problem(
        file=file,
        path=path,
        what=Text(en=f"{id} is already stored with other content.", ar=f"{id} مخزَّن بمحتوى آخر."),
        remedy=Text(
            en="Send it as it was imported, or under another key.",
            ar="أرسله كما استورد، أو بمفتاح آخر.",
        ),
    )


def _signs_otherwise(path: str, known: Department, told: Sides) -> Problem:
    stored, sent = (", ".join(sides) or "-" for sides in (known.signs or (), told))
    return Problem(
        file="departments",
        path=path,
        what=Text(
            en=f"{known.id} is stored as signing for: {stored}. The dossier says: {sent}.",
            ar=f"المخزَّن أن {known.id} توقّع عن: {stored}. وفي الملف: {sent}.",
        ),
        remedy=Text(
            en=f"Write what is stored, or change it first (PUT /departments/{known.id}/signs).",
            ar=f"اكتب ما هو مخزَّن، أو غيّره أولًا (PUT /departments/{known.id}/signs).",
        ),
    )


def _unknown(file: str, path: str, mission: str) -> Problem:
    return missing(path, "mission", mission, "missions").model_copy(update={"file": file})


def _not_open(file: str, path: str, mission: Mission) -> Problem:
    return Problem(
        file=file,
        path=path,
        what=Text(
            en=f"The mission {mission.id} is {mission.state.value} already.",
            ar=f"البعثة {mission.id} حالتها {mission.state.value} من قبل.",
        ),
        remedy=Text(en="Leave it out.", ar="احذفه."),
    )


def _still_receiving(file: str, path: str, mission: Mission) -> Problem:
    merging = ", ".join(sorted(mission.receives.values()))
    return Problem(
        file=file,
        path=path,
        what=Text(
            en=f"The mission {mission.id} is still receiving {merging}.",
            ar=f"ما زالت البعثة {mission.id} تستقبل {merging}.",
        ),
        remedy=Text(en="Import it when that is done.", ar="استورده بعد إتمام الضم."),
    )
