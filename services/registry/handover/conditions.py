"""Of which closing condition each entry of the ledger speaks (product design, "Mission").

By number, as the answers of HTTP can tell it.
"""

from shared.contracts import registry as said
from shared.contracts.event import Event

SPEAKS_OF: dict[type[Event], str] = {
    said.HandoverStateSettled: "3",
    said.HandoverDistrictTransferred: "4",
    said.HandoverCasesCounted: "4",
    said.HandoverCasesAssigned: "4",
    said.HandoverEmployeeListed: "6",
    said.HandoverEmployeeNotified: "6",
    said.HandoverEmployeeSettled: "6",
    said.HandoverEmployeeClaimed: "6",
    said.HandoverArchiveListed: "7",
    said.HandoverArchiveReleased: "7",
    said.HandoverArchivePlaced: "7",
    said.HandoverArchiveDestroyed: "7",
    said.HandoverItemsCounted: "8",
    said.HandoverItemsDisposed: "8",
    said.HandoverPremisesListed: "9",
    said.HandoverPremisesDisposed: "9",
    said.HandoverAssetsCounted: "10",
    said.HandoverAssetsDisposed: "10",
    said.HandoverStopDateSet: "11",
    said.HandoverCommitmentEntered: "11",
    said.HandoverCommitmentEnded: "11",
}
