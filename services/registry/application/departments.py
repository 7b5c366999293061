"""What can be asked of departments: their place, their heads, who acts for those, and what they sign."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from services.registry.application.executing import Answer, execute
from services.registry.department import Department
from services.registry.department.leading import appoint_head, delegate, end, name_acting_head, stand_in_of
from services.registry.department.placing import place
from services.registry.department.signing import declare_signing
from services.registry.mission import Mission
from services.registry.organisation import MINISTRY, Organisation
from services.registry.permissions import PERMITS
from shared.contracts.registry import SigningSide
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Change = Callable[[Turn, Department], None]


class Departments:
    """Use cases of departments."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def place(self, by: Instruction, department: str, parent: str | None) -> Outcome[Answer]:
        """Put a department under another one, or under none."""
        by = PERMITS.ask(by, "department.place")

        def change(turn: Turn, placed: Department) -> None:
            place(turn, placed, parent, turn.moment)

        return await self._change("place-department", by, department, change)

    async def declare_signing(
        self, by: Instruction, department: str, signs: tuple[SigningSide, ...], reference: str
    ) -> Outcome[Answer]:
        """Declare for which sides of a closing a department signs the minutes."""
        by = PERMITS.ask(by, "department.declare-signing")

        def decide(turn: Turn) -> Answer:
            declaring, ministry = turn.get(Department, department), turn.get(Organisation, MINISTRY)
            declare_signing(declaring, ministry, signs, reference, turn.moment)
            return {"department": department, "signs": [side.value for side in declaring.signs or ()]}

        return await execute(self._store, "declare-signing", by, decide, Department, department)

    async def appoint_head(
        self, by: Instruction, department: str, head: str, role: str, mission: str | None, reference: str
    ) -> Outcome[Answer]:
        """Give a department a head."""
        by = PERMITS.ask(by, "department.appoint-head")

        def change(turn: Turn, led: Department) -> None:
            if mission is not None:
                turn.get(Mission, mission).must_exist()
            appoint_head(led, head, role, mission, reference, turn.moment)

        return await self._change("appoint-head", by, department, change)

    async def name_acting_head(
        self,
        by: Instruction,
        department: str,
        key: str,
        deputy: str,
        since: datetime,
        until: datetime,
        reference: str,
    ) -> Outcome[Answer]:
        """Let somebody act as head for a time."""
        by = PERMITS.ask(by, "department.name-acting-head")

        def change(turn: Turn, led: Department) -> None:
            name_acting_head(led, key, deputy, since, until, reference, turn.moment)

        return await self._change("name-acting-head", by, department, change)

    async def delegate(
        self,
        by: Instruction,
        department: str,
        key: str,
        deputy: str,
        since: datetime,
        until: datetime,
        actions: tuple[str, ...] | None,
        reference: str,
    ) -> Outcome[Answer]:
        """Let somebody act for the head for a time."""

        def change(turn: Turn, led: Department) -> None:
            headship = led.must_exist().leadership.headship
            missions = () if headship is None or headship.mission is None else (headship.mission,)
            PERMITS.check(turn, "department.delegate", (department,), missions)
            delegate(led, key, deputy, since, until, actions, reference, turn.actor, turn.moment)

        return await self._change("delegate", by, department, change)

    async def end(self, by: Instruction, department: str, key: str) -> Outcome[Answer]:
        """End a delegation before its time: the head who delegated, the deputy, or whoever may besides."""
        return await self._change("end-delegation", by, department, partial(_end, key=key))

    async def _change(self, name: str, by: Instruction, department: str, change: Change) -> Outcome[Answer]:
        def decide(turn: Turn) -> Answer:
            led = turn.get(Department, department)
            change(turn, led)
            headship = led.leadership.headship
            return {
                "department": department,
                "parent": led.parent,
                "head": None if headship is None else headship.head,
            }

        return await execute(self._store, name, by, decide, Department, department)


def _end(turn: Turn, led: Department, key: str) -> None:
    stand_in = stand_in_of(led, key)
    own = turn.actor.on_behalf_of is None and turn.actor.subject in (stand_in.head, stand_in.deputy)
    if not own:
        PERMITS.check(turn, "department.end-delegation")
    end(led, key, turn.moment)
