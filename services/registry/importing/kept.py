"""What stays as it stands though a file says otherwise: a file moves nobody and nothing, and that is told."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from services.registry.days import beginning_of
from services.registry.department import Department
from services.registry.importing.step import Answer
from services.registry.organisation.declared import declared_at
from services.registry.reading import Reading
from services.registry.staff import StaffMember
from shared.contracts.meta import rfc3339
from shared.contracts.registry import SigningSide, each_once
from shared.dossier.form import DepartmentsForm, PersonForm
from shared.dossier.lists import ListedPerson


def kept_of_list(persons: Sequence[ListedPerson], reading: Reading) -> list[Answer]:
    """Tell of whom a list says another posting than stands, by row."""
    return [{"row": row} | told for row, told in _kept(((one.row, one.form) for one in persons), reading)]


def kept_of_dossier(persons: Sequence[PersonForm], reading: Reading) -> list[Answer]:
    """Tell of whom a dossier says another posting than stands, by path."""
    return [{"path": f"persons.{n}"} | told for n, told in _kept(enumerate(persons), reading)]


def kept_signing(
    form: DepartmentsForm, reading: Reading, found_on: date | None, said: datetime | None
) -> list[Answer]:
    """Tell of which departments the sides stand that a file says, but not yet on the day of which it does.

    That day is the one that is `said`, or else the one on which a decree finds them; without either it is
    now, when what stands does.
    """
    of = beginning_of(found_on) if said is None and found_on is not None else said
    if of is None:
        return []
    kept = []
    for number, one in enumerate(form.departments):
        known = reading.get(Department, one.key)
        if one.signs is not None and _signs_only_since(known, each_once(one.signs), of):
            stands = {"department": known.id, "signs": list(one.signs), "since": _told(known.signs_since)}
            kept.append({"path": f"departments.{number}.signs"} | stands | {"says_since": rfc3339(of)})
    return kept


def _signs_only_since(known: Department, signs: tuple[SigningSide, ...], of: datetime) -> bool:
    """Whether a department signs for these sides now, and did not at a moment of which a file says so."""
    then = declared_at(known.signing, of)
    return known.signs == signs and (then is None or then.signs != signs)


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)


def _kept(persons: Iterator[tuple[int, PersonForm]], reading: Reading) -> Iterator[tuple[int, Answer]]:
    for number, form in persons:
        member = reading.get(StaffMember, form.id)
        if member.exists and _says_otherwise(form, member):
            began = (
                None if member.mission is None or member.stepped_on is None else member.stepped_on.isoformat()
            )
            told = {"staff": member.id, "state": member.state.value, "mission": member.mission}
            yield number, told | {"posted_on": began}


def _says_otherwise(form: PersonForm, member: StaffMember) -> bool:
    """Whether that is another posting than the present one; a day that is not told says nothing."""
    if (member.mission, member.category) != (form.mission, form.category):
        return True
    return form.posted_on not in (None, member.stepped_on)
