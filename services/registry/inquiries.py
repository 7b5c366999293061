"""The questions that the registry answers."""

from collections import defaultdict
from collections.abc import Mapping
from typing import ClassVar

from starlette.responses import Response

from services.registry.measure import MeasureState
from services.registry.mission.state import MissionState
from services.registry.views.decrees import in_law_at
from services.registry.views.departments import led_at
from services.registry.views.documents import folded
from services.registry.views.measures import row_in_law_at
from services.registry.views.missions import in_fact_at
from services.registry.views.staff import posted_at
from shared.service.inquiries import Effective, Inquiries, past
from shared.web import AsOf, PageAsked, page

MEASURES = (MeasureState.LISTED, MeasureState.BLOCKED, MeasureState.ORDERED, MeasureState.EXECUTED)
MISSIONS = (MissionState.OPEN, MissionState.CLOSING, MissionState.CLOSED)

Counts = dict[str, dict[str, dict[str, int]]]


class RegistryInquiries(Inquiries):
    """What is known of decrees, measures, missions and staff."""

    kinds: ClassVar[Mapping[str, str]] = {
        "decrees": "decree",
        "departments": "department",
        "documents": "document",
        "measures": "measure",
        "missions": "mission",
        "staff": "staff",
    }

    effective: ClassVar[Mapping[str, Effective]] = {
        "decrees": in_law_at,
        "departments": led_at,
        "measures": row_in_law_at,
        "missions": in_fact_at,
        "staff": posted_at,
    }

    async def letters(self, query: PageAsked, begins: str, when: AsOf | None = None) -> Response:
        """Answer with the documents whose letter numbers begin so, in the order of the numbers."""
        position, prefix = await self.folded(when), folded(begins)
        after = prefix if query.after is None else max(query.after, prefix)
        at = self._views.position if when is None else when.position
        rows = await self._views.list("letters", {}, after, query.limit, at)
        found = [(key, row) for key, row in rows if key.startswith(prefix)]
        documents = [await self._views.get("documents", row["document"], at) for _, row in found]
        told = [
            (key, {**row, "document": document})
            for (key, row), document in zip(found, documents, strict=True)
        ]
        return page(told, query, position=position, when=when)

    async def counts_by_decree(self, when: AsOf | None = None) -> Counts:
        """Count by state: ``{"298-2025": {"measures": {"ordered": 19, …}, "missions": {"closing": 19, …}}}``.

        The states on the way have their count, 0 too; others where there are any. The missions counted are
        those that a row of the decree is about, not those that receive.
        """
        counts: defaultdict[str, dict[str, dict[str, int]]] = defaultdict(
            lambda: {
                "measures": {state.value: 0 for state in MEASURES},
                "missions": {state.value: 0 for state in MISSIONS},
            }
        )
        for view in ("measures", "missions"):
            for (decree, state), count in await self._views.count(
                view, ("decree", "state"), as_of=past(when)
            ):
                if decree:
                    counts[decree][view][state] = count
        return dict(counts)
