"""What happens when the day has come from which a decree binds: it enters into force, its rows are ordered.

The command's id follows from decree and day, so that whoever plays the same history again gets the same
events.
"""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.registry.decree import Decree, DecreeState
from services.registry.measure import Measure
from services.registry.measure.ordering import order_listed
from services.registry.reactions import ACTOR
from shared.contracts.meta import rfc3339
from shared.eventstore.command import Command, Turn
from shared.eventstore.store import EventStore
from shared.projections import Due
from shared.service.made_due import NO_CAUSE, Cause, cause_in, instruction_of_timer

NAMESPACE = uuid5(NAMESPACE_URL, "https://tanfidh.org/registry/decrees")


class CommencementSweep:
    """Acts on a row of the view of decrees when its day has come."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def act(self, due: Due) -> None:
        """Let the decree enter into force, if it still waits for that day."""
        rows = [measure for article in due.row["articles"] for measure in article["measures"]]
        await self._store.execute(commencing(due.key, due.moment, rows, cause_in(due.row)))


def commencing(decree: str, begins: datetime, rows: list[str], cause: Cause = NO_CAUSE) -> Command[Any]:
    """The command that lets a decree bind and orders its rows; those that cannot be ordered stay listed.

    `cause` is the event of its issue, which told the day.
    """
    id = uuid5(NAMESPACE, f"{decree}/enters-into-force/{rfc3339(begins)}")
    instruction = instruction_of_timer(id, ACTOR, begins, cause)
    reads = ((Decree, decree), *((Measure, row) for row in rows))
    return Command("enter-into-force", instruction, partial(_commence, decree), reads)


def _commence(id: str, turn: Turn) -> dict[str, Any]:
    decree = turn.get(Decree, id)
    told = None if decree.issued is None else decree.issued.in_force_on
    if decree.stage is not DecreeState.ISSUED or told is None:
        return {"decree": id}
    decree.enter_into_force(told, turn.moment)
    return {"decree": id, "not_ordered": order_listed(turn, decree, turn.moment)}
