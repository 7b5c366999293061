"""Rest: the moment at which everything that has happened has had all its consequences."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from shared.service.frame import Frame
from shared.service.standing import Standing

PATIENCE = 20.0
"""Seconds of the machine's clock in which everything must come to rest."""

PAUSE = 0.001
"""Seconds between two looks at what gives no signal."""

TURNS = 4
"""Turns of the event loop between two looks: whoever was woken takes up in them what it waits for."""


Silent = Callable[[], Awaitable[Sequence[str]]]
"""Asks the engines; tells the names of those that do not answer."""


async def _none_silent() -> Sequence[str]:
    return ()


class NotAtRest(Exception):
    """Something hangs or has failed; the message names each service and what of it."""

    def __init__(self, when: str, found: Sequence[str]) -> None:
        super().__init__(
            "\n".join([f"The simulation stopped at {when}: not everything comes to rest.", *found])
        )


class Rest:
    """Waits until relays, inboxes, views, sweepers and writers of all services have nothing left to do.

    Workers that wait at a gate are admitted one by one when all else rests, and all must rest again. Where it
    takes too long the `silent` engines are named first: what waits for them is at work and knows no more.
    """

    def __init__(
        self, frames: Mapping[str, Frame], patience: float = PATIENCE, silent: Silent = _none_silent
    ) -> None:
        self._frames = frames
        self._patience = patience
        self._silent = silent

    async def reached(self, when: str) -> None:
        """Return once two looks in a row find everything at rest; `when` is for the message.

        Raises:
            NotAtRest: a job ended, something alarms, or it does not come to rest in time.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._settle(when)
        except TimeoutError:
            engines = [f"  {engine} does not answer" for engine in await self._silent()]
            raise NotAtRest(when, engines + self._found(self._look()) or ["nothing names itself"]) from None

    async def _settle(self, when: str) -> None:
        quiet: dict[str, Standing] | None = None
        while True:
            standings = self._look()
            if any(standing.failing for standing in standings.values()):
                raise NotAtRest(when, self._found(standings))
            if self._found(standings):
                quiet = None
                await asyncio.gather(*(frame.fold() for frame in self._frames.values()))
                await asyncio.sleep(PAUSE)
                continue
            if standings == quiet:
                if not self._admit_next():
                    return
                quiet = None
                continue
            quiet = standings
            for _ in range(TURNS):
                await asyncio.sleep(0)

    def _admit_next(self) -> bool:
        """Admit the first worker that waits at a gate, now that all else rests; tell whether there is one."""
        gates = (gate for frame in self._frames.values() for gate in frame.gates.values())
        waited_at = next((gate for gate in gates if gate.awaited), None)
        if waited_at is not None:
            waited_at.admit()
        return waited_at is not None

    def _look(self) -> dict[str, Standing]:
        return {service: frame.standing() for service, frame in self._frames.items()}

    def _found(self, standings: Mapping[str, Standing]) -> list[str]:
        heads = {service: standing.head for service, standing in standings.items()}
        return [
            f"  {service}: {said}"
            for service, standing in standings.items()
            for said in (*standing.failing, *standing.behind(heads))
        ]
