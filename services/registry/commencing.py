"""What happens when the day has come from which a decree binds: it enters into force, its rows are ordered.

The command's id follows from decree and day, so that whoever plays the same history again gets the same
events.
"""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.registry.decree import Decree, DecreeState
from services.registry.measure import Measure
from services.registry.measure.ordering import order_listed
from services.registry.reactions import ACTOR
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.store import EventStore
from shared.projections import Due

NAMESPACE = uuid5(NAMESPACE_URL, "https://tanfidh.org/registry/decrees")


class CommencementSweep:
    """Acts on a row of the view of decrees when its day has come."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def act(self, due: Due) -> None:
        """Let the decree enter into force, if it still waits for that day."""
        rows = [measure for article in due.row["articles"] for measure in article["measures"]]
        in_force_on = date.fromisoformat(due.row["in_force_on"])
        await self._store.execute(commencing(due.key, in_force_on, due.moment, rows))


def commencing(decree: str, in_force_on: date, begins: datetime, rows: list[str]) -> Command[Any]:
    """The command that lets a decree bind and orders its rows; those that cannot be ordered stay listed."""
    id = uuid5(NAMESPACE, f"{decree}/enters-into-force/{in_force_on.isoformat()}")
    instruction = Instruction(id=id, actor=ACTOR, effective_at=begins)
    reads = ((Decree, decree), *((Measure, row) for row in rows))
    return Command("enter-into-force", instruction, partial(_commence, decree, in_force_on), reads)


def _commence(id: str, in_force_on: date, turn: Turn) -> dict[str, Any]:
    decree = turn.get(Decree, id)
    if decree.stage is not DecreeState.ISSUED:
        return {"decree": id}
    decree.enter_into_force(in_force_on, turn.moment)
    return {"decree": id, "not_ordered": order_listed(turn, decree, turn.moment)}
