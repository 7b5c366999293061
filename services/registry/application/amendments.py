"""What can be asked of a decree by another one: amendment, repeal, supersession."""

from collections.abc import Callable
from datetime import date

from services.registry.amending import Amendment, amend, repeal, supersede
from services.registry.application.executing import Answer, execute
from services.registry.decree import Decree
from services.registry.permissions import PERMITS
from shared.contracts.registry import Irreversible
from shared.domain import Actor, Moment
from shared.domain.clock import Clock
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore
from shared.service.supposing import Supposition, supposed

Effect = Callable[[Turn, Decree], tuple[Irreversible, ...]]


class Amendments:
    """Use cases of amendments. The answer lists what had been done before and stays."""

    def __init__(self, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def amend(self, by: Instruction, decree: str, amendment: Amendment) -> Outcome[Answer]:
        """Enter what a later decree changes."""
        by = PERMITS.ask(by, "decree.amend")
        return await self._enter(
            "amend-decree", by, decree, lambda turn, amended: amend(turn, amended, amendment, turn.moment)
        )

    async def repeal(
        self, by: Instruction, decree: str, later: str, on: date, despite: tuple[str, ...]
    ) -> Outcome[Answer]:
        """Enter that a later decree repeals this one."""
        by = PERMITS.ask(by, "decree.repeal")

        def effect(turn: Turn, ended: Decree) -> tuple[Irreversible, ...]:
            return repeal(turn, ended, later, on, turn.moment, despite)

        return await self._enter("repeal-decree", by, decree, effect)

    async def supersede(
        self, by: Instruction, decree: str, later: str, on: date, despite: tuple[str, ...]
    ) -> Outcome[Answer]:
        """Enter that a later decree takes the place of this one."""
        by = PERMITS.ask(by, "decree.repeal")

        def effect(turn: Turn, ended: Decree) -> tuple[Irreversible, ...]:
            return supersede(turn, ended, later, on, turn.moment, despite)

        return await self._enter("supersede-decree", by, decree, effect)

    async def suppose(self, actor: Actor, decree: str, amendment: Amendment, position: int | None) -> Answer:
        """Tell what an amendment would do: every event that it would record. Nothing is stored.

        The later decree need not be entered, nor its day have come.
        """
        upto = self._store.head if position is None else position
        now = self._clock()

        def decide(supposition: Supposition) -> Answer:
            amended = supposition.get(Decree, decree)
            stays = amend(supposition, amended, amendment, supposition.moment, supposed=True)
            return {
                "decree": decree,
                "position": upto,
                "irreversible": [done.model_dump(mode="json") for done in stays],
                "events": [
                    {"stream": aggregate.stream, "type": change.event.event_type}
                    | {"data": change.event.model_dump(mode="json")}
                    for aggregate, change in supposition.recorded()
                ],
            }

        return await supposed(self._store, upto, actor, Moment(now, now), decide)

    async def _enter(self, name: str, by: Instruction, decree: str, effect: Effect) -> Outcome[Answer]:
        def decide(turn: Turn) -> Answer:
            changed = turn.get(Decree, decree)
            stays = effect(turn, changed)
            return {
                "decree": decree,
                "state": changed.state.value,
                "irreversible": [done.model_dump(mode="json") for done in stays],
            }

        return await execute(self._store, name, by, decide, Decree, decree)
