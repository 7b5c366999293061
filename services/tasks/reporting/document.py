"""A report as JSON: the same facts give the same bytes, which are what its digest is of."""

from typing import Any

import orjson

from services.tasks.report import Basis
from services.tasks.report.report import FORM
from services.tasks.reporting import execution, prospect
from services.tasks.reporting.counting import Counting
from services.tasks.reporting.facts import Facts
from services.tasks.reporting.form import Section
from shared.contracts.meta import rfc3339
from shared.contracts.tasks import LogPosition, ReportKind
from shared.contracts.text import Text

PARTS = (
    execution.of_decree,
    execution.of_measures,
    execution.of_missions,
    execution.of_tasks,
    execution.of_deadlines,
    execution.of_staff,
    execution.of_holds,
    prospect.of_meetings,
    prospect.of_indicators,
    prospect.of_risks,
    prospect.of_next_steps,
)


def sections_of(facts: Facts, before: Facts | None) -> list[Section]:
    """Every section, its figures beside those of earlier facts where there are such.

    A next step of which there is nothing left has no figure: what is over needs no comparing.
    """
    sections = [part(facts, Counting(facts)) for part in PARTS]
    if before is None:
        return sections
    earlier = {
        figure.key: figure.value for part in PARTS for figure in part(before, Counting(before)).every_figure()
    }
    return [section.compared(earlier) for section in sections]


def document(basis: Basis, facts: Facts, before: Facts | None) -> bytes:
    """Render the report."""
    told = {
        "report": basis.report,
        "form": FORM,
        "kind": basis.kind.value,
        "title": _title(basis).model_dump(),
        "decree": basis.decree,
        "article": basis.article,
        "as_of": _places(basis.as_of),
        "since": None if basis.since is None else _places(basis.since),
        "effective_at": rfc3339(basis.effective_at),
        "sections": [section.told() for section in sections_of(facts, before)],
    }
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def _title(basis: Basis) -> Text:
    if basis.kind is ReportKind.ARTICLE:
        return Text(
            en=f"Report under Article {basis.article} of Decree {basis.decree}",
            ar=f"تقرير بموجب المادة {basis.article} من القرار {basis.decree}",
        )
    return Text(en=f"Periodic report on Decree {basis.decree}", ar=f"تقرير دوري عن القرار {basis.decree}")


def _places(places: dict[str, LogPosition]) -> dict[str, Any]:
    return {service: place.model_dump(mode="json") for service, place in sorted(places.items())}
