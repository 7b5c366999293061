"""What each kind of measure needs and does."""

from shared.contracts.registry import BlockReason, MeasureKind
from shared.domain import Text

NEED_RECEIVER = frozenset({MeasureKind.MERGE})
"""Kinds that cannot be ordered without a receiving mission."""

CLOSE_THE_MISSION = frozenset({MeasureKind.MERGE, MeasureKind.CLOSE})
"""Kinds whose order announces the closing of the mission, and which its closing executes."""

EXPLANATIONS = {
    BlockReason.MISSION_UNKNOWN: Text(
        en="No source tells which mission this row is about.",
        ar="لا يوجد مصدر يبيّن البعثة التي يخصها هذا الصف.",
    ),
    BlockReason.RECEIVER_UNKNOWN: Text(
        en="No source tells which mission receives the merged one.",
        ar="لا يوجد مصدر يبيّن البعثة التي تُضم إليها البعثة الملغاة.",
    ),
}


def obstacle(kind: MeasureKind, mission: str | None, receiver: str | None) -> BlockReason | None:
    """Return why a measure cannot be ordered, as far as its own row tells, or None."""
    if mission is None:
        return BlockReason.MISSION_UNKNOWN
    if receiver is None and kind in NEED_RECEIVER:
        return BlockReason.RECEIVER_UNKNOWN
    return None
