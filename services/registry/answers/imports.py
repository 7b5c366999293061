"""What is told of imports, and of what they would do."""

from datetime import date

from pydantic import AwareDatetime

from services.registry.measure import MeasureState
from services.registry.staff.state import StaffState
from shared.contracts.registry import SigningSide
from shared.contracts.text import Text
from shared.dossier.problems import Problem
from shared.web import AnswerModel, sometimes


class Imported(AnswerModel):
    """How many aggregates of each kind came into being, and how many were there before."""

    created: dict[str, int]
    known: dict[str, int]


class Mistake(AnswerModel, Problem):
    """One thing to mend in what was sent: where, what and how."""


class ImportForeseen(Imported):
    """What an import would do now, as of a position, and what is wrong with it."""

    position: int
    problems: list[Mistake]
    changed: dict[str, int]


class NotOrdered(AnswerModel):
    """A measure that could not be ordered, and the problem that keeps it."""

    measure: str
    state: MeasureState
    reason: str
    detail: Text


class Unplanned(AnswerModel):
    """What no procedure is for that is adopted: obligations by key, measures by id.

    The procedures that nobody adopted are named, and those of which `tasks` could not be asked.
    """

    obligations: list[str]
    measures: list[str]
    not_adopted: list[str]
    not_known: list[str]


class Kept(AnswerModel):
    """Somebody of whom the file says another posting than stands; nobody is moved."""

    staff: str
    state: StaffState
    mission: str | None
    posted_on: date | None


class KeptOfDossier(Kept):
    """And where the dossier says so."""

    path: str


class KeptOfList(Kept):
    """And in which row of the list."""

    row: int


class SigningKept(AnswerModel):
    """A department that signs what the file says, but by a declaration of a later day than the file's."""

    path: str
    department: str
    signs: list[SigningSide]
    since: AwareDatetime
    says_since: AwareDatetime


class DepartmentsImported(Imported):
    """Departments that were entered, and whose declarations to sign stand as they are."""

    signing_kept: list[SigningKept]


class DossierImported(Imported):
    """A decree that was imported, and how its measures stand."""

    decree: str
    measures: dict[MeasureState, int]
    not_ordered: list[NotOrdered]
    unplanned: Unplanned
    kept: list[KeptOfDossier]
    signing_kept: list[SigningKept]


class DossierForeseen(ImportForeseen):
    """What importing a dossier would do; where there are problems, they alone are told."""

    decree: str | None = sometimes()
    measures: dict[MeasureState, int] | None = sometimes()
    not_ordered: list[NotOrdered] | None = sometimes()
    unplanned: Unplanned | None = sometimes()
    kept: list[KeptOfDossier] | None = sometimes()
    signing_kept: list[SigningKept] | None = sometimes()


class PersonalCounted(AnswerModel):
    """Of how many people data is recorded, and of how many the same was known."""

    recorded: int
    same: int


class StaffImported(Imported):
    """People who were posted by a list."""

    kept: list[KeptOfList]
    personal: PersonalCounted


class StaffForeseen(ImportForeseen):
    """What importing a list of staff would do."""

    kept: list[KeptOfList]
    personal: PersonalCounted
