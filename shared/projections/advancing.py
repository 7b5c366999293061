"""Folding batches into generations over one connection, and storing each in one statement."""

from collections.abc import AsyncIterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, TypeVar

from shared.eventstore.record import Record
from shared.projections.folding import Changes, Folding, RowId, touched
from shared.projections.pace import Pace
from shared.projections.view import View

CACHED_ROWS = 20_000
"""Rows that are kept in memory, where nothing else is said."""

UNSEEN = 2_000
"""States that may be stored before statistics are taken for the first time."""

LOOK = "SELECT look_at_views()"

HABITS = """
    SET synchronous_commit = off;
    -- a plan made while the tables were small and kept would read a whole view for each batch
    SET plan_cache_mode = force_custom_plan;
"""
ADVANCE = (files("shared.projections") / "sql" / "advance.sql").read_text(encoding="utf-8")
CURRENT = """
    SELECT w.generation, w.key, r.doc::text
    FROM unnest($1::integer[], $2::text[]) AS w (generation, key)
    LEFT JOIN view_rows r ON r.generation = w.generation AND r.key = w.key AND r.valid_to IS NULL
"""

T = TypeVar("T")


class Advancing:
    """Knows the newest rows that it met, as long as nobody else advances the same generations.

    Args:
        connection: with `HABITS`. Commits are asynchronous on purpose: rows and position move together, so
            that after a crash of PostgreSQL what was lost is folded again, and no fsync is spent on what the
            log can give back.
        cached: how many rows it keeps at most, but for those of one batch.
    """

    def __init__(self, connection: Any, cached: int = CACHED_ROWS) -> None:
        self._cached = cached
        self._connection = connection
        self._docs: dict[RowId, str | None] = {}
        self._seen = 0
        self._unseen = 0

    def forget(self) -> None:
        """Rely on nothing that is in memory."""
        self._docs.clear()

    async def advance(
        self,
        views: Mapping[int, View],
        after: int,
        records: Sequence[Record],
        pace: Pace | None = None,
    ) -> bool:
        """Fold what follows a position into generations that all stand there; tell whether they did.

        Where one did not, nothing is stored, and `forget` is due. With a pace it is done in
        slices; without one in one go.

        Raises:
            Exception: what a view raised; nothing is stored.
        """
        touches: list[tuple[RowId, Record]] = []
        async for part in _slices(records, pace):
            touches += touched(views, part)
        await self._load({id for id, _ in touches})
        folding = Folding(views, self._docs)
        try:
            async for some in _slices(touches, pace):
                folding.fold(some)
        except BaseException:
            self.forget()
            raise
        return await self._store(list(views), after, records[-1].position, folding.changes)

    async def _load(self, wanted: set[RowId]) -> None:
        missing = [id for id in wanted if id not in self._docs]
        if len(self._docs) + len(missing) > self._cached:
            self._docs.clear()
            missing = list(wanted)
        if not missing:
            return
        rows = await self._connection.fetch(
            CURRENT, [id.generation for id in missing], [id.key for id in missing]
        )
        self._docs.update({RowId(row[0], row[1]): row[2] for row in rows})

    async def _store(self, generations: list[int], after: int, upto: int, changes: Changes) -> bool:
        states = changes.states
        tallies = {id: change for id, change in changes.tallies.items() if change}
        held = await self._connection.fetchval(
            ADVANCE,
            generations,
            after,
            upto,
            [id.generation for id in changes.ended],
            [id.key for id in changes.ended],
            list(changes.ended.values()),
            [state.id.generation for state in states],
            [state.id.key for state in states],
            [state.valid_from for state in states],
            [state.valid_to for state in states],
            [state.facets for state in states],
            [state.doc for state in states],
            [state.due_at for state in states],
            [id.generation for id in tallies],
            [id.facets for id in tallies],
            [id.position for id in tallies],
            list(tallies.values()),
        )
        if held is None:
            return False
        await self._keep_statistics(len(states))
        return True

    async def _keep_statistics(self, stored: int) -> None:
        """Let PostgreSQL look at the rows anew whenever they have grown by half.

        Left to itself it does so a minute later. Until then it takes a view that was just filled for an empty
        one, and reads all of it for one filtered page.
        """
        self._unseen += stored
        if self._unseen > max(UNSEEN, self._seen // 2):
            self._seen += self._unseen
            self._unseen = 0
            await self._connection.execute(LOOK)


async def _slices(whole: Sequence[T], pace: Pace | None) -> AsyncIterator[Sequence[T]]:
    """Cut a batch into slices, with a breath after each."""
    if pace is None:
        yield whole
        return
    begin = 0
    while begin < len(whole):
        end = begin + pace.slice
        yield whole[begin:end]
        begin = end
        await pace.breathe()
