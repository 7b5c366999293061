"""What happens when the day of an indicator's target is over: it is met, or missed.

A command's id follows from the indicator and the moment, so that the same history gives the same events.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.tasks.indicator import Indicator
from services.tasks.reacting import SERVICE
from shared.eventstore.command import Command, Turn
from shared.eventstore.store import EventStore
from shared.projections import Due
from shared.service.made_due import NO_CAUSE, Cause, cause_in, instruction_of_timer

NAMESPACE = uuid5(NAMESPACE_URL, "https://tanfidh.org/tasks/indicators")


class Judging:
    """Acts on a row of the view of indicators when its target's day is over."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def act(self, due: Due) -> None:
        """Judge the target by what is known."""
        await self._store.execute(judging(due.key, str(due.row["target_at"]), cause_in(due.row)))


def judging(indicator: str, target_at: str, cause: Cause = NO_CAUSE) -> Command[Any]:
    """The command that judges an indicator's target, unless that is done; `cause` is its definition."""

    def decide(turn: Turn) -> bool:
        return turn.get(Indicator, indicator).judge(turn.moment)

    id = uuid5(NAMESPACE, f"{indicator}/{target_at}")
    instruction = instruction_of_timer(id, SERVICE, None, cause)
    return Command("judge-indicator", instruction, decide, ((Indicator, indicator),))
