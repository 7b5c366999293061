"""Departments as steps of an import; they belong to no decree."""

from collections.abc import Iterator
from datetime import date

from services.registry.department import Department
from services.registry.department.signing import declare_signing_of_dossier
from services.registry.importing.step import Answer, Step
from services.registry.organisation import MINISTRY, Organisation
from shared.contracts.registry import SigningSide
from shared.domain import Text
from shared.dossier.form import DepartmentsForm
from shared.eventstore.command import Turn

OF = "departments"


def department_phases(form: DepartmentsForm, found_on: date | None = None) -> Iterator[list[Step]]:
    """Register departments, then declare for whom those sign of which it is said.

    A decree finds them there on the day `found_on`, whenever they are entered (decision 0035).
    """
    yield [_registering(department.key, department.name, found_on) for department in form.departments]
    signing = [(one.key, one.signs) for one in form.departments if one.signs is not None]
    if signing:
        yield [_signing(key, signs, found_on) for key, signs in signing]


def _registering(key: str, name: Text, found_on: date | None) -> Step:
    def decide(turn: Turn) -> Answer:
        turn.get(Department, key).register(name, turn.moment)
        return {}

    content = name.model_dump_json().encode()
    return Step(OF, "register", Department, key, content, decide, otherwise_on=found_on)


def _signing(key: str, signs: tuple[SigningSide, ...], found_on: date | None) -> Step:
    def decide(turn: Turn) -> Answer:
        department, ministry = turn.get(Department, key), turn.get(Organisation, MINISTRY)
        declare_signing_of_dossier(department, ministry, signs, turn.moment)
        return {}

    content = " ".join(signs).encode()
    return Step(OF, "declare-signing", Department, key, content, decide, otherwise_on=found_on)
