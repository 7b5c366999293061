"""The steps of an import, in an order in which each finds what it needs."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from pydantic import BaseModel

from services.registry.days import come, has_come
from services.registry.decree import Decree
from services.registry.department import Department
from services.registry.importing.departments import department_phases
from services.registry.importing.facts import (
    competences_of,
    decree_of,
    is_decree_of,
    measures_of,
    mission_of,
)
from services.registry.importing.step import Answer, Step
from services.registry.measure import Measure, MeasureState
from services.registry.measure.ordering import order_as_decreed
from services.registry.mission import Mission
from services.registry.organisation import MINISTRY, Organisation
from services.registry.staff import StaffMember
from shared.contracts.registry import MeasureListed, MissionRegistered
from shared.dossier.form import CategoryForm, Dossier, PersonForm
from shared.eventstore.command import Turn


def phases(dossier: Dossier, now: datetime) -> Iterator[list[Step]]:
    """Return the steps that enter a dossier; those of one phase do not need each other.

    A decree whose day has not come yet does not enter into force: a step for that would be answered as it was
    when the import is repeated.
    """
    found_on = come(dossier.decree.announced_on, now)
    yield from department_phases(dossier.departments, found_on)
    yield list(_missions(dossier, found_on))
    if dossier.staff.categories:
        yield [_competences(dossier)]
    categories = {category.key: category for category in dossier.staff.categories}
    yield [_posting(dossier, one, categories[one.category], found_on) for one in dossier.staff.persons]
    yield [_issue(dossier, found_on)]
    if has_come(binds_on(dossier), now):
        yield [_enter_into_force(dossier)]
    yield [_listing(id, row, found_on) for id, row in measures_of(dossier)]


def binds_on(dossier: Dossier) -> date:
    """The day from which the decree binds: never before it is announced."""
    return max(dossier.decree.announced_on, dossier.decree.in_force_on)


def order_steps(dossier: Dossier, seen: Mapping[str, int], now: datetime) -> list[Step]:
    """Order every row, since the decree binds; `seen` has the version of each measure as it was looked at.

    The version is part of the step's id: a row that was blocked and has become known since is decided
    anew by a repeated import, and not answered as it was then.
    """
    day = come(binds_on(dossier), now)
    return [_ordering(id, row, seen[id], day) for id, row in measures_of(dossier)]


def _bytes(model: BaseModel) -> bytes:
    return model.model_dump_json().encode()


def _missions(dossier: Dossier, found_on: date | None) -> Iterator[Step]:
    for form in dossier.missions.missions:
        yield mission_step(dossier.decree.id, form.id, mission_of(dossier, form), found_on)


def mission_step(of: str, id: str, description: MissionRegistered, found_on: date | None = None) -> Step:
    """Register a mission; one of a dossier is what the decree found on the day of its announcement."""

    def decide(turn: Turn) -> Answer:
        turn.get(Mission, id).register(description, turn.moment)
        return {}

    return Step(of, "register", Mission, id, _bytes(description), decide, otherwise_on=found_on)


def _competences(dossier: Dossier) -> Step:
    competences = competences_of(dossier)

    def decide(turn: Turn) -> Answer:
        turn.get(Organisation, MINISTRY).declare(competences, turn.moment)
        return {}

    content = b"\n".join(_bytes(one) for one in competences)
    return Step(dossier.decree.id, "declare", Organisation, MINISTRY, content, decide)


def _posting(dossier: Dossier, person: PersonForm, category: CategoryForm, found_on: date | None) -> Step:
    def decide(turn: Turn) -> Answer:
        member = turn.get(StaffMember, person.id)
        authority, mission = turn.get(Department, category.authority), turn.get(Mission, person.mission)
        organisation = turn.get(Organisation, MINISTRY)
        if not member.exists:
            provenance = person.provenance or dossier.staff.provenance
            member.post(
                mission,
                category.key,
                authority,
                organisation,
                provenance,
                turn.moment,
                posted_on=person.posted_on,
            )
        return {}

    content, of = _bytes(person) + _bytes(category), dossier.decree.id
    return Step(of, "post", StaffMember, person.id, content, decide, person.posted_on, found_on)


def _issue(dossier: Dossier, announced_on: date | None) -> Step:
    draft = decree_of(dossier)

    def decide(turn: Turn) -> Answer:
        decree = turn.get(Decree, dossier.decree.id)
        if decree.issued is None or not is_decree_of(decree.issued, dossier):
            decree.issue(draft, turn.moment)
        return {}

    id = dossier.decree.id
    return Step(id, "issue", Decree, id, _bytes(draft), decide, announced_on)


def _enter_into_force(dossier: Dossier) -> Step:
    form = dossier.decree

    def decide(turn: Turn) -> Answer:
        decree = turn.get(Decree, form.id)
        if not decree.entered_into_force:
            decree.enter_into_force(form.in_force_on, turn.moment)
        return {}

    content = form.in_force_on.isoformat().encode()
    return Step(form.id, "enter-into-force", Decree, form.id, content, decide, binds_on(dossier))


def _listing(id: str, row: MeasureListed, announced_on: date | None) -> Step:
    def decide(turn: Turn) -> Answer:
        measure, decree = turn.get(Measure, id), turn.get(Decree, row.decree)
        for named in (row.mission, row.receiver):
            if named is not None:
                turn.get(Mission, named).must_exist()
        if measure.row != row:
            measure.list_in(decree, row, turn.moment)
        return {}

    return Step(row.decree, "list", Measure, id, _bytes(row), decide, otherwise_on=announced_on)


def _ordering(id: str, row: MeasureListed, version: int, day: date | None) -> Step:
    def decide(turn: Turn) -> Answer:
        measure = turn.get(Measure, id)
        if measure.state is MeasureState.LISTED:
            order_as_decreed(turn, measure, turn.moment)
        return {}

    content = _bytes(row) + f"\n{version}".encode()
    return Step(row.decree, "order", Measure, id, content, decide, otherwise_on=day)
