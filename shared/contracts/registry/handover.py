"""What a closing mission hands over: States, district and cases, local employees, archives, items, property.

Local employees are known by random ids, things by the keys that the mission gives them. Nothing personal
stands here. `reference` is the number of a letter, minute or decision.
"""

from datetime import date
from enum import StrEnum

from shared.contracts.identity import Token
from shared.contracts.registry.base import RegistryEvent
from shared.contracts.text import Text


class HandoverFact(RegistryEvent):
    """What every event of a handover says: whose it is."""

    mission: Token


class Succession(StrEnum):
    """What becomes of the representation in a State when a mission leaves it."""

    SUCCESSOR = "successor"
    PROTECTING_POWER = "protecting-power"
    GAP = "gap"


class HandoverStateSettled(HandoverFact, type="handover.state-settled"):
    """A State that the mission answers for got a successor, a protecting power, or the decision for a gap.

    `state` and `power` are ISO 3166-1 alpha-2 codes.
    """

    state: str
    succession: Succession
    successor: Token | None
    power: str | None
    reference: str


class HandoverDistrictTransferred(HandoverFact, type="handover.district-transferred"):
    """The consular district went to another mission, the host State consenting by `consent`."""

    to: Token
    consent: str


class HandoverCasesCounted(HandoverFact, type="handover.cases-counted"):
    """So many consular cases of a group are open; a later count takes the place of an earlier one."""

    group: Token
    open: int


class HandoverCasesAssigned(HandoverFact, type="handover.cases-assigned"):
    """So many open cases of a group got an owner: a mission or a department."""

    group: Token
    count: int
    owner: Token
    reference: str


class HandoverEmployeeListed(HandoverFact, type="handover.employee-listed"):
    """A local employee, known by a random id, works there."""

    employee: Token


class HandoverEmployeeNotified(HandoverFact, type="handover.employee-notified"):
    """A local employee was given notice under the law of the host State."""

    employee: Token
    reference: str


class HandoverEmployeeSettled(HandoverFact, type="handover.employee-settled"):
    """A local employee's dues are settled."""

    employee: Token
    reference: str


class HandoverEmployeeClaimed(HandoverFact, type="handover.employee-claimed"):
    """A local employee has a claim, which is recorded and does not keep the mission open."""

    employee: Token
    reference: str


class HandoverArchiveListed(HandoverFact, type="handover.archive-listed"):
    """A unit of the archives is there; `held` says that it must not be destroyed."""

    item: Token
    title: Text
    held: bool


class HandoverArchiveReleased(HandoverFact, type="handover.archive-released"):
    """A unit of the archives is no longer held from destruction.

    `by` are the subjects who released it: who acted, and on whose behalf. They never witness a destruction.
    """

    item: Token
    by: tuple[str, ...]
    reference: str


class HandoverArchivePlaced(HandoverFact, type="handover.archive-placed"):
    """A unit of the archives went to a place where it is kept."""

    item: Token
    place: Token
    reference: str


class HandoverArchiveDestroyed(HandoverFact, type="handover.archive-destroyed"):
    """A unit of the archives was destroyed before two witnesses, named by their subjects."""

    item: Token
    witnesses: tuple[str, str]
    reference: str


class ItemKind(StrEnum):
    """Accountable items: each is accounted for until none is left."""

    SEAL = "seal"
    BLANK_DOCUMENT = "blank-document"
    CRYPTO = "crypto"


class Disposal(StrEnum):
    """What became of items or assets."""

    RETURNED = "returned"
    TRANSFERRED = "transferred"
    DESTROYED = "destroyed"
    SOLD = "sold"
    WRITTEN_OFF = "written-off"


class HandoverItemsCounted(HandoverFact, type="handover.items-counted"):
    """So many accountable items under one key are at the mission by its register."""

    item: Token
    item_kind: ItemKind
    quantity: int


class HandoverItemsDisposed(HandoverFact, type="handover.items-disposed"):
    """Some accountable items left the register; `left` are those that are still to be accounted for."""

    item: Token
    quantity: int
    disposal: Disposal
    reference: str
    left: int


class Disposition(StrEnum):
    """What becomes of premises."""

    KEPT = "kept"
    LET = "let"
    SOLD = "sold"
    LEASE_ENDED = "lease-ended"
    TRANSFERRED = "transferred"


class HandoverPremisesListed(HandoverFact, type="handover.premises-listed"):
    """Premises belong to the mission."""

    premises: Token
    title: Text
    leased: bool


class HandoverPremisesDisposed(HandoverFact, type="handover.premises-disposed"):
    """It was decided what becomes of premises, and `custodian` (a mission or department) looks after them."""

    premises: Token
    disposition: Disposition
    custodian: Token
    reference: str


class HandoverAssetsCounted(HandoverFact, type="handover.assets-counted"):
    """So many assets of a category are in the inventory; a later count takes the place of an earlier one."""

    category: Token
    quantity: int


class HandoverAssetsDisposed(HandoverFact, type="handover.assets-disposed"):
    """Some assets left the inventory; `left` are those without a fate."""

    category: Token
    quantity: int
    disposal: Disposal
    reference: str
    left: int


class HandoverStopDateSet(HandoverFact, type="handover.stop-date-set"):
    """No commitment of the mission is dated after this day."""

    on: date


class HandoverCommitmentEntered(HandoverFact, type="handover.commitment-entered"):
    """The mission has a commitment that lasts until a day."""

    commitment: Token
    title: Text
    until: date


class HandoverCommitmentEnded(HandoverFact, type="handover.commitment-ended"):
    """A commitment was ended, or made to end earlier: on the day `until`."""

    commitment: Token
    until: date
    reference: str


class Signatory(StrEnum):
    """Who signs the closing minutes: three distinct people."""

    OUTGOING = "outgoing"
    RECEIVING = "receiving"
    INSPECTION = "inspection"


class HandoverSigned(HandoverFact, type="handover.signed"):
    """Somebody signed the closing minutes in one of three capacities.

    `by` is the subject who answers for it. Where somebody signed on behalf of a head that is the head, and
    `deputy` who acted; older signatures do not tell who did.
    """

    signatory: Signatory
    by: str
    reference: str
    deputy: str | None = None


class HandoverReopened(HandoverFact, type="handover.reopened"):
    """The signatures count no longer; `reason` tells why.

    The closing was called off or the mission opened again, it goes to another receiver, or the ledger was
    changed after they were given. `anew` says that the mission was opened again, so that nothing of its
    ledger counts any more: the next closing begins with an empty one. Older events leave that to `reason`.
    """

    reason: Text
    anew: bool | None = None
