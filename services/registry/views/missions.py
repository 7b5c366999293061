"""Missions: where each stands, who is posted there, what it receives, what its closing has so far."""

from collections.abc import Iterable
from datetime import datetime

from services.registry.mission.representing import each_once
from services.registry.views.row import OwnRows, Row, plain
from shared.contracts import registry as said
from shared.eventstore.record import Record
from shared.service.effective import open_at, told_at

NOT_CLOSING: Row = {
    "receiver": None,
    "public_on": None,
    "official_on": None,
    "phase": None,
    "evidenced": [],
    "waived": [],
    "reservations": [],
}


class MissionsView(OwnRows):
    """One row for each mission; `decree` and `measure` name the row of a table that is about it.

    Receiver load: `receives` names the missions that are closing into this one, `absorbed` those that
    have closed into it. `standing` and `accredited` tell since which effective moments.
    """

    name = "missions"
    kind = "mission"
    version = 6
    facets = ("state", "decree", "receiver", "host", "mission_kind")
    tallied = ("decree", "state")

    def keys(self, record: Record) -> Iterable[str]:
        """Name the mission's own row, or those of the missions that a measure is about."""
        match record.event:
            case said.MeasureIdentified(mission=mission, former_mission=former):
                return tuple(named for named in (mission, former) if named is not None)
            case said.MeasureRetargeted(mission=mission, former_mission=former):
                return tuple({named: None for named in (mission, former) if named is not None})
            case said.MeasureListed(mission=str(mission)) | said.MeasureDropped(mission=str(mission)):
                return (mission,)
        return super().keys(record)

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        if record.kind == "measure":
            _tell_measure(row, record)
        else:
            self._tell_own(row, record)

    def _tell_own(self, row: Row, record: Record) -> None:
        before = row.get("state")
        _tell_mission(row, record)
        if row["state"] != before:
            since = {"state": row["state"], "since": record.effective_at.isoformat()}
            row["standing"] = [*row["standing"], since]


def _tell_mission(row: Row, record: Record) -> None:
    match record.event:
        case said.MissionRegistered() as event:
            registered = each_once(event)
            row |= plain(registered) | NOT_CLOSING | {"decree": None, "measure": None}
            row["state"] = "planned" if registered.planned else "open"
            row |= {"posted": 0, "staff": [], "receives": [], "absorbed": []}
            row |= {"standing": [], "accredited": []}
            _accredit(row, (registered.host, *registered.accreditations), record)
        case said.MissionOpened():
            row["state"] = "open"
        case said.MissionReopened():
            row |= NOT_CLOSING | {"state": "open"}
            _accredit(row, (row["host"], *row["accreditations"]), record)
        case said.MissionKindChanged(mission_kind=changed):
            row["mission_kind"] = changed.value
        case said.MissionRelocated(city=city):
            row["city"] = plain(city)
        case said.MissionEstablishmentCut(posts=posts):
            row["posts"] = posts
        case said.MissionAccredited(state=state):
            _accredit(row, (state,), record)
        case said.MissionStaffJoined(staff=staff):
            row["staff"] = sorted([*row["staff"], staff])
            row["posted"] = len(row["staff"])
        case said.MissionStaffLeft(staff=staff):
            row["staff"] = [other for other in row["staff"] if other != staff]
            row["posted"] = len(row["staff"])
        case said.MissionReceiving(from_mission=merging):
            row["receives"] = sorted([*row["receives"], merging])
        case said.MissionReceivingEnded(from_mission=merging):
            row["receives"] = [other for other in row["receives"] if other != merging]
        case said.MissionAbsorbed(from_mission=merged):
            row["receives"] = [other for other in row["receives"] if other != merged]
            row["absorbed"] = sorted([*row["absorbed"], merged])
        case _:
            _tell_closing(row, record)


def _tell_closing(row: Row, record: Record) -> None:
    match record.event:
        case said.MissionClosing() as closing:
            row |= plain(closing) | {"state": "closing", "phase": "planned"}
        case said.MissionAnnounced():
            row["phase"] = "announced"
        case said.MissionServicesStopped():
            row["phase"] = "services-stopped"
        case said.MissionDatesSet() as dates:
            row |= plain(dates)
        case said.MissionConditionEvidenced(condition=condition):
            row["evidenced"] = sorted({*row["evidenced"], condition})
        case said.MissionConditionWaived(condition=condition):
            row["waived"] = sorted({*row["waived"], condition})
        case said.MissionRetargeted(receiver=receiver) as moved:
            row["receiver"] = receiver
            row["evidenced"] = [number for number in row["evidenced"] if number not in moved.void]
            row["waived"] = [number for number in row["waived"] if number not in moved.waivers_void]
        case said.MissionClosingCancelled():
            row |= NOT_CLOSING | {"state": "open"}
        case said.MissionClosed(reservations=reservations):
            row |= {"state": "closed", "reservations": [plain(one) for one in reservations]}
            until = record.effective_at.isoformat()
            row["accredited"] = [
                span if span["until"] else span | {"until": until} for span in row["accredited"]
            ]
        case said.MissionSettled():
            row["state"] = "settled"
        case said.MissionArchived():
            row["state"] = "archived"


def _accredit(row: Row, states: Iterable[str], record: Record) -> None:
    since = record.effective_at.isoformat()
    spans = ({"state": state, "since": since, "until": None} for state in states)
    row["accredited"] = [*row["accredited"], *spans]


def in_fact_at(row: Row, moment: datetime) -> Row:
    """What was so of a mission at a moment: its state, and the States that it answered for.

    A mission that was not registered as of then has no state.
    """
    state = told_at(row["standing"], moment)
    return {
        "state": None if state is None else state["state"],
        "accredited": open_at(row["accredited"], moment),
    }


def _tell_measure(row: Row, record: Record) -> None:
    match record.event:
        case said.MeasureIdentified(mission=now, former_mission=former) if former == row["id"] != now:
            _forget_measure(row, record)
        case said.MeasureRetargeted(mission=now, former_mission=former) if former == row["id"] != now:
            _forget_measure(row, record)
        case said.MeasureDropped():
            _forget_measure(row, record)
        case _:
            row |= {"decree": record.about.keys["decree"], "measure": record.id}


def _forget_measure(row: Row, record: Record) -> None:
    # Another decree's row may be about it by now: only what this measure said is taken back.
    if row["measure"] == record.id:
        row |= {"decree": None, "measure": None}
