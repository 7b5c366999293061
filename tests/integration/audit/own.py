"""Something that audit records of its own."""

from typing import ClassVar
from uuid import uuid4

from shared.contracts.audit import CheckpointWitnessed
from shared.contracts.event import Event
from shared.domain import Aggregate
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.store import EventStore
from tests.integration.messaging.sample import CLERK


class Witness(Aggregate):
    kind: ClassVar[str] = "witness"

    def evolve(self, event: Event) -> None:
        """Nothing depends on what it witnessed."""


async def witness(audit: EventStore, text: str) -> None:
    """Let audit record something of its own."""
    event = CheckpointWitnessed(
        source="letters",
        log_id=uuid4(),
        verifier_key="letters+00000000+key",
        witnessed_at=audit.clock(),
        size=1,
        root=text,
        previous_size=0,
        compared=1,
        cosigned="",
    )

    def decide(turn: Turn) -> None:
        turn.get(Witness, "letters").record(event, turn.moment)

    await audit.execute(Command("witness", Instruction(id=uuid4(), actor=CLERK), decide))
