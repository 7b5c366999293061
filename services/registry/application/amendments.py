"""What can be asked of a decree by another one: amendment, repeal, supersession."""

from collections.abc import Callable
from datetime import date

from services.registry.amending import Amendment, amend, repeal, supersede
from services.registry.application.executing import Answer, execute
from services.registry.decree import Decree
from services.registry.permissions import PERMITS
from shared.contracts.registry import Irreversible
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Effect = Callable[[Turn, Decree], tuple[Irreversible, ...]]


class Amendments:
    """Use cases of amendments. The answer lists what had been done before and stays."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def amend(self, by: Instruction, decree: str, amendment: Amendment) -> Outcome[Answer]:
        """Enter what a later decree changes."""
        by = PERMITS.ask(by, "decree.amend")
        return await self._enter(
            "amend-decree", by, decree, lambda turn, amended: amend(turn, amended, amendment, turn.moment)
        )

    async def repeal(self, by: Instruction, decree: str, later: str, on: date) -> Outcome[Answer]:
        """Enter that a later decree repeals this one."""
        by = PERMITS.ask(by, "decree.repeal")
        return await self._enter(
            "repeal-decree", by, decree, lambda turn, ended: repeal(turn, ended, later, on, turn.moment)
        )

    async def supersede(self, by: Instruction, decree: str, later: str, on: date) -> Outcome[Answer]:
        """Enter that a later decree takes the place of this one."""
        by = PERMITS.ask(by, "decree.repeal")
        return await self._enter(
            "supersede-decree", by, decree, lambda turn, ended: supersede(turn, ended, later, on, turn.moment)
        )

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
