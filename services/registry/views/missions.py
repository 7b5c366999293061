"""Missions: where each stands, who is posted there, what it receives, what its closing has so far."""

from collections.abc import Iterable

from services.registry.views.row import OwnRows, Row, plain
from shared.contracts.registry import (
    MeasureDropped,
    MeasureIdentified,
    MeasureListed,
    MeasureRetargeted,
    MissionAbsorbed,
    MissionClosed,
    MissionClosing,
    MissionClosingCancelled,
    MissionConditionEvidenced,
    MissionDatesSet,
    MissionReceiving,
    MissionReceivingEnded,
    MissionRegistered,
    MissionRetargeted,
    MissionStaffJoined,
    MissionStaffLeft,
)
from shared.eventstore.record import Record

NOT_CLOSING = {"decree": None, "measure": None, "receiver": None, "public_on": None, "official_on": None}


class MissionsView(OwnRows):
    """One row for each mission; `decree` and `measure` name the row of a table that is about it.

    Receiver load: `receives` names the missions that are closing into this one, `absorbed` those that
    have closed into it.
    """

    name = "missions"
    kind = "mission"
    version = 3
    facets = ("state", "decree", "receiver", "host", "mission_kind")

    def keys(self, record: Record) -> Iterable[str]:
        """Name the mission's own row, or those of the missions that a measure is about."""
        match record.event:
            case MeasureIdentified(mission=mission, former_mission=former):
                return tuple(named for named in (mission, former) if named is not None)
            case MeasureRetargeted(mission=mission, former_mission=former):
                return tuple({named: None for named in (mission, former) if named is not None})
            case MeasureListed(mission=str(mission)) | MeasureDropped(mission=str(mission)):
                return (mission,)
        return super().keys(record)

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        if record.kind == "measure":
            _tell_measure(row, record)
        else:
            self._tell_own(row, record)

    def _tell_own(self, row: Row, record: Record) -> None:
        match record.event:
            case MissionRegistered() as registered:
                row |= plain(registered) | NOT_CLOSING
                row |= {"state": "open", "posted": 0, "staff": [], "evidenced": []}
                row |= {"receives": [], "absorbed": []}
            case MissionStaffJoined(staff=staff):
                row["staff"] = sorted([*row["staff"], staff])
                row["posted"] = len(row["staff"])
            case MissionStaffLeft(staff=staff):
                row["staff"] = [other for other in row["staff"] if other != staff]
                row["posted"] = len(row["staff"])
            case MissionClosing() as closing:
                row |= plain(closing)
                row["state"] = "closing"
            case MissionDatesSet() as dates:
                row |= plain(dates)
            case MissionConditionEvidenced(condition=condition):
                row["evidenced"] = sorted({*row["evidenced"], condition})
            case MissionClosed():
                row["state"] = "closed"
            case MissionRetargeted(receiver=receiver, void=void):
                row["receiver"] = receiver
                row["evidenced"] = [number for number in row["evidenced"] if number not in void]
            case MissionClosingCancelled():
                row |= {"state": "open", "evidenced": [], "receiver": None}
                row |= {"public_on": None, "official_on": None}
            case MissionReceiving(from_mission=merging):
                row["receives"] = sorted([*row["receives"], merging])
            case MissionReceivingEnded(from_mission=merging):
                row["receives"] = [other for other in row["receives"] if other != merging]
            case MissionAbsorbed(from_mission=merged):
                row["receives"] = [other for other in row["receives"] if other != merged]
                row["absorbed"] = sorted([*row["absorbed"], merged])


def _tell_measure(row: Row, record: Record) -> None:
    match record.event:
        case MeasureIdentified(mission=now, former_mission=former) if former == row["id"] != now:
            _forget_measure(row, record)
        case MeasureRetargeted(mission=now, former_mission=former) if former == row["id"] != now:
            _forget_measure(row, record)
        case MeasureDropped():
            _forget_measure(row, record)
        case _:
            row |= {"decree": record.about.keys["decree"], "measure": record.id}


def _forget_measure(row: Row, record: Record) -> None:
    # Another decree's row may be about it by now: only what this measure said is taken back.
    if row["measure"] == record.id:
        row |= {"decree": None, "measure": None}
