"""Lists of staff as steps, and what stands against them, row by row; pure."""

from collections.abc import Iterable, Iterator

from services.registry.department import Department
from services.registry.importing.days import IS_TO_COME, NOT_BORN, posting_ahead
from services.registry.importing.step import Answer, Step
from services.registry.mission import Mission
from services.registry.organisation import MINISTRY, Organisation
from services.registry.reading import Reading
from services.registry.staff import StaffMember
from services.registry.staff.person import PersonalData, is_born
from shared.domain import Moment, Text
from shared.dossier.lists import ListedPerson
from shared.dossier.lists.tables import problem_at
from shared.dossier.problems import Problem
from shared.eventstore.command import Turn

STAFF = "staff"


def posting_steps(persons: Iterable[ListedPerson]) -> list[Step]:
    """Post the people who are not known; whoever is known stays where they are."""
    return [_posting(person) for person in persons]


def _posting(person: ListedPerson) -> Step:
    form = person.form

    def decide(turn: Turn) -> Answer:
        member, mission = turn.get(StaffMember, form.id), turn.get(Mission, form.mission)
        organisation = turn.get(Organisation, MINISTRY)
        authority = turn.get(Department, organisation.competent_for(form.category))
        if not member.exists:
            member.post(
                mission,
                form.category,
                authority,
                organisation,
                person.provenance,
                turn.moment,
                posted_on=form.posted_on,
            )
        return {}

    content = f"{form.model_dump_json()}\n{person.provenance}".encode()
    return Step(STAFF, "post", StaffMember, form.id, content, decide, form.posted_on)


def staff_conflicts(persons: Iterable[ListedPerson], reading: Reading, moment: Moment) -> list[Problem]:
    """Return the rows that name what is not there, a day still to come, or somebody whose data was erased.

    Of a row in which something is wrong the rest is judged all the same.
    """
    return [found for person in persons for found in _conflicts(person, reading, moment)]


def _conflicts(person: ListedPerson, reading: Reading, moment: Moment) -> Iterator[Problem]:
    if "category" not in person.wrong:
        yield from _competence_conflicts(person, reading)
    if "mission" not in person.wrong and not reading.get(Mission, person.form.mission).exists:
        yield problem_at(
            STAFF,
            person.row,
            "mission",
            Text(
                en=f"There is no mission {person.form.mission}.",
                ar=f"لا توجد بعثة باسم {person.form.mission}.",
            ),
            Text(en="Import it first, or correct the name.", ar="استوردها أولًا أو صحح الاسم."),
        )
    member = None if "id" in person.wrong else reading.get(StaffMember, person.form.id)
    new = member is None or not member.exists
    if new and (ahead := posting_ahead(person.form.posted_on, moment)) is not None:
        yield problem_at(STAFF, person.row, "posted_on", *ahead)
    if not is_born(person.personal, moment):
        yield problem_at(STAFF, person.row, "born_on", IS_TO_COME, NOT_BORN)
    if person.personal and member is not None and member.personal_data is PersonalData.ERASED:
        yield problem_at(
            STAFF,
            person.row,
            "id",
            Text(
                en=f"The personal data of {member.id} was erased for good.",
                ar=f"مُحيت البيانات الشخصية للموظف {member.id} نهائيًا.",
            ),
            Text(
                en="Leave the personal columns of this row empty.", ar="اترك الأعمدة الشخصية لهذا الصف فارغة."
            ),
        )


def _competence_conflicts(person: ListedPerson, reading: Reading) -> Iterator[Problem]:
    competences = reading.get(Organisation, MINISTRY).competences
    category, row = person.form.category, person.row
    competence = competences.get(category)
    competent = None if competence is None else competence.authority
    if competent is None:
        yield problem_at(
            STAFF,
            row,
            "category",
            Text(
                en=f"No authority is declared for the category {category}.",
                ar=f"لم تُحدد جهة مختصة للفئة {category}.",
            ),
            Text(en="Correct it; a dossier declares categories.", ar="صححها؛ فالفئات يعلنها ملف القرار."),
        )
    elif person.authority not in (None, competent):
        yield problem_at(
            STAFF,
            row,
            "authority",
            Text(
                en=f"{competent} is competent for {category}.",
                ar=f"الجهة المختصة بالفئة {category} هي {competent}.",
            ),
            Text(en="Correct it, or leave it empty.", ar="صححها أو اتركها فارغة."),
        )
