"""The handover of a mission: a ledger of everything that must have a successor, an owner or a fate."""

from dataclasses import field, replace
from datetime import date, datetime

from services.registry.handover.acts import entry_of, follows_another
from services.registry.handover.anew import begins_anew, still_bound
from services.registry.handover.conditions import SPEAKS_OF
from services.registry.handover.entries import (
    ArchiveUnit,
    Cases,
    Commitment,
    Employee,
    Items,
    Premises,
    StateSettled,
)
from shared.contracts import registry as said
from shared.contracts.event import Event
from shared.domain import Aggregate


class Handover(Aggregate):
    """The handover of one mission, under the mission's own id.

    It may be begun before the closing is announced: an inventory takes its time. Rules are in modules by
    subject: `representation`, `people`, `custody`, `estate`, `signing`; what they enter goes by `entering`.
    `signatures` has who answers for each, `deputies` who acted where that was another; `signed_at` is the
    effective moment of the last, `reopened_at` that from which the former count no longer. `acted_at` has
    that of the last act on each entry (``archives/box-1``), `entered_at` that of the last entry that speaks
    of a closing condition.

    Once the mission was opened again nothing of the former ledger counts: since `begun_anew_at` it is
    another, empty, and takes the same keys anew. Only what oversight said of the archives stays, in `bound`:
    that was not of the closing. A closing that was merely called off leaves all but the signatures.
    """

    kind = "handover"
    snapshot_version = 6

    states: dict[str, StateSettled] = field(default_factory=dict)
    district: str | None = None
    cases: dict[str, Cases] = field(default_factory=dict)
    employees: dict[str, Employee] = field(default_factory=dict)
    archives: dict[str, ArchiveUnit] = field(default_factory=dict)
    items: dict[str, Items] = field(default_factory=dict)
    premises: dict[str, Premises] = field(default_factory=dict)
    assets: dict[str, int] = field(default_factory=dict)
    stop_date: date | None = None
    commitments: dict[str, Commitment] = field(default_factory=dict)
    signatures: dict[str, str] = field(default_factory=dict)
    deputies: dict[str, str] = field(default_factory=dict)
    signed_at: datetime | None = None
    reopened_at: datetime | None = None
    acted_at: dict[str, datetime] = field(default_factory=dict)
    entered_at: dict[str, datetime] = field(default_factory=dict)
    bound: dict[str, ArchiveUnit] = field(default_factory=dict)
    begun_anew_at: datetime | None = None

    @property
    def signers(self) -> frozenset[str]:
        """Everybody who signed, or on whose behalf somebody did."""
        return frozenset((*self.signatures.values(), *self.deputies.values()))

    @property
    def changed_at(self) -> datetime | None:
        """The effective moment of the latest act in the ledger."""
        return max(self.acted_at.values(), default=None)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        if (entry := entry_of(event)) is not None:
            if follows_another(event) and entry.name not in self.acted_at:
                return  # older logs have acts of a new closing on entries of the former
            last = self.acted_at.get(entry.name, self.last_effective_at)
            self.acted_at[entry.name] = max(last, self.last_effective_at)
        if (condition := SPEAKS_OF.get(type(event))) is not None:
            last = self.entered_at.get(condition, self.last_effective_at)
            self.entered_at[condition] = max(last, self.last_effective_at)
        match event:
            case said.HandoverStateSettled(state=state):
                self.states[state] = StateSettled(
                    event.succession, event.successor, event.power, event.reference
                )
            case said.HandoverDistrictTransferred(to=to):
                self.district = to
            case said.HandoverCasesCounted(group=group):
                known = self.cases.get(group, Cases(0))
                self.cases[group] = replace(known, open=event.open)
            case said.HandoverCasesAssigned(group=group):
                known = self.cases[group]
                self.cases[group] = replace(known, owned=known.owned + event.count)
            case said.HandoverSigned(signatory=signatory):
                self.signatures[signatory.value] = event.by
                if event.deputy is not None:
                    self.deputies[signatory.value] = event.deputy
                self.signed_at = max(self.signed_at or self.last_effective_at, self.last_effective_at)
            case said.HandoverReopened():
                self.signatures, self.deputies, self.signed_at = {}, {}, None
                self.reopened_at = self.last_effective_at
                if begins_anew(event):
                    self._begin_anew()
            case _:
                self._evolve_people(event)
                self._evolve_custody(event)
                self._evolve_property(event)

    def _begin_anew(self) -> None:
        self.bound = still_bound(self.bound, self.archives)
        self.states, self.district, self.cases, self.employees = {}, None, {}, {}
        self.archives, self.items, self.premises, self.assets = {}, {}, {}, {}
        self.stop_date, self.commitments = None, {}
        self.acted_at, self.entered_at = {}, {}
        self.begun_anew_at = self.last_effective_at

    def _evolve_people(self, event: Event) -> None:
        match event:
            case said.HandoverEmployeeListed(employee=employee):
                self.employees[employee] = Employee()
            case said.HandoverEmployeeNotified(employee=employee):
                self.employees[employee] = replace(self.employees[employee], notified=True)
            case said.HandoverEmployeeSettled(employee=employee):
                self.employees[employee] = replace(self.employees[employee], settled=True)
            case said.HandoverEmployeeClaimed(employee=employee):
                self.employees[employee] = replace(self.employees[employee], claimed=True)

    def _evolve_custody(self, event: Event) -> None:
        match event:
            case said.HandoverArchiveListed(item=item):
                unit = self.archives.get(item) or self.bound.get(item) or ArchiveUnit(event.held)
                self.archives[item] = replace(unit, held=event.held)
            case said.HandoverArchiveReleased(item=item):
                unit = self.archives[item]
                self.archives[item] = replace(unit, held=False, released_by=(*unit.released_by, *event.by))
            case said.HandoverArchivePlaced(item=item):
                self.archives[item] = replace(self.archives[item], placed=True)
            case said.HandoverArchiveDestroyed(item=item):
                self.archives[item] = replace(self.archives[item], destroyed=True)
            case said.HandoverItemsCounted(item=item):
                self.items[item] = Items(event.item_kind, event.quantity)
            case said.HandoverItemsDisposed(item=item):
                self.items[item] = replace(self.items[item], left=event.left)

    def _evolve_property(self, event: Event) -> None:
        match event:
            case said.HandoverPremisesListed(premises=premises):
                self.premises[premises] = Premises(event.leased)
            case said.HandoverPremisesDisposed(premises=premises):
                known = self.premises[premises]
                self.premises[premises] = replace(
                    known, disposition=event.disposition, custodian=event.custodian
                )
            case said.HandoverAssetsCounted(category=category):
                self.assets[category] = event.quantity
            case said.HandoverAssetsDisposed(category=category):
                self.assets[category] = event.left
            case said.HandoverStopDateSet(on=on):
                self.stop_date = on
            case said.HandoverCommitmentEntered(commitment=commitment):
                self.commitments[commitment] = Commitment(event.until)
            case said.HandoverCommitmentEnded(commitment=commitment):
                self.commitments[commitment] = Commitment(event.until)
