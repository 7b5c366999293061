"""The articles of a decree as amendments leave them: in the order of law, whichever was entered first.

An amendment counts from its day `on`; of two of the same day the one that was recorded later counts later.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from shared.contracts.registry import AddedRow, AmendmentText, Article, ArticleText, DecreeAmended

Articles = tuple[Article, ...]


def in_legal_order(amendments: Iterable[DecreeAmended]) -> list[DecreeAmended]:
    """Amendments by the day from which they count; they come in the order of recording."""
    return sorted(amendments, key=lambda amendment: amendment.on)


def in_law(issued: Articles, amendments: Iterable[DecreeAmended], day: date | None = None) -> Articles:
    """The articles as they stand with every amendment, or stood in law on a day.

    Each amendment `says` what it does: `told` has seen to that.
    """
    articles = issued
    for amendment in in_legal_order(amendments):
        if day is None or amendment.on <= day:
            assert amendment.says is not None, "it was told"
            articles = applied(articles, amendment.says)
    return articles


def applied(articles: Iterable[Article], says: AmendmentText) -> Articles:
    """The articles after what an amendment says; what it says of an article that is not there is void."""
    return tuple(_applied(articles, says))


def _applied(articles: Iterable[Article], says: AmendmentText) -> Iterator[Article]:
    texts = {one.article: one.text for one in (*says.texts, *says.added)}
    present = set()
    for article in articles:
        if article.article in says.dropped:
            continue
        present.add(article.article)
        stays = tuple(row for row in article.measures if row not in says.rows_dropped)
        measures = (*stays, *_rows_of(article.article, says))
        yield Article(
            article=article.article, text=texts.get(article.article, article.text), measures=measures
        )
    for new in says.added:
        if new.article not in present:
            yield Article(article=new.article, text=new.text, measures=_rows_of(new.article, says))


def _rows_of(article: str, says: AmendmentText) -> tuple[str, ...]:
    return tuple(row.measure for row in says.rows_added if row.article == article)


def moved(before: Articles, after: Articles) -> tuple[Articles, Articles, tuple[str, ...]]:
    """What became of the articles: those that are other ones than before, new ones, and those gone."""
    stood = {article.article: article for article in before}
    stands = {article.article for article in after}
    changed = tuple(one for one in after if one.article in stood and one != stood[one.article])
    added = tuple(one for one in after if one.article not in stood)
    return changed, added, tuple(one for one in stood if one not in stands)


def told(issued: Articles, amendments: Sequence[DecreeAmended], event: DecreeAmended) -> DecreeAmended:
    """The amendment with what it says; of an older event, which told whole articles, that is found."""
    if event.says is not None:
        return event
    before = {article.article: article for article in _as_recorded(issued, amendments)}
    texts, rows, gone = [], [], dict.fromkeys(event.rows_dropped)
    for article in event.changed:
        was = before.get(article.article)
        if was is None or was.text != article.text:
            texts.append(ArticleText(article=article.article, text=article.text))
        known = () if was is None else was.measures
        rows += [
            AddedRow(measure=one, article=article.article) for one in article.measures if one not in known
        ]
        gone |= dict.fromkeys(one for one in known if one not in article.measures)
    for article in event.added:
        rows += [AddedRow(measure=one, article=article.article) for one in article.measures]
    for id in event.dropped:
        gone |= dict.fromkeys(before[id].measures if id in before else ())
    says = AmendmentText(
        texts=tuple(texts),
        added=tuple(ArticleText(article=one.article, text=one.text) for one in event.added),
        dropped=event.dropped,
        rows_added=tuple(rows),
        rows_dropped=tuple(gone),
    )
    return event.model_copy(update={"says": says})


def _as_recorded(issued: Articles, amendments: Iterable[DecreeAmended]) -> Articles:
    """The articles by what each amendment told that became of them, in the order of recording."""
    articles = issued
    for amendment in amendments:
        changed = {article.article: article for article in amendment.changed}
        stay = (article for article in articles if article.article not in amendment.dropped)
        articles = (*(changed.get(article.article, article) for article in stay), *amendment.added)
    return articles
