"""The witness's own copy of a log: the leaves of the events as they were received, and the tree over them."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from shared.eventstore.log.tree import Edge
from shared.witness.statement import Part, Statement

PAGE = 4096
"""Leaves read at once."""


class Leaves(Protocol):
    """The leaves of one source's events, computed from what was received; read from where they are filed."""

    async def received(self, parts: Sequence[Part]) -> int:
        """The last position whose event is there, whatever is missing before it."""

    async def taken_in(self, parts: Sequence[Part]) -> int:
        """Up to which position all events have been received at some time, and so have to be there."""

    async def unbroken(self, parts: Sequence[Part], after: int) -> int:
        """Up to which position the events that follow one are there without a gap."""

    async def page(self, parts: Sequence[Part], after: int, limit: int) -> list[bytes]:
        """Return the leaves that follow a position, in order and without a gap; at most `limit`."""

    async def news(self, parts: Sequence[Part], after: int, upto: int) -> bool:
        """Whether an event in between is neither a witness's nor a consequence of one."""

    async def unfit(self, parts: Sequence[Part], upto: int) -> dict[int, bytes]:
        """The copies whose leaf does not follow from them: by position the leaf that does."""


class NotReceived(Exception):
    """Not as many events have been received as the tree is asked for."""


class OwnCopy:
    """Computes the root over received events; the tree's edge is kept, so that each leaf is read once."""

    def __init__(self, leaves: Leaves) -> None:
        self.leaves = leaves
        self._logs: tuple[UUID, ...] = ()
        self._edge = Edge()

    def read(self, statement: Statement) -> int:
        """How many leaves of a log have been read already, and were there without a gap."""
        return self._edge.size if _logs(statement) == self._logs else 0

    def forget(self) -> None:
        """Read every leaf again: what was read may have been changed, or mended."""
        self._edge = Edge()

    async def root(self, statement: Statement, size: int) -> bytes:
        """Return the root over the first `size` events of the log in force. Raises `NotReceived`."""
        parts, logs = statement.parts(), _logs(statement)
        if logs != self._logs or size < self._edge.size:
            self._logs, self._edge = logs, Edge()
        edge = self._edge.copy()
        while edge.size < size:
            page = await self.leaves.page(parts, edge.size, min(PAGE, size - edge.size))
            if not page:
                raise NotReceived(f"{edge.size} events were received, and not {size}")
            for leaf in page:
                edge.append(leaf)
        self._edge = edge
        return edge.root()

    async def all(self, statement: Statement, size: int) -> list[bytes]:
        """Return the first `size` leaves. Raises `NotReceived`."""
        parts, leaves = statement.parts(), list[bytes]()
        while len(leaves) < size:
            page = await self.leaves.page(parts, len(leaves), min(PAGE, size - len(leaves)))
            if not page:
                raise NotReceived(f"{len(leaves)} events were received, and not {size}")
            leaves += page
        return leaves


def _logs(statement: Statement) -> tuple[UUID, ...]:
    return tuple(span.log_id for span in statement.spans)
