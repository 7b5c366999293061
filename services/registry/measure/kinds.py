"""Why a measure cannot be ordered, as far as its own row tells."""

from shared.contracts.registry import BlockReason, MeasureKind
from shared.domain import Text

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
    if receiver is None and kind.needs_receiver:
        return BlockReason.RECEIVER_UNKNOWN
    return None
