"""What a decree consists of when it is issued, and what makes it coherent."""

from collections import Counter
from collections.abc import Iterator

from services.registry.decree.refusals import DecreeIncoherent
from shared.calendar import Rule
from shared.contracts.registry import DecreeIssued

DecreeDraft = DecreeIssued
"""A decree about to be issued has exactly the parts that its event tells."""


def check_coherent(id: str, draft: DecreeDraft) -> None:
    """Refuse a decree that contradicts itself; the refusal lists every contradiction."""
    faults = list(_contradictions(id, draft))
    if faults:
        raise DecreeIncoherent(decree=id, faults=faults)


def _contradictions(id: str, draft: DecreeDraft) -> Iterator[str]:
    if id != f"{draft.number}-{draft.year}":
        yield f"id {id} is not number-year ({draft.number}-{draft.year})"
    articles = [article.article for article in draft.articles]
    measures = [measure for article in draft.articles for measure in article.measures]
    yield from _repeated("article", articles)
    yield from _repeated("measure", measures)
    yield from _repeated("objective", [objective.key for objective in draft.objectives])
    yield from _repeated("obligation", [obligation.key for obligation in draft.obligations])
    for obligation in draft.obligations:
        if obligation.article not in articles:
            yield f"obligation {obligation.key} names article {obligation.article}, which is not there"
        try:
            Rule.parse(obligation.rule)
        except ValueError as error:
            yield f"obligation {obligation.key}: {error}"


def _repeated(what: str, keys: list[str]) -> Iterator[str]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield f"{what} {key} stands {times} times"
