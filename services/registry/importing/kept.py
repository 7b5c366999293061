"""People of whom a file says another posting than stands: nobody is moved by a file, and that is told."""

from collections.abc import Iterator, Sequence

from services.registry.importing.step import Answer
from services.registry.reading import Reading
from services.registry.staff import StaffMember
from shared.dossier.form import PersonForm
from shared.dossier.lists import ListedPerson


def kept_of_list(persons: Sequence[ListedPerson], reading: Reading) -> list[Answer]:
    """Tell of whom a list says another posting than stands, by row."""
    return [{"row": row} | told for row, told in _kept(((one.row, one.form) for one in persons), reading)]


def kept_of_dossier(persons: Sequence[PersonForm], reading: Reading) -> list[Answer]:
    """Tell of whom a dossier says another posting than stands, by path."""
    return [{"path": f"persons.{n}"} | told for n, told in _kept(enumerate(persons), reading)]


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
