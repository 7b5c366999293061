"""One row per meeting: who is called and came, its agenda, and how its minutes stand."""

from collections.abc import Iterable
from typing import Any

from services.tasks.meeting.state import MeetingState
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View


class MeetingsView(View):
    """Answers lists of meetings; their decisions are rows of their own."""

    name = "meetings"
    facets = ("decree", "state")

    def keys(self, record: Record) -> Iterable[str]:
        """The meeting itself."""
        return (record.id,) if record.kind == "meeting" else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the meeting."""
        event = record.event
        told = event.model_dump(mode="json")
        row: dict[str, Any] = {} if doc is None else doc
        match event:
            case said.MeetingCalled():
                row = told | {"state": MeetingState.PLANNED.value, "held_at": None, "held_on": None}
                row |= {"chaired_by": None, "present": [], "absent": [], "reason": None}
                row |= {"minutes": None, "minutes_by": None, "minutes_approved_by": None, "decided": 0}
                row["called_by"] = row.pop("by")
            case said.MeetingPostponed():
                row |= {"at": told["at"], "reason": told["reason"]}
            case said.MeetingAgendaChanged():
                row["agenda"] = told["agenda"]
            case said.MeetingCancelled():
                row |= {"state": MeetingState.CANCELLED.value, "reason": told["reason"]}
            case said.MeetingHeld():
                names = ("held_at", "held_on", "chaired_by", "present", "absent")
                row |= {name: told[name] for name in names} | {"state": MeetingState.HELD.value}
            case said.MeetingDecided():
                row |= {"decided": row["decided"] + 1, "minutes": None, "minutes_by": None}
            case said.MeetingMinutesWritten():
                row |= {"minutes": told["minutes"], "minutes_by": told["by"], "reason": None}
            case said.MeetingMinutesReturned():
                row |= {"minutes": None, "minutes_by": None, "reason": told["reason"]}
            case said.MeetingMinuted():
                row |= {"state": MeetingState.MINUTED.value, "minutes_approved_by": told["by"]}
            case said.MeetingClosed():
                row["state"] = MeetingState.CLOSED.value
        return row | {"version": record.version}
