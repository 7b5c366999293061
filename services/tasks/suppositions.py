"""What can be supposed of a decree: reads only, whatever is supposed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.tasks.supposing import Step, differences, take
from shared.domain import Actor, Moment
from shared.domain.clock import Clock
from shared.eventstore.store import EventStore
from shared.service.supposing import Supposition, supposed


class Suppositions:
    """What would change if. Nothing is stored, and no aggregate in memory is touched."""

    def __init__(self, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of_decree(
        self, actor: Actor, decree: str, steps: Sequence[Step], position: int | None = None
    ) -> dict[str, Any]:
        """Take the steps one after the other, as of a position, and tell what is otherwise afterwards."""
        upto = self._store.head if position is None else position
        now = self._now()

        def decide(supposition: Supposition) -> dict[str, Any]:
            for number, step in enumerate(steps, 1):
                take(supposition, decree, step, number)
            return {"decree": decree, "position": upto, **differences(supposition)}

        return await supposed(self._store, upto, actor, Moment(now, now), decide)

    def _now(self) -> datetime:
        return self._clock()
