"""One row per hold on a decree, as this service knows it: the hold by which it stops clocks."""

from collections.abc import Iterable
from typing import Any

from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View


class HoldsView(View):
    """Answers which holds are open, and which were lifted when."""

    name = "holds"
    facets = ("decree", "state")

    def keys(self, record: Record) -> Iterable[str]:
        """The hold of the decree."""
        event = record.event
        if isinstance(event, said.DecreeHoldNoted | said.DecreeLiftNoted):
            return (f"{event.decree}.{event.hold}",)
        return ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Open it, or end it."""
        told = record.event.model_dump(mode="json")
        if isinstance(record.event, said.DecreeHoldNoted):
            return told | {"state": "open", "until": None}
        return {**(doc or {}), "state": "lifted", "until": told["until"]}
