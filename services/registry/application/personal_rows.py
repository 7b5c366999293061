"""Personal data of a list of staff: what of it is new, and the steps that record it, sealed."""

import asyncio
from collections.abc import Mapping, Sequence

import orjson

from services.registry.application.entering import AT_ONCE, Answer
from services.registry.application.person_keys import PersonKeys
from services.registry.importing.listed_staff import STAFF
from services.registry.importing.step import Step
from services.registry.permissions import PERMITS
from services.registry.staff import StaffMember
from shared.domain import Actor, stream_of
from shared.dossier.lists import ListedPerson
from shared.eventstore.command import Turn
from shared.eventstore.sealing.cipher import PersonKey
from shared.eventstore.store import EventStore


class PersonalRows:
    """What a list tells of who people are. An empty cell takes nothing away from what is recorded."""

    def __init__(self, store: EventStore, keys: PersonKeys) -> None:
        self._store = store
        self._keys = keys

    def must_be_kept(self) -> None:
        """Refuse where there is no place for keys."""
        self._keys.must_be_there()

    async def foreseen(self, persons: Sequence[ListedPerson]) -> Answer:
        """Count what would be recorded; no key is made for it."""
        told = [person for person in persons if person.personal]
        changes = [await self._change(person) for person in told]
        same = sum(change is None for change in changes)
        return {"recorded": len(changes) - same, "same": same}

    async def steps(self, actor: Actor, persons: Sequence[ListedPerson]) -> tuple[list[Step], int]:
        """Return the steps that record what is new, and how many people have it recorded already."""
        told = [person for person in persons if person.personal]
        steps: list[Step] = []
        for start in range(0, len(told), AT_ONCE):
            chunk = told[start : start + AT_ONCE]
            made = await asyncio.gather(*(self._step(person) for person in chunk))
            steps += [step for step in made if step is not None]
        return steps, len(told) - len(steps)

    async def _step(self, person: ListedPerson) -> Step | None:
        change = await self._change(person)
        if change is None:
            return None
        details, recorded_in = change
        return _recording(person.form.id, details, recorded_in, await self._keys.sealing_key(person.form.id))

    async def _change(self, person: ListedPerson) -> tuple[Mapping[str, str], int] | None:
        """Return all that is known with the list, and in which version what was known before stands."""
        id = person.form.id
        member = await self._store.load(StaffMember, id)
        known: dict[str, str] = {}
        if member.recorded_in:
            (record,) = await self._store.history(
                stream_of(StaffMember.kind, id), member.recorded_in - 1, self._store.head, 1
            )
            known = await self._keys.opened(record)
        details = known | person.personal
        return None if details == known else (details, member.recorded_in)


def _recording(id: str, details: Mapping[str, str], recorded_in: int, key: PersonKey) -> Step:
    """Record personal data on top of what was known; the id of the command tells nothing of it.

    It follows from a digest under the person's key: whoever saw a plain one could guess at a birthday.
    """

    def decide(turn: Turn) -> Answer:
        member = turn.get(StaffMember, id)
        PERMITS.check(turn, "staff.record-person", (member.must_exist().authority,))
        if member.recorded_in == recorded_in:
            member.record_person(details, key.seal, turn.moment)
        return {}

    said = orjson.dumps([recorded_in, details], option=orjson.OPT_SORT_KEYS)
    return Step(STAFF, "record-person", StaffMember, id, key.digest(said).hex().encode(), decide)
