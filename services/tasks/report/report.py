"""A report that was made: never its text, only what it was made from and its digest."""

from dataclasses import dataclass
from datetime import datetime

from services.tasks.moments import must_follow
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.domain import Actor, Aggregate, Conflicting, Moment, Text, acting

FORM = 2
"""The version of the rules that make a report; a change of what any report holds raises it."""


class ReportExists(Conflicting):
    """A report is made once, and can be had again and again."""

    slug = "report-exists"
    title = Text(en="The report exists already", ar="التقرير موجود من قبل")
    detail = Text(
        en="Report {report} was made already: read it, or give the new one a name of its own.",
        ar="سبق إعداد التقرير {report}: اطّلع عليه أو اختر للتقرير الجديد اسمًا آخر.",
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report is made from; see `ReportGenerated`."""

    report: str
    decree: str
    article: str | None
    kind: said.ReportKind
    as_of: dict[str, said.LogPosition]
    since: dict[str, said.LogPosition] | None
    effective_at: datetime


class Report(Aggregate):
    """A report, under a name that is given when it is made."""

    kind = "report"

    generated: said.ReportGenerated | None = None

    def generate(self, basis: Basis, sha256: str, actor: Actor, moment: Moment) -> None:
        """Tell that the report was made, and what its digest is."""
        if self.exists:
            raise ReportExists(report=self.id)
        must_follow(moment, *(place.recorded_at for place in basis.as_of.values()))
        generated = said.ReportGenerated(
            report=self.id,
            decree=basis.decree,
            article=basis.article,
            report_kind=basis.kind,
            as_of=basis.as_of,
            since=basis.since,
            effective_at=basis.effective_at,
            sha256=sha256,
            form=FORM,
            by=acting(actor),
        )
        self.record(generated, moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.ReportGenerated():
                self.generated = event
