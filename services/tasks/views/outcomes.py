"""One row per person and plan: what became of somebody who was posted to the mission that the plan closes."""

from collections.abc import Iterable
from typing import Any

from shared.contracts import tasks as said
from shared.eventstore.record import Record
from shared.projections.view import View


class OutcomesView(View):
    """Answers how many people were reassigned, recalled, separated; the first outcome of a closing counts.

    Older logs have outcomes of later closings on the plan of the first. Where the plan is about another
    mission since, a new closing has begun.
    """

    name = "outcomes"
    version = 2
    facets = ("decree", "mission", "plan", "outcome")

    def keys(self, record: Record) -> Iterable[str]:
        """The person in the plan."""
        event = record.event
        return (f"{event.plan}.{event.staff}",) if isinstance(event, said.PlanStaffOutcomeNoted) else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Take the first outcome."""
        if doc is not None and doc["mission"] == record.event.keys()["mission"]:
            return doc
        return record.event.model_dump(mode="json") | {"effective_at": record.effective_at.isoformat()}
