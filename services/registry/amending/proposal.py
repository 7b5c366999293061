"""What an amendment wants, and what makes it coherent with the decree that it amends."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from services.registry.amending.refusals import AmendmentEmpty, AmendmentIncoherent
from services.registry.decree import Decree
from shared.contracts.registry import Article, Confidence, Feasibility, MeasureKind, MeasureListed, Target
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

    def listing(self, decree: str, by: str) -> MeasureListed:
        """The row as it is listed."""
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

    `despite` names the open holds in spite of which it is entered: whoever holds finds that in the event.
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

    def dropped_in(self, decree: Decree) -> tuple[str, ...]:
        """The measures that it drops: those that it names, and all of the articles that it drops."""
        of_articles = (
            measure
            for article in decree.articles
            if article.article in self.dropped
            for measure in article.measures
        )
        return tuple(dict.fromkeys((*self.rows_dropped, *of_articles)))

    def articles_of(self, decree: Decree) -> tuple[tuple[Article, ...], tuple[Article, ...]]:
        """The articles that are other ones than before, with their measures, and the new ones."""
        gone = set(self.dropped_in(decree))
        new = {row.id_in(decree.id): row.article for row in self.rows_added}
        texts = {article.article: article.text for article in self.changed}
        changed = []
        for article in decree.articles:
            if article.article in self.dropped:
                continue
            stays = tuple(measure for measure in article.measures if measure not in gone)
            comes = tuple(measure for measure, of in new.items() if of == article.article)
            after = Article(
                article=article.article,
                text=texts.get(article.article, article.text),
                measures=(*stays, *comes),
            )
            if after != article:
                changed.append(after)
        added = tuple(
            Article(
                article=article.article,
                text=article.text,
                measures=tuple(measure for measure, of in new.items() if of == article.article),
            )
            for article in self.added
        )
        return tuple(changed), added


def check_coherent(decree: Decree, amendment: Amendment) -> None:
    """Refuse an amendment that says nothing, or that does not fit the decree; every fault is listed."""
    parts = (amendment.changed, amendment.added, amendment.dropped)
    rows = (amendment.rows_added, amendment.rows_changed, amendment.rows_dropped)
    if not any((*parts, *rows)):
        raise AmendmentEmpty(decree=decree.id, by=amendment.by)
    if faults := list(_faults(decree, amendment)):
        raise AmendmentIncoherent(decree=decree.id, by=amendment.by, faults=faults)


def _faults(decree: Decree, amendment: Amendment) -> Iterator[Text]:
    present = {article.article for article in decree.articles}
    after = (present - set(amendment.dropped)) | {article.article for article in amendment.added}
    for article in (*(one.article for one in amendment.changed), *amendment.dropped):
        if article not in present:
            yield Text(en=f"there is no article {article}", ar=f"لا توجد المادة {article}")
    for added in amendment.added:
        if added.article in present:
            yield Text(en=f"there is an article {added.article} already", ar=f"المادة {added.article} موجودة")
    for row in amendment.rows_added:
        if row.article not in after:
            yield Text(
                en=f"row {row.row} belongs to article {row.article}, which is not there",
                ar=f"الصف {row.row} من المادة {row.article} وهي غير موجودة",
            )
        if row.id_in(decree.id) in decree.measures:
            yield Text(
                en=f"there is a row {row.row} in article {row.article} already",
                ar=f"في المادة {row.article} صف رقمه {row.row}",
            )
    for measure in (*(one.measure for one in amendment.rows_changed), *amendment.rows_dropped):
        if measure not in decree.measures:
            yield Text(en=f"there is no measure {measure}", ar=f"لا يوجد الإجراء {measure}")
    named = Counter(
        (
            *(("article", one.article) for one in (*amendment.changed, *amendment.added)),
            *(("article", article) for article in amendment.dropped),
            *(("measure", row.id_in(decree.id)) for row in amendment.rows_added),
            *(("measure", one.measure) for one in amendment.rows_changed),
            *(("measure", measure) for measure in amendment.rows_dropped),
        )
    )
    for (kind, key), times in named.items():
        if times > 1:
            yield Text(
                en=f"{kind} {key} is named {times} times", ar=f"{KINDS[kind]} باسم {key} مذكور {times} مرات"
            )
