"""How an event of another service becomes a command: in the name of this one, under an id of its own."""

from collections.abc import Callable
from typing import Any
from uuid import uuid5

from services.tasks.drafting import Reads
from services.tasks.in_law import in_law_since
from shared.domain import Actor
from shared.eventstore.command import Command, Instruction, Turn
from shared.messaging.received import Received

SERVICE = Actor(subject="service:tasks", role="service")

Decision = Callable[[Turn], Any]


def command_of(received: Received, name: str, decide: Decision, reads: Reads) -> Command[Any]:
    """The command of that name by which this service follows an event, as of when it is so in law."""
    instruction = Instruction(
        id=uuid5(received.event_id, f"tasks.{name}"),
        actor=SERVICE,
        effective_at=in_law_since(received),
        correlation=received.correlation,
        causation=received.event_id,
        traceparent=received.traceparent,
    )
    return Command(name, instruction, decide, reads)
