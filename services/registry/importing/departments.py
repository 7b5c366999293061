"""Departments as steps of an import; they belong to no decree."""

from collections.abc import Iterator

from services.registry.department import Department
from services.registry.department.signing import declare_signing_of_dossier
from services.registry.importing.step import Answer, Step
from services.registry.organisation import MINISTRY, Organisation
from shared.contracts.registry import SigningSide
from shared.domain import Text
from shared.dossier.form import DepartmentsForm
from shared.eventstore.command import Turn

OF = "departments"


def department_phases(form: DepartmentsForm) -> Iterator[list[Step]]:
    """Register departments, then declare for whom those sign of which it is said."""
    yield [_registering(department.key, department.name) for department in form.departments]
    signing = [(one.key, one.signs) for one in form.departments if one.signs is not None]
    if signing:
        yield [_signing(key, signs) for key, signs in signing]


def _registering(key: str, name: Text) -> Step:
    def decide(turn: Turn) -> Answer:
        turn.get(Department, key).register(name, turn.moment)
        return {}

    return Step(OF, "register", Department, key, name.model_dump_json().encode(), decide)


def _signing(key: str, signs: tuple[SigningSide, ...]) -> Step:
    def decide(turn: Turn) -> Answer:
        department, ministry = turn.get(Department, key), turn.get(Organisation, MINISTRY)
        declare_signing_of_dossier(department, ministry, signs, turn.moment)
        return {}

    return Step(OF, "declare-signing", Department, key, " ".join(signs).encode(), decide)
