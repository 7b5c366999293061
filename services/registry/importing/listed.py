"""Lists of missions and staff as steps, and what stands against them, row by row; pure."""

from collections.abc import Iterable, Iterator, Sequence

from services.registry.department import Department
from services.registry.importing.facts import described
from services.registry.importing.plan import Answer, Step, mission_step
from services.registry.mission import Mission, MissionState
from services.registry.organisation import MINISTRY, Organisation
from services.registry.reading import Reading
from services.registry.staff import StaffMember
from services.registry.staff.person import PersonalData
from shared.contracts.registry import MissionRegistered
from shared.domain import Text
from shared.dossier.lists import ListedMission, ListedPerson
from shared.dossier.lists.missions import OVER
from shared.dossier.lists.tables import problem_at
from shared.dossier.problems import Problem
from shared.eventstore.command import Turn

MISSIONS, STAFF = "missions", "staff"

_COLUMNS = {
    "mission_kind": "kind",
    "name": "name_en",
    "host": "host",
    "city": "city_en",
    "accreditations": "accreditations",
    "posts": "posts",
    "planned": "state",
    "confidence": "confidence",
    "provenance": "provenance",
}
"""The column of each part of a mission's description."""


def mission_steps(missions: Iterable[ListedMission]) -> list[Step]:
    """Register the missions that are not there; one that is stays as it is."""

    def step(listed: ListedMission) -> Step:
        return mission_step(MISSIONS, listed.form.id, described(listed.form, listed.provenance))

    return [step(listed) for listed in missions]


def new_missions(missions: Iterable[ListedMission], reading: Reading) -> list[ListedMission]:
    """Return those that are not there."""
    return [listed for listed in missions if not reading.get(Mission, listed.form.id).exists]


def mission_conflicts(missions: Iterable[ListedMission], reading: Reading) -> list[Problem]:
    """Return what is known otherwise, column by column, and what is over and cannot be entered."""
    return [found for listed in missions for found in _mission_conflicts(listed, reading)]


def _mission_conflicts(listed: ListedMission, reading: Reading) -> Iterator[Problem]:
    mission = reading.get(Mission, listed.form.id)
    if mission.registered is None:
        if listed.listed_as in OVER:
            yield problem_at(
                MISSIONS,
                listed.row,
                "state",
                Text(
                    en=f"A mission that is {listed.listed_as} and is not known here cannot be entered.",
                    ar=f"لا يمكن إدخال بعثة حالتها {listed.listed_as} وليست معروفة هنا.",
                ),
                Text(en="Leave the row out.", ar="احذف الصف."),
            )
        return
    told = described(listed.form, listed.provenance)
    known = (mission.registered, _as_it_is(mission, mission.registered))
    for part, column in _COLUMNS.items():
        if getattr(told, part) not in [getattr(one, part) for one in known]:
            yield problem_at(
                MISSIONS,
                listed.row,
                column,
                Text(
                    en=f"{mission.id} is already stored with another value here.",
                    ar=f"{mission.id} مخزَّنة بقيمة أخرى هنا.",
                ),
                Text(
                    en="Write what is stored; a decree's measure changes it.",
                    ar="اكتب ما هو مخزَّن؛ والتغيير يكون بإجراء من قرار.",
                ),
            )


def _as_it_is(mission: Mission, registered: MissionRegistered) -> MissionRegistered:
    """Describe a mission with what measures have made of it."""
    now = {
        "mission_kind": mission.mission_kind,
        "city": mission.city,
        "posts": mission.posts,
        "planned": mission.state is MissionState.PLANNED,
        "accreditations": mission.states[1:],
    }
    return registered.model_copy(update=now)


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


def staff_conflicts(persons: Iterable[ListedPerson], reading: Reading) -> list[Problem]:
    """Return the rows that name what is not there, or somebody whose data was erased."""
    return [found for person in persons for found in _staff_conflicts(person, reading)]


def _staff_conflicts(person: ListedPerson, reading: Reading) -> Iterator[Problem]:
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
    if not reading.get(Mission, person.form.mission).exists:
        yield problem_at(
            STAFF,
            row,
            "mission",
            Text(
                en=f"There is no mission {person.form.mission}.",
                ar=f"لا توجد بعثة باسم {person.form.mission}.",
            ),
            Text(en="Import it first, or correct the name.", ar="استوردها أولًا أو صحح الاسم."),
        )
    member = reading.get(StaffMember, person.form.id)
    if person.personal and member.personal_data is PersonalData.ERASED:
        yield problem_at(
            STAFF,
            row,
            "id",
            Text(
                en=f"The personal data of {member.id} was erased for good.",
                ar=f"مُحيت البيانات الشخصية للموظف {member.id} نهائيًا.",
            ),
            Text(
                en="Leave the personal columns of this row empty.", ar="اترك الأعمدة الشخصية لهذا الصف فارغة."
            ),
        )


def posted_elsewhere(persons: Sequence[ListedPerson], reading: Reading) -> list[Answer]:
    """Tell of whom the list says another posting than stands: nobody is moved by a list."""
    return [
        {"row": person.row, "staff": member.id, "state": member.state.value, "mission": member.mission}
        for person in persons
        if (member := reading.get(StaffMember, person.form.id)).exists
        and (member.mission, member.category) != (person.form.mission, person.form.category)
    ]
