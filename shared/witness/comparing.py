"""The comparison of a signed root with what was received; and where they differ, who is to blame."""

from shared.contracts.witness import Finding
from shared.eventstore.log.note import Checkpoint
from shared.witness.locating import first_difference, root_of
from shared.witness.own_copy import OwnCopy
from shared.witness.source import Source
from shared.witness.statement import Contradiction, Statement

MOST_UNFIT = 16
"""Copies that were changed, up to which the source's log is searched for other differences behind them."""


async def check_gap(statement: Statement, own: OwnCopy) -> int:
    """Return how far the received events of the log in force go without a gap; raise where there is one.

    What was read already is not looked through again.

    Raises:
        Contradiction: an event that was received is missing.
    """
    parts = statement.parts()
    taken_in = max(await own.leaves.taken_in(parts), await own.leaves.received(parts))
    unbroken = await own.leaves.unbroken(parts, own.read(statement))
    if unbroken < taken_in:
        own.forget()
        raise Contradiction(
            Finding.OWN_COPY,
            f"the event at position {unbroken + 1} is missing among the {taken_in} that were received",
            position=unbroken + 1,
        )
    return unbroken


async def compare(source: Source, statement: Statement, checkpoint: Checkpoint, own: OwnCopy) -> None:
    """Compare the root of a checkpoint with that of the events that were received.

    Where they differ, the leaves are computed anew from the copies before the source is accused: a copy that
    does not fit itself says nothing about the source's log.

    Raises:
        Contradiction: they differ; `OWN_COPY` where that is explained by copies that were changed.
        NotReceived, NotAnswered.
    """
    if await own.root(statement, checkpoint.size) == checkpoint.root:
        return
    own.forget()
    leaves = await own.all(statement, checkpoint.size)
    unfit = await own.leaves.unfit(statement.parts(), checkpoint.size)
    for position, leaf in unfit.items():
        leaves[position - 1] = leaf
    for _ in range(MOST_UNFIT):
        if root_of(leaves, 0, checkpoint.size) == checkpoint.root:
            break
        different = await first_difference(source, checkpoint, leaves)
        if different not in unfit:
            raise Contradiction(
                Finding.OTHER_EVENTS,
                f"its first {checkpoint.size} events are not those that were received",
                checkpoint.size,
                different,
            )
        leaves[different - 1], _path = await source.inclusion(different, checkpoint.size)
    if unfit:
        first = min(unfit)
        raise Contradiction(
            Finding.OWN_COPY,
            f"the copy of the event at position {first} does not fit itself: it was changed after it was "
            "received",
            checkpoint.size,
            first,
        )
