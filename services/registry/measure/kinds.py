"""Why a measure cannot be ordered, as far as its own row tells."""

from shared.contracts.registry import BlockReason, MeasureKind, Target
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
    BlockReason.TARGET_UNKNOWN: Text(
        en="No source tells what the mission becomes: its kind, its city or its number of posts.",
        ar="لا يوجد مصدر يبيّن ما تصير إليه البعثة: نوعها أو مدينتها أو عدد وظائفها.",
    ),
}

_PART = {
    MeasureKind.DOWNGRADE: "mission_kind",
    MeasureKind.UPGRADE: "mission_kind",
    MeasureKind.RELOCATE: "city",
    MeasureKind.REDUCE_STAFF: "posts",
}
"""The part of the target that a kind of measure cannot do without."""


def wanted_part(kind: MeasureKind) -> str | None:
    """Name the part of the target that is needed, or None."""
    return _PART.get(kind)


def merged(known: Target | None, given: Target | None) -> Target | None:
    """Return a target with what is given in it instead of what was known."""
    if known is None or given is None:
        return given or known
    return known.model_copy(update={part: value for part, value in given if value is not None})


def obstacle(
    kind: MeasureKind, mission: str | None, receiver: str | None, target: Target | None
) -> BlockReason | None:
    """Return why a measure cannot be ordered, as far as its own row tells, or None."""
    if mission is None:
        return BlockReason.MISSION_UNKNOWN
    if receiver is None and kind.needs_receiver:
        return BlockReason.RECEIVER_UNKNOWN
    part = wanted_part(kind)
    if part is not None and (target is None or getattr(target, part) is None):
        return BlockReason.TARGET_UNKNOWN
    return None
