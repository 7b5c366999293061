"""What the registry publishes: departments, decrees, measures, missions and staff. All of it is public."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.calendar import Roll
from shared.contracts.event import Event
from shared.contracts.identity import Token
from shared.contracts.text import Text


class RegistryEvent(Event, service="registry"):
    """An event of the registry."""


class Fact(BaseModel):
    """A part of a payload."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Confidence(StrEnum):
    """How sure the source of a fact makes us."""

    CONFIDENT = "confident"
    LIKELY = "likely"
    UNCERTAIN = "uncertain"
    UNKNOWN = "unknown"


class Provenance(StrEnum):
    """Where a record comes from: a source, general knowledge, or nowhere at all."""

    SOURCED = "sourced"
    SAMPLE = "sample"
    FICTITIOUS = "fictitious"


# --- departments ---------------------------------------------------------------------------------


class DepartmentRegistered(RegistryEvent, type="department.registered"):
    """A department, or an authority outside the ministry, became known under its key."""

    name: Text


# --- organisation --------------------------------------------------------------------------------


class Competence(Fact):
    """The authority (a department's key) that alone decides on the postings of a category of staff."""

    category: Token
    title: Text
    authority: Token


class CompetencesDeclared(RegistryEvent, type="organisation.competences-declared"):
    """It was declared which authorities decide on these categories, in addition to those of before."""

    competences: tuple[Competence, ...]


# --- decrees -------------------------------------------------------------------------------------


class Article(Fact):
    """An article of a decree, and the ids of the measures (rows of its table) that it orders."""

    article: Token
    text: Text
    measures: tuple[Token, ...] = ()


class Objective(Fact):
    """What the decree is for."""

    key: Token
    text: Text


class Obligation(Fact):
    """Something an article demands by a deadline rule, for example the report of Article 3.

    `rule` is in the words of `shared.calendar.Rule` (``1 month of announced_on``), `anchored_on` the
    date of the decree that it names; `task` is the number of its task in the procedure.
    """

    key: Token
    article: Token
    title: Text
    rule: str
    anchored_on: date
    roll: Roll
    task: int | None = None


class DecreeIssued(RegistryEvent, type="decree.issued"):
    """A decree was issued. Its articles name every measure that belongs to it, for good.

    `procedure` is the key of the procedure template by which its measures are carried out.
    """

    number: int
    year: int
    uri: str
    title: Text
    issuer: Text
    announced_on: date
    signed_on: date | None = None
    articles: tuple[Article, ...]
    objectives: tuple[Objective, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    procedure: Token | None = None


class DecreeEnteredIntoForce(RegistryEvent, type="decree.entered-into-force"):
    """The decree binds from `on`."""

    on: date


class HoldCondition(Fact):
    """What must be there before a hold is lifted."""

    key: Token
    text: Text


class DecreeHeld(RegistryEvent, type="decree.held"):
    """Execution was held by the oversight authority `by`.

    The hold covers the whole decree, or only `article`, or only `measure` where one is named. `holder`
    is the department of whoever placed it, or the subject where that has none: the holder alone lifts it.
    `reason` is published as it is written.
    """

    hold: Token
    by: Token
    holder: str
    reason: Text
    conditions: tuple[HoldCondition, ...]
    article: Token | None = None
    measure: Token | None = None


class MetCondition(Fact):
    """How a condition of a hold was met: letter numbers or other references."""

    key: Token
    evidence: tuple[str, ...]


class DecreeResumed(RegistryEvent, type="decree.resumed"):
    """One hold was lifted, every condition of it being met."""

    hold: Token
    met: tuple[MetCondition, ...]
    reason: Text
    article: Token | None = None
    measure: Token | None = None


class DecreeExecuted(RegistryEvent, type="decree.executed"):
    """Every measure of the decree was executed, and a person said so."""


# --- measures ------------------------------------------------------------------------------------


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


# --- missions ------------------------------------------------------------------------------------


class MissionKind(StrEnum):
    """Kinds of missions abroad."""

    EMBASSY = "embassy"
    PERMANENT_MISSION = "permanent-mission"
    CONSULATE_GENERAL = "consulate-general"
    CONSULATE = "consulate"
    LIAISON_OFFICE = "liaison-office"
    ATTACHE_OFFICE = "attache-office"


class MissionRegistered(RegistryEvent, type="mission.registered"):
    """A mission became known. `host` and `accreditations` are ISO 3166-1 alpha-2 codes."""

    mission_kind: MissionKind
    name: Text
    host: str
    city: Text
    accreditations: tuple[str, ...]
    confidence: Confidence
    provenance: Provenance


class MissionStaffJoined(RegistryEvent, type="mission.staff-joined"):
    """Somebody was posted to the mission, seen from the mission."""

    staff: Token
    category: Token


class StaffOutcome(StrEnum):
    """How a posting ends."""

    REASSIGNED = "reassigned"
    RECALLED = "recalled"
    SEPARATED = "separated"


class MissionStaffLeft(RegistryEvent, type="mission.staff-left"):
    """Somebody's posting at the mission ended, seen from the mission."""

    staff: Token
    outcome: StaffOutcome


class MissionClosing(RegistryEvent, type="mission.closing"):
    """The closing of the mission was announced; nobody is posted there any more."""

    decree: Token
    measure: Token
    receiver: Token | None


class MissionReceiving(RegistryEvent, type="mission.receiving"):
    """`from_mission` is to be merged into this mission: until that is done, this one stays open."""

    decree: Token
    measure: Token
    from_mission: Token


class MissionAbsorbed(RegistryEvent, type="mission.absorbed"):
    """`from_mission` has closed into this mission."""

    decree: Token
    measure: Token
    from_mission: Token


class MissionDatesSet(RegistryEvent, type="mission.dates-set"):
    """A person set when the mission closes to the public and when officially; `official_on` is T."""

    decree: Token
    measure: Token
    public_on: date
    official_on: date


class MissionConditionEvidenced(RegistryEvent, type="mission.condition-evidenced"):
    """The accepted evidence of a gate satisfies the closing condition of that number (1 to 12).

    `evidence` are references such as letter numbers; `tasks` are the tasks that it was accepted in.
    `public_on` and `official_on` are the closing dates of the timetable when it was accepted, if it had any.
    """

    decree: Token
    measure: Token
    condition: int
    tasks: tuple[Token, ...]
    evidence: tuple[str, ...]
    public_on: date | None = None
    official_on: date | None = None


class MissionClosed(RegistryEvent, type="mission.closed"):
    """The mission is closed; `successor` takes its accreditations, its district and its cases.

    `accreditations` are the States that it answered for, its host first (ISO 3166-1 alpha-2).
    """

    decree: Token
    measure: Token
    successor: Token | None
    public_on: date
    official_on: date
    accreditations: tuple[str, ...]


# --- staff ---------------------------------------------------------------------------------------


class StaffPosted(RegistryEvent, type="staff.posted"):
    """A person, known by role only, was posted. `authority` alone may end the posting."""

    mission: Token
    category: Token
    authority: Token
    provenance: Provenance


class StaffReassigned(RegistryEvent, type="staff.reassigned"):
    """A posting at `from_mission` ended with a posting at `mission`, by decision of `by`."""

    from_mission: Token
    mission: Token
    category: Token
    by: Token
    reference: str | None = None


class StaffRecalled(RegistryEvent, type="staff.recalled"):
    """A posting at `mission` ended with a return to the ministry, by decision of `by`."""

    mission: Token
    category: Token
    by: Token
    reference: str | None = None


class StaffSeparated(RegistryEvent, type="staff.separated"):
    """A posting at `mission` ended together with the service, by decision of `by`."""

    mission: Token
    category: Token
    by: Token
    reference: str | None = None
