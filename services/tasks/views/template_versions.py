"""One row per version of a procedure, without its tasks."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.tasks import TemplateAdopted
from shared.eventstore.record import Record
from shared.projections.view import View


class TemplateVersionsView(View):
    """Answers which versions of a procedure were adopted and when, in their order."""

    name = "template_versions"
    facets = ("template",)

    def keys(self, record: Record) -> Iterable[str]:
        """The version itself."""
        event = record.event
        return (f"{event.template}.{event.version:07d}",) if isinstance(event, TemplateAdopted) else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Keep the head of the version, and how many tasks it has."""
        event = record.event
        assert isinstance(event, TemplateAdopted)
        row = event.model_dump(mode="json", exclude={"tasks", "decree_tasks"})
        counts = {"tasks": len(event.tasks), "decree_tasks": len(event.decree_tasks)}
        return row | counts | {"adopted_at": record.recorded_at.isoformat()}
