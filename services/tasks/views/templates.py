"""One row per procedure: its newest version."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.tasks import TemplateAdopted
from shared.eventstore.record import Record
from shared.projections.view import View


class TemplatesView(View):
    """Answers which procedures are adopted."""

    name = "templates"
    version = 4

    def keys(self, record: Record) -> Iterable[str]:
        """The procedure itself."""
        return (record.id,) if isinstance(record.event, TemplateAdopted) else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Take the newest version."""
        return record.event.model_dump(mode="json")
