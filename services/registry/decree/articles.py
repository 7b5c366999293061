"""The articles of a decree after an amendment."""

from collections.abc import Iterable, Iterator

from shared.contracts.registry import Article, DecreeAmended


def amended(articles: Iterable[Article], amendment: DecreeAmended) -> tuple[Article, ...]:
    """Return the articles as an amendment leaves them; rows that it drops stand in no article any more."""
    return tuple(_amended(articles, amendment))


def _amended(articles: Iterable[Article], amendment: DecreeAmended) -> Iterator[Article]:
    changed = {article.article: article for article in amendment.changed}
    for article in articles:
        if article.article not in amendment.dropped:
            yield changed.get(article.article, article)
    yield from amendment.added
