"""What can be asked of the handover of a mission."""

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import TypeVarTuple
from uuid import uuid4

from services.registry.application.executing import Answer, execute
from services.registry.handover import Handover, signing
from services.registry.handover.entering import check_takes_entries
from services.registry.mission import Mission
from services.registry.organisation import MINISTRY, Organisation
from services.registry.permissions import PERMITS
from services.registry.reading import Reading
from shared.contracts.registry import Signatory
from shared.domain import Actor, Moment
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore
from shared.service.past import judged

Entry = Callable[[Turn, Handover, Mission], None]
Facts = TypeVarTuple("Facts")


class Handovers:
    """Use cases of handovers. What an entry is checked for is decided by the rules of its subject."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def enter(
        self, by: Instruction, name: str, mission: str, entry: Entry, *, action: str = "handover.enter"
    ) -> Outcome[Answer]:
        """Make an entry in the ledger of a mission; `name` is that of the command.

        The answer tells the sides whose signatures count no longer, since the ledger has changed.
        """
        by = PERMITS.ask(by, action, missions=(mission,))

        def decide(turn: Turn) -> Answer:
            handover = turn.get(Handover, mission)
            signed = set(handover.signatures)
            entry(turn, handover, check_takes_entries(turn.get(Mission, mission)))
            voided = sorted(signed.difference(handover.signatures))
            return {"mission": mission, "version": handover.version, "signatures_voided": voided}

        return await execute(self._store, name, by, decide, Handover, mission)

    async def note(
        self,
        by: Instruction,
        mission: str,
        rule: Callable[[Handover, Mission, *Facts, Moment], None],
        *facts: *Facts,
        action: str = "handover.enter",
    ) -> Outcome[Answer]:
        """Make an entry by a rule that needs nobody but the mission; the command is called as the rule is."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            rule(handover, leaving, *facts, turn.moment)

        name = rule.__name__.replace("_", "-")
        return await self.enter(by, name, mission, entry, action=action)

    async def sign(
        self, by: Instruction, mission: str, signatory: Signatory, reference: str
    ) -> Outcome[Answer]:
        """Sign the closing minutes in one capacity: a head of mission, or for a department that signs so."""

        def decide(turn: Turn) -> Answer:
            handover, closing = turn.get(Handover, mission), turn.get(Mission, mission).must_exist()
            ministry = turn.get(Organisation, MINISTRY)
            PERMITS.check(turn, f"handover.sign-{signatory.value}", (), _concerned(signatory, closing))
            signing.sign(handover, closing, ministry, signatory, by.actor, reference, turn.moment)
            return {"mission": mission, "signed": sorted(handover.signatures)}

        return await execute(self._store, "sign-closing-minutes", by, decide, Handover, mission)

    async def ledger(self, actor: Actor, mission: str) -> Outcome[Answer]:
        """Read the ledger of a mission as it stands, recording nothing."""
        by = Instruction(id=uuid4(), actor=actor)
        decide = partial(_ledger, mission=mission)
        return await execute(self._store, "read-handover", by, decide, Handover, mission)

    async def ledger_as_of(self, position: int, mission: str) -> Answer:
        """Read the ledger of a mission as it was at a position of the log."""
        return await judged(self._store, position, partial(_ledger, mission=mission))


def _ledger(reading: Reading, mission: str) -> Answer:
    reading.get(Mission, mission).must_exist()
    handover = reading.get(Handover, mission)
    ledger = {field.name: getattr(handover, field.name) for field in fields(Handover)}  # type: ignore[arg-type]  # the library makes every aggregate with fields a dataclass
    return {"mission": mission, "version": handover.version, **ledger}


def _concerned(signatory: Signatory, mission: Mission) -> tuple[str, ...]:
    """The mission whose head signs: of those who receive it is the receiver, where there is one."""
    if signatory is not Signatory.RECEIVING:
        return (mission.id,)
    receiver = None if mission.closing is None else mission.closing.receiver
    return () if receiver is None else (receiver,)
