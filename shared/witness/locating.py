"""Where a log differs from what was received of it, shown by proofs of its own."""

from collections.abc import Sequence

from shared.eventstore.log.note import Checkpoint
from shared.eventstore.log.proof import (
    BadProof,
    inclusion_ranges,
    perfect_parts,
    root_of_parts,
    verify_inclusion,
)
from shared.eventstore.log.tree import peaks_of
from shared.witness.source import Source
from shared.witness.statement import Contradiction


async def first_difference(source: Source, checkpoint: Checkpoint, own: Sequence[bytes]) -> int | None:
    """Return the first position whose leaf under a checkpoint is not our own; None where it is not proved.

    Each inclusion proof gives the roots of all that is beside its leaf. The first of those to the right that
    is not the root of our own leaves holds the first difference: its first leaf is asked for next. So as
    many questions are asked as the tree is high, and each answer is bound to the signed root.
    """
    index: int | None = 0
    while index is not None:
        try:
            leaf, path = await source.inclusion(index + 1, checkpoint.size)
            verify_inclusion(leaf, index, checkpoint.size, path, checkpoint.root)
        except (Contradiction, BadProof):
            return None
        if leaf != own[index]:
            return index + 1
        ranges = zip(inclusion_ranges(index, checkpoint.size), path, strict=True)
        here = index
        index = next(
            (start for (start, end), root in ranges if start > here and root_of(own, start, end) != root),
            None,
        )
    return None


def root_of(leaves: Sequence[bytes], start: int, end: int) -> bytes:
    """The root over some of the leaves of a tree: from index `start` up to before `end`."""
    return root_of_parts([peaks_of(leaves[a:b])[0] for a, b in perfect_parts(start, end)])
