"""To import lists of missions and staff: every row is tried first; where one is wrong, nothing is stored."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from services.registry.application.entering import Answer, Counted, Entering
from services.registry.application.personal_rows import PersonalRows
from services.registry.application.rehearsing import Rehearsal
from services.registry.importing.kept import kept_of_list
from services.registry.importing.listed_missions import mission_conflicts, mission_steps, new_missions
from services.registry.importing.listed_staff import STAFF, posting_steps, staff_conflicts
from services.registry.importing.step import Step
from services.registry.mission import Mission
from services.registry.organisation import MINISTRY, Organisation
from services.registry.permissions import PERMISSIONS
from services.registry.staff import StaffMember
from shared.domain import Actor, Conflicting, Text
from shared.dossier.lists import ListedPerson, MissionList, StaffList
from shared.dossier.lists.tables import problem_at
from shared.dossier.problems import Problem, refuse
from shared.eventstore.command import Instruction
from shared.eventstore.store import EventStore

_OF_POSTING = {"id", "mission", "category", "posted_on"}
"""Columns without which nobody can be posted."""


class Lists(Entering):
    """Use cases of lists. Importing one again changes nothing."""

    def __init__(self, store: EventStore, personal: PersonalRows) -> None:
        super().__init__(store)
        self._personal = personal

    async def check_missions(self, actor: Actor, found: MissionList, said: datetime | None = None) -> Answer:
        """Tell what importing the list would do now, and every problem of it; nothing is stored."""
        PERMISSIONS.check(actor, "dossier.import")
        rehearsal, problems, _ = await self._missions(actor, found, said)
        return rehearsal.told(problems)

    async def missions(self, by: Instruction, found: MissionList) -> Answer:
        """Register the missions that are not there; refuses with every problem (`DossierRefused`)."""
        PERMISSIONS.check(by.actor, "dossier.import")
        _, problems, steps = await self._missions(by.actor, found, by.effective_at)
        refuse(problems)
        counted = await self._enter(by, [steps])
        counted.known[Mission.kind] += len(found.missions) - len(steps)
        return counted.as_json()

    async def check_staff(self, actor: Actor, found: StaffList, said: datetime | None = None) -> Answer:
        """Tell what importing the list would do now, and every problem of it; nothing is stored."""
        rehearsal, problems, kept = await self._staff(actor, found, said)
        told = rehearsal.told(problems)
        return told | {"kept": kept, "personal": await self._personal.foreseen(_sound(found, problems))}

    async def staff(self, by: Instruction, found: StaffList) -> Answer:
        """Post the people who are not known, and record what the list tells of who they are, sealed.

        Refuses with every problem (`DossierRefused`). Nobody who is known is moved: `kept` tells of whom
        the list says another posting than stands once it is imported, whoever posted them meanwhile.
        """
        _, problems, _ = await self._staff(by.actor, found, by.effective_at)
        refuse(problems)
        counted: Counted = await self._enter(by, [posting_steps(found.persons)])
        posted = [(StaffMember, person.form.id) for person in found.persons]
        kept = await self._look(by, partial(kept_of_list, found.persons), posted)
        steps, same = await self._personal.steps(by.actor, found.persons)
        taken = await self._enter(by, [steps])
        return counted.as_json() | {"kept": kept, "personal": {"recorded": taken.recorded, "same": same}}

    async def _missions(
        self, actor: Actor, found: MissionList, said: datetime | None
    ) -> tuple[Rehearsal, Sequence[Problem], list[Step]]:
        rehearsal = await Rehearsal.begin(self._store, actor, said)
        every = (*found.missions, *found.unsound)
        reads = [(Mission, listed.form.id) for listed in every]
        conflicts = await rehearsal.judge(lambda reading: mission_conflicts(every, reading), reads)
        new = await rehearsal.judge(lambda reading: new_missions(found.missions, reading))
        steps = mission_steps(new)
        problems = _in_order([*found.problems, *conflicts])
        if not problems:
            await rehearsal.take(steps)
            rehearsal.count_known(Mission, [listed.form.id for listed in found.missions])
        return rehearsal, problems, steps

    async def _staff(
        self, actor: Actor, found: StaffList, said: datetime | None
    ) -> tuple[Rehearsal, Sequence[Problem], list[Answer]]:
        rehearsal = await Rehearsal.begin(self._store, actor, said)
        persons, every = found.persons, (*found.persons, *found.unsound)
        await self._check_allowed(rehearsal, actor, every)
        reads = [(StaffMember, person.form.id) for person in every]
        reads_missions = [(Mission, person.form.mission) for person in every]
        conflicts = await rehearsal.judge(
            lambda reading: staff_conflicts(every, reading, rehearsal.moment), [*reads, *reads_missions]
        )
        problems = [*found.problems, *conflicts]
        kept = await rehearsal.judge(lambda reading: kept_of_list(persons, reading))
        tried = _postable(every, problems)
        refused = await rehearsal.take(posting_steps(tried))
        problems += _refused(tried, refused)
        return rehearsal, _in_order(problems), kept

    async def _check_allowed(
        self, rehearsal: Rehearsal, actor: Actor, persons: Sequence[ListedPerson]
    ) -> None:
        """Refuse whoever may not post all of them, or record what the list tells of them."""
        (organisation,) = await rehearsal.every(Organisation, [MINISTRY])
        for person in persons:
            if "category" in person.wrong:
                continue
            competence = organisation.competences.get(person.form.category)
            concerned = () if competence is None else (competence.authority,)
            PERMISSIONS.check(actor, "staff.post", concerned)
            if person.personal:
                PERMISSIONS.check(actor, "staff.record-person", concerned)
        if any(person.personal for person in persons):
            self._personal.must_be_kept()


def _postable(persons: Iterable[ListedPerson], problems: Iterable[Problem]) -> list[ListedPerson]:
    """Return those whose posting can be tried, whatever else is wrong in their rows."""
    amiss = {problem.row for problem in problems if problem.column in (None, *_OF_POSTING)}
    return [person for person in persons if person.row not in amiss and not person.wrong & _OF_POSTING]


def _sound(found: StaffList, problems: Iterable[Problem]) -> list[ListedPerson]:
    wrong = {problem.row for problem in problems}
    return [person for person in found.persons if person.row not in wrong]


def _refused(persons: Iterable[ListedPerson], refused: Mapping[str, Conflicting]) -> list[Problem]:
    remedy = Text(en="Leave the row out, or import it later.", ar="احذف الصف أو استورده لاحقًا.")
    return [
        problem_at(STAFF, person.row, "mission", refused[person.form.id].told(), remedy)
        for person in persons
        if person.form.id in refused
    ]


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.row or 0)
