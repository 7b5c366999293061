"""What is told of reports, and what they consist of."""

from pydantic import AwareDatetime

from shared.contracts.tasks import LogPosition, ReportGenerated
from shared.contracts.text import Text
from shared.web import AnswerModel, shows, sometimes


class ReportRow(AnswerModel, ReportGenerated):
    """A report that was made: from which positions, and its digest."""

    made_at: AwareDatetime
    version: int


class ReportMade(AnswerModel):
    """A report, its digest, and the positions from which it was made, by service."""

    report: str
    sha256: str
    as_of: dict[str, LogPosition]


class Figure(AnswerModel):
    """A number, and the list of exactly so many rows; `before` is what it was, where a report compares."""

    figure: str
    value: int
    link: str
    before: int | None = sometimes()


class LabelledFigure(Figure):
    """A figure of a section."""

    label: Text


class Told(AnswerModel):
    """A text in both languages or a code in none, and where it is from."""

    text: Text | str
    link: str | None = sometimes()


class Table(AnswerModel):
    """Rows of cells under columns."""

    columns: list[Text]
    rows: list[list[Figure | Told]]


class Section(AnswerModel):
    """A part of a report."""

    key: str
    title: Text
    notes: list[Text]
    figures: list[LabelledFigure]
    tables: list[Table]


@shows(
    ReportGenerated,
    ("report", "form", "report_kind", "decree", "article", "as_of", "since", "effective_at"),
    renamed={"report_kind": "kind"},
)
class ReportTold(AnswerModel):
    """A report: the bytes of which its digest is."""

    title: Text
    sections: list[Section]
