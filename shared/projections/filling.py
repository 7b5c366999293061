"""Folding one generation from where it stands up to the head of the log, in large batches."""

from typing import Any

from shared.eventstore.record import Record
from shared.eventstore.statements import READ
from shared.projections.advancing import Advancing
from shared.projections.errors import Lost
from shared.projections.pace import Pace
from shared.projections.view import View

BATCH = 1_000
HEAD = "SELECT position FROM head"
STANDS = "SELECT position FROM views WHERE generation = $1"
FILLED = """
    UPDATE views SET state = 'live' WHERE generation = $1 AND state = 'filling' RETURNING generation
"""


class Filling:
    """One generation that nobody reads, on a connection of its own.

    The log is read on that connection too: what other replicas committed a moment ago counts.
    """

    def __init__(self, connection: Any, view: View, generation: int, pace: Pace) -> None:
        self.generation = generation
        self.position = 0
        self._connection = connection
        self._view = view
        self._pace = pace
        self._advancing = Advancing(connection)

    async def take_up(self) -> None:
        """Learn where it stands. Raises Lost."""
        position = await self._connection.fetchval(STANDS, self.generation)
        if position is None:
            raise Lost(f"generation {self.generation} of view {self._view.name} is gone")
        self.position = position

    async def to_head(self) -> None:
        """Fold until the head, as it is then, is reached.

        Raises:
            Lost: see there.
            Exception: what the view raised.
        """
        head = await self._connection.fetchval(HEAD)
        while self.position < head:
            position, before = self.position, head
            await self._on(BATCH, self._pace)
            head = await self._connection.fetchval(HEAD)
            self._pace.suit(self.position - position, head - before)

    async def at_once(self, number: int) -> None:
        """Fold a few events without rest: the log has them, and others wait."""
        await self._on(number, None)

    async def _on(self, limit: int, pace: Pace | None) -> None:
        rows = await self._connection.fetch(READ, self.position, limit)
        records = [Record(*row) for row in rows]
        views = {self.generation: self._view}
        if not await self._advancing.advance(views, self.position, records, pace):
            raise Lost(f"generation {self.generation} of view {self._view.name} was moved by somebody else")
        self.position = records[-1].position


async def fill(connection: Any, view: View, generation: int, pace: Pace) -> None:
    """Fold a generation that is filling up to the head, and let it be read and followed from there."""
    filling = Filling(connection, view, generation, pace)
    await filling.take_up()
    await filling.to_head()
    await connection.fetchval(FILLED, generation)
