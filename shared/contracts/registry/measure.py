"""Measures: the rows of a decree's tables."""

from enum import StrEnum

from shared.contracts.identity import Token
from shared.contracts.registry.base import Confidence, RegistryEvent
from shared.contracts.text import Text


class MeasureKind(StrEnum):
    """What a row of a decree's table does to a mission."""

    MERGE = "merge"
    CLOSE = "close"
    OPEN = "open"
    DOWNGRADE = "downgrade"
    UPGRADE = "upgrade"
    RELOCATE = "relocate"
    REDUCE_STAFF = "reduce-staff"

    @property
    def needs_receiver(self) -> bool:
        """Whether it cannot be ordered without a receiving mission."""
        return self is MeasureKind.MERGE

    @property
    def closes_mission(self) -> bool:
        """Whether its order announces the closing of the mission, which then executes it."""
        return self in (MeasureKind.MERGE, MeasureKind.CLOSE)


class Feasibility(StrEnum):
    """Whether law and custom let a measure be carried out. It warns; it never blocks."""

    NOT_ASSESSED = "not-assessed"
    FEASIBLE = "feasible"
    DOUBTFUL = "doubtful"


class BlockReason(StrEnum):
    """Why a measure cannot be ordered."""

    MISSION_UNKNOWN = "mission-unknown"
    RECEIVER_UNKNOWN = "receiver-unknown"


class MeasureListed(RegistryEvent, type="measure.listed"):
    """A row of a decree's table was entered; None stands for what no source tells."""

    decree: Token
    article: Token
    row: int
    measure_kind: MeasureKind
    mission: Token | None
    receiver: Token | None
    feasibility: Feasibility
    confidence: Confidence
    note: Text | None = None


class MeasureIdentified(RegistryEvent, type="measure.identified"):
    """A source was found for what the row left unknown, or a better one than that of before.

    `former_mission` is the mission that an earlier identification named, where this one corrects it.
    """

    decree: Token
    article: Token
    mission: Token | None
    receiver: Token | None
    confidence: Confidence
    source: str
    former_mission: Token | None = None


class MeasureOrdered(RegistryEvent, type="measure.ordered"):
    """The measure is to be carried out, by the procedure named where the decree names one."""

    decree: Token
    article: Token
    row: int
    measure_kind: MeasureKind
    mission: Token
    receiver: Token | None
    procedure: Token | None = None


class MeasureBlocked(RegistryEvent, type="measure.blocked"):
    """The measure was to be ordered and could not be."""

    decree: Token
    article: Token
    reason: BlockReason
    explanation: Text


class MeasureExecuted(RegistryEvent, type="measure.executed"):
    """The measure is done."""

    decree: Token
    article: Token
    mission: Token
    evidence: tuple[str, ...] = ()
