"""What the registry tells, as this service reacts to it."""

from datetime import date
from typing import Any

from services.tasks.reactions import RegistryReactions
from shared.contracts import registry
from shared.contracts.event import Event
from shared.eventstore.command import Command
from tests.unit.tasks.given import (
    MEASURE,
    NOW,
    MemoryStore,
    MemoryTurn,
    received,
)


def reaction(event: Event, id: str) -> Command[Any]:
    command = RegistryReactions().react(received(event, id))
    assert command is not None
    return command


def react(store: MemoryStore, event: Event, id: str) -> Any:
    command = reaction(event, id)
    return store.run(command.decide, command.by.actor)


def dates(
    official_on: date, measure: str = MEASURE, public_on: date = date(2025, 8, 31)
) -> registry.MissionDatesSet:
    return registry.MissionDatesSet(
        decree="298-2025", measure=measure, public_on=public_on, official_on=official_on
    )


def looked_up_besides(store: MemoryStore, command: Command[Any]) -> set[str]:
    """The streams that a decision gets and its command does not name before."""
    hinted = {f"{kind.kind}.{id}" for kind, id in command.reads}
    got = MemoryTurn(store, command.by.actor, NOW, {})
    command.decide(got)
    return got.got.keys() - hinted
