"""Missions abroad, from their registration to their closing."""

from datetime import date
from enum import StrEnum

from shared.contracts.identity import Token
from shared.contracts.registry.base import Confidence, Fact, MissionKind, Provenance, RegistryEvent
from shared.contracts.text import Text


class MissionRegistered(RegistryEvent, type="mission.registered"):
    """A mission became known. `host` and `accreditations` are ISO 3166-1 alpha-2 codes.

    One that is `planned` is not there yet: a measure opens it. `posts` is its establishment, where known.
    """

    mission_kind: MissionKind
    name: Text
    host: str
    city: Text
    accreditations: tuple[str, ...]
    confidence: Confidence
    provenance: Provenance
    planned: bool = False
    posts: int | None = None


class MissionOpened(RegistryEvent, type="mission.opened"):
    """A planned mission was opened by a measure."""

    decree: Token
    measure: Token


class MissionReopened(RegistryEvent, type="mission.reopened"):
    """A closed mission was opened again by a measure; what its closing gave to others stays with them.

    It answers for its host and its own accreditations, not for the States that it had taken over.
    """

    decree: Token
    measure: Token


class MissionKindChanged(RegistryEvent, type="mission.kind-changed"):
    """The mission was downgraded or upgraded."""

    decree: Token
    measure: Token
    former: MissionKind
    mission_kind: MissionKind


class MissionRelocated(RegistryEvent, type="mission.relocated"):
    """The mission moved to another city of its host State."""

    decree: Token
    measure: Token
    former: Text
    city: Text


class MissionEstablishmentCut(RegistryEvent, type="mission.establishment-cut"):
    """So many posts are left to the mission; nobody is posted beyond them."""

    decree: Token
    measure: Token
    former: int | None
    posts: int


class MissionAccredited(RegistryEvent, type="mission.accredited"):
    """The mission answers for a further State, where nobody resides; `reference` is the agrément."""

    mission: Token
    state: str
    reference: str
    from_mission: Token | None = None


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


class MissionRetargeted(RegistryEvent, type="mission.retargeted"):
    """The closing mission goes to another receiver, by an amendment.

    `void` are the conditions whose evidence spoke of the former receiver and counts no longer, `waivers_void`
    those whose waivers did.
    """

    decree: Token
    measure: Token
    receiver: Token | None
    former_receiver: Token | None
    void: tuple[int, ...]
    waivers_void: tuple[int, ...] = ()


class MissionClosingCancelled(RegistryEvent, type="mission.closing-cancelled"):
    """The closing is called off, since its measure was dropped or is about another mission now."""

    decree: Token
    measure: Token
    receiver: Token | None


class MissionReceivingEnded(RegistryEvent, type="mission.receiving-ended"):
    """`from_mission` does not merge into this mission any more."""

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


class MissionAnnounced(RegistryEvent, type="mission.announced"):
    """The closing was announced to the public; `reference` is the announcement."""

    decree: Token
    measure: Token
    reference: str


class MissionServicesStopped(RegistryEvent, type="mission.services-stopped"):
    """The mission takes no new requests from the public any more."""

    decree: Token
    measure: Token
    reference: str


class MissionConditionWaived(RegistryEvent, type="mission.condition-waived"):
    """Somebody who may answers for it that the mission closes though a condition is not met.

    `by` is the subject; `reference` the letter in which it is decided, `reason` is published as it is.
    """

    decree: Token
    measure: Token
    condition: int
    by: str
    reference: str
    reason: Text


class Reservation(Fact):
    """A condition that was not met when the mission closed, and who answers for that."""

    condition: int
    by: str
    reference: str


class MissionClosed(RegistryEvent, type="mission.closed"):
    """The mission is closed; `successor` takes its accreditations, its district and its cases.

    `accreditations` are the States that it answered for, its host first (ISO 3166-1 alpha-2). With
    `reservations` it closed though these conditions were not met.
    """

    decree: Token
    measure: Token
    successor: Token | None
    public_on: date
    official_on: date
    accreditations: tuple[str, ...]
    reservations: tuple[Reservation, ...] = ()


class MissionSettled(RegistryEvent, type="mission.settled"):
    """After the closing its accounts were closed and audited; `reference` is the audit."""

    decree: Token
    measure: Token
    reference: str


class MissionArchived(RegistryEvent, type="mission.archived"):
    """The file of the closing was closed."""

    decree: Token
    measure: Token
    reference: str
