"""What becomes of a ledger whose mission is opened again: the next closing begins with an empty one.

A closing that is merely called off leaves the ledger: the mission never closed, what was counted and disposed
of is so, and a ledger may be begun before any closing (decision 0024). What was handed over by a closing that
came to its end is not there any more; a decision for a State was of that closing, and says nothing of others.
"""

from collections.abc import Mapping
from dataclasses import replace

from services.registry.handover.entries import ArchiveUnit
from shared.contracts.registry import HandoverReopened
from shared.domain import Text

REOPENED = Text(en="The mission was opened again.", ar="أُعيد فتح البعثة.")
"""The reason by which older events tell that the mission was opened again."""


def begins_anew(event: HandoverReopened) -> bool:
    """Whether the ledger is empty from then on; older events tell it by their reason alone."""
    return event.reason == REOPENED if event.anew is None else event.anew


def still_bound(
    bound: Mapping[str, ArchiveUnit], archives: Mapping[str, ArchiveUnit]
) -> dict[str, ArchiveUnit]:
    """The units of the archives, by key, of which oversight said what a reopening does not take back.

    What is held from destruction stays so until oversight releases it, and whoever released a unit does not
    witness its destruction under the same key. Where a unit is kept, or that it is gone, does not stay.
    """
    left = {key: unit for key, unit in {**bound, **archives}.items() if not unit.destroyed}
    return {key: replace(unit, placed=False) for key, unit in left.items() if unit.held or unit.released_by}
