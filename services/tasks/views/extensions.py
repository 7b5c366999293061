"""One row per extension: who asked for how much time and why, and what was decided."""

from collections.abc import Iterable
from typing import Any

from services.tasks.extension import ExtensionState
from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View


class ExtensionsView(View):
    """Answers lists of extensions. `granted_until` and `decision` are None while one is not decided."""

    name = "extensions"
    version = 3
    facets = ("task", "state", "decree", "measure", "mission", "department")

    def keys(self, record: Record) -> Iterable[str]:
        """The extension itself."""
        return (record.id,) if record.kind == "extension" else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the extension."""
        event = record.event
        told = event.model_dump(mode="json")
        row: dict[str, Any] = {} if doc is None else doc
        match event:
            case said.ExtensionRequested():
                row = told | {"state": ExtensionState.REQUESTED.value, "requested_at": _at(record)}
                row |= {"granted_until": None, "decision": None, "decided_by": None, "decided_at": None}
            case said.ExtensionGranted():
                row |= _decided(ExtensionState.GRANTED, told, record) | {"granted_until": told["until"]}
            case said.ExtensionRefused():
                row |= _decided(ExtensionState.REFUSED, told, record)
        return row | {"version": record.version}


def _decided(state: ExtensionState, told: dict[str, Any], record: Record) -> dict[str, Any]:
    return {
        "state": state.value,
        "decision": told["reason"],
        "decided_by": told["by"],
        "decided_at": _at(record),
    }


def _at(record: Record) -> str:
    return record.recorded_at.isoformat()
