"""Acts in the ledger: on which entry each is, and to which closing condition that entry belongs."""

from dataclasses import dataclass

from shared.contracts import registry as said
from shared.contracts.event import Event

_ACTS: dict[type[Event], tuple[str, str | None, int]] = {
    said.HandoverStateSettled: ("states", "state", 3),
    said.HandoverDistrictTransferred: ("district", None, 4),
    said.HandoverCasesCounted: ("cases", "group", 4),
    said.HandoverCasesAssigned: ("cases", "group", 4),
    said.HandoverEmployeeListed: ("employees", "employee", 6),
    said.HandoverEmployeeNotified: ("employees", "employee", 6),
    said.HandoverEmployeeSettled: ("employees", "employee", 6),
    said.HandoverEmployeeClaimed: ("employees", "employee", 6),
    said.HandoverArchiveListed: ("archives", "item", 7),
    said.HandoverArchiveReleased: ("archives", "item", 7),
    said.HandoverArchivePlaced: ("archives", "item", 7),
    said.HandoverArchiveDestroyed: ("archives", "item", 7),
    said.HandoverItemsCounted: ("items", "item", 8),
    said.HandoverItemsDisposed: ("items", "item", 8),
    said.HandoverPremisesListed: ("premises", "premises", 9),
    said.HandoverPremisesDisposed: ("premises", "premises", 9),
    said.HandoverAssetsCounted: ("assets", "category", 10),
    said.HandoverAssetsDisposed: ("assets", "category", 10),
    said.HandoverStopDateSet: ("stop_date", None, 11),
    said.HandoverCommitmentEntered: ("commitments", "commitment", 11),
    said.HandoverCommitmentEnded: ("commitments", "commitment", 11),
}
"""By event: the part of the ledger, the field with the key in it, and the closing condition."""


_FOLLOWING = (
    said.HandoverCasesAssigned,
    said.HandoverEmployeeNotified,
    said.HandoverEmployeeSettled,
    said.HandoverEmployeeClaimed,
    said.HandoverArchiveReleased,
    said.HandoverArchivePlaced,
    said.HandoverArchiveDestroyed,
    said.HandoverItemsDisposed,
    said.HandoverPremisesDisposed,
    said.HandoverAssetsDisposed,
    said.HandoverCommitmentEnded,
)
"""Acts on what another act has entered."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger, such as ``archives/box-1``, and the closing condition that it belongs to."""

    name: str
    condition: int


def entry_of(event: Event) -> Entry | None:
    """Return the entry on which an event is an act; None for signatures, which are of the whole ledger."""
    if type(event) not in _ACTS:
        return None
    part, field, condition = _ACTS[type(event)]
    return Entry(part if field is None else f"{part}/{getattr(event, field)}", condition)


def follows_another(event: Event) -> bool:
    """Whether an event is an act on what another act has entered: without that it says nothing."""
    return isinstance(event, _FOLLOWING)
