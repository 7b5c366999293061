"""What an amendment wants, and what makes it coherent with the decree that it amends."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from services.registry.amending.refusals import AmendmentEmpty, AmendmentIncoherent
from services.registry.decree.articles import Articles
from shared.contracts.registry import (
    AddedRow,
    AmendmentText,
    ArticleText,
    Confidence,
    Feasibility,
    MeasureKind,
    MeasureListed,
    Target,
)
from shared.domain import Text
from shared.domain.naming import KINDS


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article with its text; of one that is changed the rows stay."""

    article: str
    text: Text


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that is added to the table of an article."""

    article: str
    row: int
    kind: MeasureKind
    mission: str | None
    receiver: str | None = None
    target: Target | None = None
    feasibility: Feasibility = Feasibility.NOT_ASSESSED
    confidence: Confidence = Confidence.CONFIDENT
    note: Text | None = None

    def id_in(self, decree: str) -> str:
        """Decree, article and row: ``298-2025-a2-r01``."""
        return f"{decree}-a{self.article}-r{self.row:02d}"

    def listing(self, decree: str, by: str, on: date) -> MeasureListed:
        """The row as it is listed, by a decree that adds it from a day on."""
        return MeasureListed(
            decree=decree,
            article=self.article,
            row=self.row,
            measure_kind=self.kind,
            mission=self.mission,
            receiver=self.receiver,
            feasibility=self.feasibility,
            confidence=self.confidence,
            note=self.note,
            target=self.target,
            amended_by=by,
            on=on,
        )


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that says something else now; what is None stays as it is."""

    measure: str
    mission: str | None = None
    receiver: str | None = None
    target: Target | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What the decree `by` changes in another from the day `on`.

    `despite` names the holds in spite of which it was enacted, those that covered it on its day: whoever
    holds finds that in the event.
    """

    by: str
    on: date
    changed: tuple[NewArticle, ...] = ()
    added: tuple[NewArticle, ...] = ()
    dropped: tuple[str, ...] = ()
    rows_added: tuple[NewRow, ...] = ()
    rows_changed: tuple[ChangedRow, ...] = ()
    rows_dropped: tuple[str, ...] = ()
    despite: tuple[str, ...] = field(default=())

    def says(self, decree: str, standing: Articles) -> AmendmentText:
        """What it says of a decree whose articles stood so on its day."""
        return AmendmentText(
            texts=tuple(ArticleText(article=one.article, text=one.text) for one in self.changed),
            added=tuple(ArticleText(article=one.article, text=one.text) for one in self.added),
            dropped=self.dropped,
            rows_added=tuple(
                AddedRow(measure=row.id_in(decree), article=row.article) for row in self.rows_added
            ),
            rows_dropped=self._rows_dropped(standing),
        )

    def _rows_dropped(self, standing: Articles) -> tuple[str, ...]:
        """The measures that it drops: those that it names, and all of the articles that it drops."""
        gone = (one for one in standing if one.article in self.dropped)
        return tuple(dict.fromkeys((*self.rows_dropped, *(row for one in gone for row in one.measures))))


def check_coherent(decree: str, standing: Articles, amendment: Amendment) -> None:
    """Refuse an amendment that says nothing, or does not fit the articles of its day; it lists the faults."""
    parts = (amendment.changed, amendment.added, amendment.dropped)
    rows = (amendment.rows_added, amendment.rows_changed, amendment.rows_dropped)
    if not any((*parts, *rows)):
        raise AmendmentEmpty(decree=decree, by=amendment.by)
    changed = [one.measure for one in amendment.rows_changed]
    named = amendment.says(decree, standing).model_copy(update={"rows_dropped": amendment.rows_dropped})
    if faults := [*misfits(standing, named, changed), *_repeated(decree, amendment)]:
        raise AmendmentIncoherent(decree=decree, by=amendment.by, faults=faults)


def misfits(standing: Articles, says: AmendmentText, rows_changed: Iterable[str]) -> Iterator[Text]:
    """Tell what an amendment says of articles or rows that are not there, or are there already."""
    present = {article.article for article in standing}
    measures = {measure for article in standing for measure in article.measures}
    after = (present - set(says.dropped)) | {one.article for one in says.added}
    for article in (*(one.article for one in says.texts), *says.dropped):
        if article not in present:
            yield Text(en=f"there is no article {article}", ar=f"لا توجد المادة {article}")
    for added in says.added:
        if added.article in present:
            yield Text(en=f"there is an article {added.article} already", ar=f"المادة {added.article} موجودة")
    for row in says.rows_added:
        if row.article not in after:
            yield Text(
                en=f"row {row.measure} belongs to article {row.article}, which is not there",
                ar=f"الصف {row.measure} من المادة {row.article} وهي غير موجودة",
            )
        if row.measure in measures:
            yield Text(en=f"there is a row {row.measure} already", ar=f"الصف {row.measure} موجود")
    for measure in (*rows_changed, *says.rows_dropped):
        if measure not in measures:
            yield Text(en=f"there is no measure {measure}", ar=f"لا يوجد الإجراء {measure}")


def _repeated(decree: str, amendment: Amendment) -> Iterator[Text]:
    named = Counter(
        (
            *(("article", one.article) for one in (*amendment.changed, *amendment.added)),
            *(("article", article) for article in amendment.dropped),
            *(("measure", row.id_in(decree)) for row in amendment.rows_added),
            *(("measure", one.measure) for one in amendment.rows_changed),
            *(("measure", measure) for measure in amendment.rows_dropped),
        )
    )
    for (kind, key), times in named.items():
        if times > 1:
            yield Text(
                en=f"{kind} {key} is named {times} times", ar=f"{KINDS[kind]} باسم {key} مذكور {times} مرات"
            )
