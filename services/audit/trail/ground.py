"""By which article, by whose order: what a chain of causes says about it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ground:
    """The decree that an event goes back to, and where the chain names them, its measure and article."""

    decree: str
    measure: str | None
    article: str | None


def ground_of(keys: Iterable[Mapping[str, str]]) -> Ground | None:
    """Find it in the query keys of an event and of its causes, the nearest first.

    The nearest event that names a decree decides which, and where none does there is no ground. Measure and
    article are the nearest that are named together with that decree: a chain may pass through another's.
    """
    chain = list(keys)
    decree = next((each["decree"] for each in chain if "decree" in each), None)
    if decree is None:
        return None
    within = [each for each in chain if each.get("decree") == decree]
    measure = next((each["measure"] for each in within if "measure" in each), None)
    article = next((each["article"] for each in within if "article" in each), None)
    return Ground(decree, measure, article)


def article_in(issued: Mapping[str, Any], ground: Ground, listed: str | None) -> dict[str, Any] | None:
    """Find the article in the payload of the event that issued the decree.

    The row of the measure tells its article, and so does the decree itself, which names each article's
    measures; else it is the one that the chain names.

    Args:
        issued: the payload of ``registry.decree.issued``.
        ground: what the chain names.
        listed: the article of the measure's row, where there is one.
    """
    for article in issued.get("articles", ()):
        named = ground.measure is not None and ground.measure in article.get("measures", ())
        if article.get("article") == (listed or ground.article) or (listed is None and named):
            return {"article": article["article"], "text": article.get("text")}
    return None
