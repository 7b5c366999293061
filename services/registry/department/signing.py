"""For which sides of a closing a department signs the minutes: declared, never assumed."""

from collections.abc import Iterable

from services.registry.department.department import Department
from services.registry.department.refusals import SigningKnownOtherwise
from services.registry.organisation import Organisation
from shared.contracts.registry import DepartmentSigningDeclared, SigningSide, each_once
from shared.domain import Moment


def declare_signing(
    department: Department,
    organisation: Organisation,
    signs: Iterable[SigningSide],
    reference: str | None,
    moment: Moment,
) -> None:
    """Declare the sides for which the department signs, instead of those of before.

    The same sides are news only as of an earlier moment: it has signed for them since then, and that was
    entered too late (decision 0032). No declaration goes back before that of other sides. What was signed
    by an earlier declaration stays signed.
    """
    department.must_exist()
    sides, since = each_once(signs), department.signs_since
    if department.signs == sides:
        if since is None or moment.effective_at >= since:
            return
        moment.must_not_precede(department.signs_after, department.id)
    else:
        moment.must_not_precede(since, department.id)
    declared = DepartmentSigningDeclared(signs=sides, former=department.signs, reference=reference)
    department.record(declared, moment)
    organisation.note_signing(department.id, sides, moment)


def declare_signing_of_dossier(
    department: Department, organisation: Organisation, signs: Iterable[SigningSide], moment: Moment
) -> None:
    """Declare what a dossier says where nothing is declared; what is declared is left to people."""
    if knows_otherwise(department, signs):
        raise SigningKnownOtherwise(department=department.id)
    if department.signs is None:
        declare_signing(department, organisation, signs, None, moment)


def knows_otherwise(department: Department, signs: Iterable[SigningSide]) -> bool:
    """Whether other sides are declared than these."""
    return department.signs not in (None, each_once(signs))
