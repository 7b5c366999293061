"""From a decision to an executed command."""

from collections.abc import Callable
from typing import Any

from shared.domain import Aggregate
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]
"""The body of an answer: a JSON object."""


async def execute(
    store: EventStore,
    name: str,
    by: Instruction,
    decide: Callable[[Turn], Answer],
    kind: type[Aggregate],
    id: str,
) -> Outcome[Answer]:
    """Execute a decision on the aggregate `id`, of which If-Match and ETag speak."""
    return await store.execute(Command(name, by, decide, ((kind, id),)))
