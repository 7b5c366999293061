"""Missions: where each stands, who is posted there, what it receives, what its closing has so far."""

from collections.abc import Iterable

from services.registry.views.row import OwnRows, Row, plain
from shared.contracts.registry import (
    MeasureIdentified,
    MeasureListed,
    MissionClosed,
    MissionClosing,
    MissionConditionEvidenced,
    MissionDatesSet,
    MissionRegistered,
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
    version = 2
    facets = ("state", "decree", "receiver", "host", "mission_kind")

    def keys(self, record: Record) -> Iterable[str]:
        """Name the mission's own row, and the receiver's where its load changes."""
        own = tuple(super().keys(record))
        match record.event:
            case MeasureIdentified(mission=mission, former_mission=former):
                return tuple(named for named in (mission, former) if named is not None)
            case MeasureListed(mission=str(mission)):
                return (mission,)
            case MissionClosing(receiver=str(receiver)) | MissionClosed(successor=str(receiver)):
                return (*own, receiver)
        return own

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        if record.kind == "measure":
            _tell_measure(row, record)
        elif record.id == row["id"]:
            self._tell_own(row, record)
        else:
            _tell_receiver(row, record)

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


def _tell_measure(row: Row, record: Record) -> None:
    match record.event:
        case MeasureIdentified(former_mission=former) if former == row["id"]:
            # Another decree's row may be about it by now: only what this measure said is taken back.
            row |= {"decree": None, "measure": None} if row["measure"] == record.id else {}
        case _:
            row |= {"decree": record.about.keys["decree"], "measure": record.id}


def _tell_receiver(row: Row, record: Record) -> None:
    match record.event:
        case MissionClosing():
            row["receives"] = sorted([*row["receives"], record.id])
        case MissionClosed():
            row["receives"] = [other for other in row["receives"] if other != record.id]
            row["absorbed"] = sorted([*row["absorbed"], record.id])
