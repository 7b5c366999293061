"""One row per report: what it was made from, and its digest."""

from collections.abc import Iterable
from typing import Any

from shared.eventstore.record import Record
from shared.projections.view import View


class ReportsView(View):
    """Answers which reports were made."""

    name = "reports"
    facets = ("decree", "report_kind")

    def keys(self, record: Record) -> Iterable[str]:
        """The report itself."""
        return (record.id,) if record.kind == "report" else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Tell what its event tells."""
        made = {"made_at": record.recorded_at.isoformat(), "version": record.version}
        return record.event.model_dump(mode="json") | made
