"""What can be asked of personal data: to record, to read, to erase it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from services.registry.application.executing import Answer, execute
from services.registry.application.person_keys import PersonKeys
from services.registry.department import Department
from services.registry.permissions import PERMISSIONS, PERMITS
from services.registry.staff import StaffMember
from services.registry.staff.person import PersonalData
from services.registry.staff.refusals import StaffMemberErased
from shared.contracts.registry import ErasureReason
from shared.domain import Actor, Refusal, stream_of
from shared.domain.delegation import check_covered
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore

DESTROYED, PENDING = "destroyed", "pending"
"""What became of an erased person's key."""

LOST = "lost"
"""What is told of data whose key is missing, where the person's data was recorded anew since."""

log = structlog.get_logger()


class Persons:
    """Use cases of personal data.

    Args:
        store: where it is, sealed.
        keys: what opens it.
        finish: destroys the keys of everybody whose erasure is recorded.
        is_pending: whether the key of a person, by stream, is still to be destroyed after that.
    """

    def __init__(
        self,
        store: EventStore,
        keys: PersonKeys,
        finish: Callable[[], Awaitable[None]],
        is_pending: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._store = store
        self._keys = keys
        self._finish = finish
        self._is_pending = is_pending

    async def record(self, by: Instruction, staff: str, details: Mapping[str, str]) -> Outcome[Answer]:
        """Record or correct personal data; `details` by field is all that is known from now on.

        What is kept to recognise a repetition is digested under the person's key: from a plain digest
        whoever knows the rest of a request could guess a birthday.
        """
        member = await self._store.load(StaffMember, staff)
        PERMISSIONS.check_role(by.actor, "staff.record-person", _competent(member))
        member.check_recordable()
        key = await self._keys.sealing_key(staff)

        def decide(turn: Turn) -> Answer:
            now = turn.get(StaffMember, staff)
            PERMITS.check(turn, "staff.record-person", _competent(now))
            now.record_person(details, key.seal, turn.moment)
            return {"staff": staff, "personal_data": now.personal_data.value}

        by = replace(by, fingerprint=key.digest(by.fingerprint))
        return await execute(self._store, "record-person", by, decide, StaffMember, staff)

    async def read(self, actor: Actor, staff: str, position: int | None) -> tuple[Answer, int]:
        """Read personal data as of a position (now where None).

        Each field says ``erased`` where that was done, and ``lost`` where data was recorded anew because the
        key of this older data is gone.

        Every reading leaves a line in the service's log, without the data; so does a refused one.
        """
        await self._store.look()
        now = await self._store.load(StaffMember, staff)
        then = now if position is None else await self._store.load(StaffMember, staff, position)
        upto = self._store.head if position is None else position
        now.must_exist()
        reader = {
            "reader": actor.subject,
            "role": actor.role,
            "department": actor.department,
            "on_behalf_of": actor.on_behalf_of,
        }
        try:
            await self._check_reader(actor, now)
        except Refusal:
            log.warning("person.read-refused", staff=staff, **reader)
            raise
        then.must_exist()
        answer: dict[str, Any] = {"staff": staff, "version": then.version}
        if not then.recorded_in:  # erased all the same, where a restored log has lost what was recorded
            return answer | {"personal_data": then.personal_data.value, "person": {}}, upto
        stream = stream_of(StaffMember.kind, staff)
        record = (await self._store.history(stream, then.recorded_in - 1, upto, 1))[0]
        told, person = await self._person(record, now)
        log.info("person.read", staff=staff, position=upto, found=told, **reader)
        shown = dict.fromkeys(record.event.sealed(), told) if person is None else person
        return answer | {"personal_data": told, "recorded_in": then.recorded_in, "person": shown}, upto

    async def erase(
        self, by: Instruction, staff: str, reason: ErasureReason, basis: str
    ) -> tuple[Outcome[Answer], str]:
        """Erase personal data for good: record that first, then destroy the key; tell what became of the key.

        It is `destroyed`, or `pending` where the place of keys does not let us. Then, or where this process
        dies in between, any replica destroys it as soon as it can, at the latest at its next start. Until
        then readers are told that it is erased.
        """
        self._keys.must_be_there()

        def decide(turn: Turn) -> Answer:
            member = turn.get(StaffMember, staff)
            PERMITS.check(turn, "staff.erase", _competent(member))
            member.erase(member.mission, reason, basis, turn.moment)
            return {"staff": staff, "personal_data": member.personal_data.value}

        outcome = await execute(self._store, "erase-person", by, decide, StaffMember, staff)
        await self._finish()
        pending = await self._is_pending(stream_of(StaffMember.kind, staff))
        return outcome, PENDING if pending else DESTROYED

    async def _check_reader(self, actor: Actor, member: StaffMember) -> None:
        """Refuse who may not read; whoever reads for a head needs a delegation that is in force now."""
        PERMISSIONS.check_role(actor, "staff.read-person", _competent(member))
        led = None if actor.department is None else await self._store.load(Department, actor.department)
        leadership = None if led is None else led.leadership
        check_covered(leadership, actor, "staff.read-person", self._store.clock())

    async def _person(self, record: Record, now: StaffMember) -> tuple[str, dict[str, str] | None]:
        """Open the data of an event; tell what became of it, and what it says where it could be opened."""
        if now.personal_data is PersonalData.ERASED:
            return PersonalData.ERASED.value, None
        try:
            if record.version == now.recorded_in:
                return PersonalData.RECORDED.value, await self._keys.opened(record)
            person = await self._keys.opened_of_before(record)
        except StaffMemberErased:
            return PersonalData.ERASED.value, None
        return (PersonalData.RECORDED.value if person is not None else LOST), person


def _competent(member: StaffMember) -> tuple[str]:
    """Who may: the authority that is competent for the person now; for nobody else it is a person."""
    return (member.must_exist().authority,)
