"""Measures: the rows of a decree's tables."""

from datetime import date
from enum import StrEnum

from shared.contracts.identity import Token
from shared.contracts.registry.base import Confidence, Fact, MissionKind, RegistryEvent
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
    TARGET_UNKNOWN = "target-unknown"


class Target(Fact):
    """What a row wants beside a mission and a receiver; which part is needed depends on its kind.

    `mission_kind` is what the mission becomes (`downgrade`, `upgrade`) or is opened as, `city` where it goes
    (`relocate`), and `posts` how many posts are left to it (`reduce-staff`).
    """

    mission_kind: MissionKind | None = None
    city: Text | None = None
    posts: int | None = None


class MeasureListed(RegistryEvent, type="measure.listed"):
    """A row of a decree's table was entered; None stands for what no source tells.

    `amended_by` is the decree that added the row, where the decree itself did not have it, and `on` the day
    from which it did; older events tell no day.
    """

    decree: Token
    article: Token
    row: int
    measure_kind: MeasureKind
    mission: Token | None
    receiver: Token | None
    feasibility: Feasibility
    confidence: Confidence
    note: Text | None = None
    target: Target | None = None
    amended_by: Token | None = None
    on: date | None = None


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
    target: Target | None = None


class MeasureOrdered(RegistryEvent, type="measure.ordered"):
    """The measure is to be carried out, by the procedure named where the decree names one.

    `host` is the country of the mission's host State (ISO 3166-1 alpha-2).
    """

    decree: Token
    article: Token
    row: int
    measure_kind: MeasureKind
    mission: Token
    receiver: Token | None
    procedure: Token | None = None
    target: Target | None = None
    host: str | None = None


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


class MeasureAssessed(RegistryEvent, type="measure.assessed"):
    """Somebody said whether law and custom let the measure be carried out, with a note."""

    decree: Token
    article: Token
    feasibility: Feasibility
    note: Text


class RowText(Fact):
    """What an amendment says of a row; what is None it leaves as it was."""

    mission: Token | None = None
    receiver: Token | None = None
    target: Target | None = None


class MeasureRetargeted(RegistryEvent, type="measure.retargeted"):
    """The decree `by` gave the row another mission, receiver or target from the day `on`.

    `mission`, `receiver` and `target` are those of the row as it stands now. Where an amendment that is later
    in law was entered first, they are not all what this one `says`; None in older events, in which they are.

    A row whose mission is another one now is listed, and to be ordered again; otherwise it goes on, and what
    was done for the former receiver and is not irreversible counts no longer: `void` are the closing
    conditions whose evidence is to be given anew.
    """

    decree: Token
    article: Token
    by: Token
    on: date
    mission: Token | None
    receiver: Token | None
    target: Target | None
    former_mission: Token | None
    former_receiver: Token | None
    void: tuple[int, ...] = ()
    note: Text | None = None
    says: RowText | None = None


class MeasureAmendedInPast(RegistryEvent, type="measure.amended-in-past"):
    """The decree `by` changed the row from the day `on`, and what is later in law had been entered before.

    It tells what the row said for the days between, and does not move the present: what was ordered goes on,
    and a row that was dropped stays so. `mission`, `receiver` and `target` are what the row says now, or said
    when it was dropped. `dropped` tells of a row that it took out earlier than what was known to.
    """

    decree: Token
    article: Token
    by: Token
    on: date
    mission: Token | None
    receiver: Token | None
    target: Target | None = None
    says: RowText = RowText()
    dropped: bool = False
    note: Text | None = None


class MeasureDropped(RegistryEvent, type="measure.dropped"):
    """The decree `by` dropped the row, or ended the decree, from the day `on`: it is not carried out."""

    decree: Token
    article: Token
    mission: Token | None
    receiver: Token | None
    by: Token
    on: date
