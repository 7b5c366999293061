"""Which procedures are adopted: only `tasks` knows, so it is asked (docs/decisions/0015)."""

import asyncio
from collections.abc import Iterable

from shared.domain.refusal import Refusal
from shared.dossier.form import Dossier
from shared.messaging.asking import Ask, RefusedThere
from shared.service.streams import QUESTION

NOT_THERE = "not-found"


class Procedures:
    """Asks `tasks` which procedures it has a version of. What it says is told on, and no rule rests on it."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def named_by(self, dossier: Dossier, sent_along: Iterable[str] = ()) -> dict[str, bool | None]:
        """Tell of each procedure that a dossier names whether it is adopted; None where that is not known.

        Those that are `sent_along` with the dossier need not be, and nobody asks for them.
        """
        named = [dossier.procedure, *dossier.procedures.values()]
        asked = [key for key in dict.fromkeys(named) if key is not None and key not in set(sent_along)]
        return dict(zip(asked, await asyncio.gather(*map(self._is_adopted, asked)), strict=True))

    async def _is_adopted(self, key: str) -> bool | None:
        try:
            await self._ask("tasks", QUESTION, {"kind": "template", "id": key})
        except RefusedThere as refused:
            return False if refused.slug == NOT_THERE else None
        except Refusal:
            return None
        return True
