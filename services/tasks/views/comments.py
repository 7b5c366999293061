"""One row per comment on a task."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.tasks import TaskCommented
from shared.eventstore.record import Record
from shared.projections.view import View


class CommentsView(View):
    """Answers what was said about a task, in its order."""

    name = "comments"
    facets = ("task",)

    def keys(self, record: Record) -> Iterable[str]:
        """The comment itself."""
        event = record.event
        return (f"{event.task}.{event.number:04d}",) if isinstance(event, TaskCommented) else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Keep the comment, with both moments."""
        told = record.event.model_dump(mode="json", include={"task", "number", "text", "by"})
        moments = {"recorded_at": record.recorded_at, "effective_at": record.effective_at}
        return told | {name: moment.isoformat() for name, moment in moments.items()}
