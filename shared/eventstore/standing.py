"""Where the log stands, as one writer knows it, and how it catches up when that is no longer so."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any
from uuid import UUID

from shared.eventstore.batch import Batch
from shared.eventstore.errors import UnusableStore
from shared.eventstore.fence import Head, check_checkpoint, commit, read_edge, read_head
from shared.eventstore.log.note import Checkpoint, Signer
from shared.eventstore.log.tree import Edge
from shared.eventstore.metering import Metering
from shared.eventstore.moments import Moments
from shared.eventstore.pending import Answered
from shared.eventstore.recent import Recent
from shared.eventstore.statements import ANSWERS, NEWEST_ANSWERS

KEPT_ANSWERS = 10_000
"""The newest answers that are kept in memory, at most."""


class Standing:
    """The head with the tree, inboxes and newest answers that belong to it.

    The answers spare a look-up for every command: a command that is not among them is decided, and if it
    was answered longer ago, its answer's key refuses the commit. Then it is looked up.

    `doubtful` are the batches of which it is not known whether they were stored: their commit was lost
    sight of and may still be under way on the server. Each can only be stored at the turn that it saw;
    so they stay doubtful until the turn has moved, and are looked for then.
    """

    def __init__(self, sign_for: Callable[[UUID], Signer], kept: int = KEPT_ANSWERS) -> None:
        self._kept = min(kept, KEPT_ANSWERS)
        self.head: Head
        self.edge: Edge
        self.signer: Signer
        self.recent: Recent
        self.moments = Moments()
        self.inboxes: dict[str, int] = {}
        self.answers: OrderedDict[UUID, Answered] = OrderedDict()
        self.metering = Metering()
        self._sign_for = sign_for
        self._doubtful: list[Batch] = []

    async def take_up(self, connection: Any) -> None:
        """Read where the log stands; refuse to go on with one that contradicts its newest checkpoint."""
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            self.head = await read_head(connection)
            self.edge = await read_edge(connection, self.head.position)
            await check_checkpoint(connection, self.edge, self._sign_for)
        self.signer = self._sign_for(self.head.log_id)
        self.recent = Recent(self.head.position)
        await self._read_inboxes(connection)
        await self._read_answers(connection, 0)

    async def store(self, connection: Any, batch: Batch) -> bool:
        """Store a batch if the log still stands here; return whether it does."""
        if not batch.stores:
            return (await read_head(connection)).mark == self.head.mark
        sent = self.metering.sent(batch)
        stored = await commit(connection, self.head, batch, self.signer)
        if stored:
            self.metering.stored(batch, sent)
        else:
            self.metering.overtaken()
        return stored

    def advance(self, batch: Batch) -> None:
        """Move on by a batch that was stored."""
        self.moments.note(self.head.position + 1, len(batch.rows), batch.recorded_at)
        self.head.turn += 1
        self.head.mark = batch.mark
        self.head.position += len(batch.rows)
        self.head.recorded_at = batch.recorded_at
        self.edge = batch.edge
        self._doubtful.clear()
        self.inboxes.update(batch.steps)
        self.recent.extend(batch.rows, batch.recorded_at)
        self._remember(batch.answers)

    def doubt(self, batch: Batch) -> None:
        """Remember a batch whose commit was lost sight of."""
        if batch.stores:
            self._doubtful.append(batch)

    async def catch_up(self, connection: Any) -> list[str]:
        """Take in what others committed, or what was ours after all; return the streams that changed.

        Those who wait for a doubtful batch that was stored are told so.

        Raises:
            UnusableStore: the store does not continue the history that this writer knows.
        """
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            head = await read_head(connection)
            if head.turn == self.head.turn and head.mark == self.head.mark:
                return []
            await self._check_continues(connection, head)
            edge = await read_edge(connection, head.position)
            await check_checkpoint(connection, edge, self._sign_for)
            for batch in self._doubtful:
                if await self._was_stored(connection, head, batch):
                    batch.resolve()
            self._doubtful.clear()
            changed = await connection.fetch(
                "SELECT DISTINCT stream FROM events WHERE position > $1 AND position <= $2",
                self.head.position,
                head.position,
            )
            await self._read_answers(connection, self.head.position)
            await self._read_inboxes(connection)
        self.head, self.edge = head, edge
        self.recent.restart(head.position)
        return [row["stream"] for row in changed]

    async def _check_continues(self, connection: Any, head: Head) -> None:
        """Refuse a store that was put back, replaced, or changed where this writer has already been."""
        known = self.head
        if head.log_id != known.log_id or head.turn <= known.turn or head.position < known.position:
            raise UnusableStore("the log was replaced under a running service: start it again")
        if (await read_edge(connection, known.position)).root() != self.edge.root():
            raise UnusableStore(f"the log below position {known.position} is not what it was: it was changed")

    async def _was_stored(self, connection: Any, head: Head, batch: Batch) -> bool:
        """Whether a batch that was lost sight of is in the store, whole and as it was decided."""
        if head.turn == batch.turn + 1:
            return head.mark == batch.mark
        if batch.rows:
            note = await connection.fetchval("SELECT note FROM checkpoints WHERE size = $1", batch.edge.size)
            return note is not None and _root_in(note) == batch.edge.root()
        found = {row[0]: Answered(*row[1:]) for row in await connection.fetch(ANSWERS, list(batch.answers))}
        await self._read_inboxes(connection)
        reached = all(self.inboxes[name] >= position for name, position in batch.steps.items())
        return found == batch.answers and reached

    async def _read_answers(self, connection: Any, since: int) -> None:
        rows = await connection.fetch(NEWEST_ANSWERS, since, self._kept)
        self._remember({row[0]: Answered(*row[1:]) for row in reversed(rows)})

    def _remember(self, answers: dict[UUID, Answered]) -> None:
        self.answers.update(answers)
        while len(self.answers) > self._kept:
            self.answers.popitem(last=False)

    async def _read_inboxes(self, connection: Any) -> None:
        rows = await connection.fetch("SELECT name, position FROM inboxes")
        self.inboxes.clear()
        self.inboxes.update({row["name"]: row["position"] for row in rows})


def _root_in(note: str) -> bytes:
    return Checkpoint.parse(note.rpartition("\n\n")[0] + "\n").root
