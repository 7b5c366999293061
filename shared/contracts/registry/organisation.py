"""Departments, and which authority decides on which category of staff."""

from shared.contracts.identity import Token
from shared.contracts.registry.base import Fact, RegistryEvent
from shared.contracts.text import Text


class DepartmentRegistered(RegistryEvent, type="department.registered"):
    """A department, or an authority outside the ministry, became known under its key."""

    name: Text


class Competence(Fact):
    """The authority (a department's key) that alone decides on the postings of a category of staff.

    A posting lasts `cap_months` at most, without end where that is None; from `warn_days` calendar days
    before its last day on, that is near. One extension moves the last day by `extension_months` at most.
    """

    category: Token
    title: Text
    authority: Token
    cap_months: int | None = 48
    warn_days: int = 90
    extension_months: int = 12


class CompetencesDeclared(RegistryEvent, type="organisation.competences-declared"):
    """It was declared which authorities decide on these categories, in addition to those of before."""

    competences: tuple[Competence, ...]
