"""What can be asked of staff."""

from datetime import date

from services.registry.application.executing import Answer, execute
from services.registry.department import Department
from services.registry.mission import Mission
from services.registry.organisation import MINISTRY, Organisation
from services.registry.permissions import PERMITS
from services.registry.staff import StaffMember
from services.registry.staff.lasting import extend
from services.registry.staff.term import day_in_utc
from shared.contracts.registry import Provenance
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore


class Staff:
    """Use cases of postings."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def post(
        self, by: Instruction, staff: str, mission: str, category: str, authority: str, provenance: Provenance
    ) -> Outcome[Answer]:
        """Post a person, known by role only, to a mission."""
        by = PERMITS.ask(by, "staff.post", (authority,))

        def decide(turn: Turn) -> Answer:
            person = turn.get(StaffMember, staff)
            competent, organisation = turn.get(Department, authority), turn.get(Organisation, MINISTRY)
            there = turn.get(Mission, mission)
            day = day_in_utc(turn.moment.effective_at)
            person.post(there, category, competent, organisation, provenance, turn.moment, posted_on=day)
            return _posting(person)

        return await execute(self._store, "post-staff", by, decide, StaffMember, staff)

    async def reassign(
        self, by: Instruction, staff: str, to: str, authority: str, reference: str | None
    ) -> Outcome[Answer]:
        """End a posting with one elsewhere."""
        by = PERMITS.ask(by, "staff.reassign", (authority,))

        def decide(turn: Turn) -> Answer:
            person = turn.get(StaffMember, staff)
            left, organisation = turn.get(Mission, person.posted_at), turn.get(Organisation, MINISTRY)
            person.reassign(left, turn.get(Mission, to), authority, reference, organisation, turn.moment)
            return _posting(person)

        return await execute(self._store, "reassign-staff", by, decide, StaffMember, staff)

    async def recall(
        self, by: Instruction, staff: str, authority: str, reference: str | None
    ) -> Outcome[Answer]:
        """End a posting with a return to the ministry."""
        by = PERMITS.ask(by, "staff.recall", (authority,))

        def decide(turn: Turn) -> Answer:
            person = turn.get(StaffMember, staff)
            person.recall(turn.get(Mission, person.posted_at), authority, reference, turn.moment)
            return _posting(person)

        return await execute(self._store, "recall-staff", by, decide, StaffMember, staff)

    async def separate(
        self, by: Instruction, staff: str, authority: str, reference: str | None
    ) -> Outcome[Answer]:
        """End a posting together with the service."""
        by = PERMITS.ask(by, "staff.separate", (authority,))

        def decide(turn: Turn) -> Answer:
            person = turn.get(StaffMember, staff)
            person.separate(turn.get(Mission, person.posted_at), authority, reference, turn.moment)
            return _posting(person)

        return await execute(self._store, "separate-staff", by, decide, StaffMember, staff)

    async def extend(
        self, by: Instruction, staff: str, until: date, authority: str, reference: str
    ) -> Outcome[Answer]:
        """Let a posting go on until another last day."""
        by = PERMITS.ask(by, "staff.extend", (authority,))

        def decide(turn: Turn) -> Answer:
            person = turn.get(StaffMember, staff).must_exist()
            competence = turn.get(Organisation, MINISTRY).competence_for(person.category)
            extend(person, until, authority, reference, competence, turn.moment)
            return _posting(person)

        return await execute(self._store, "extend-posting", by, decide, StaffMember, staff)


def _posting(person: StaffMember) -> Answer:
    return {
        "staff": person.id,
        "state": person.state.value,
        "mission": person.mission,
        "ends_on": None if person.ends_on is None else person.ends_on.isoformat(),
    }
