"""What a decree consists of when it is issued, and what makes it coherent."""

from collections import Counter
from collections.abc import Iterator

from services.registry.decree.refusals import DecreeIncoherent
from shared.calendar import Rule
from shared.contracts.registry import DecreeIssued
from shared.domain import Text
from shared.domain.naming import KINDS
from shared.domain.wrong_values import told_of

DecreeDraft = DecreeIssued
"""A decree about to be issued has exactly the parts that its event tells."""


def check_coherent(id: str, draft: DecreeDraft) -> None:
    """Refuse a decree that contradicts itself; the refusal lists every contradiction."""
    faults = list(_contradictions(id, draft))
    if faults:
        raise DecreeIncoherent(decree=id, faults=faults)


def _contradictions(id: str, draft: DecreeDraft) -> Iterator[Text]:
    if id != f"{draft.number}-{draft.year}":
        said = f"{draft.number}-{draft.year}"
        yield Text(en=f"id {id} is not number-year ({said})", ar=f"المعرّف {id} ليس الرقم والسنة ({said})")
    articles = [article.article for article in draft.articles]
    measures = [measure for article in draft.articles for measure in article.measures]
    yield from _repeated("article", articles)
    yield from _repeated("measure", measures)
    yield from _repeated("objective", [objective.key for objective in draft.objectives])
    yield from _repeated("obligation", [obligation.key for obligation in draft.obligations])
    for obligation in draft.obligations:
        if obligation.article not in articles:
            yield Text(
                en=f"obligation {obligation.key} names article {obligation.article}, which is not there",
                ar=f"الالتزام {obligation.key} يذكر المادة {obligation.article} وهي غير موجودة",
            )
        try:
            Rule.parse(obligation.rule)
        except ValueError as error:
            told = told_of(error)
            yield Text(
                en=f"obligation {obligation.key}: {told.en}", ar=f"الالتزام {obligation.key}: {told.ar}"
            )


def _repeated(what: str, keys: list[str]) -> Iterator[Text]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Text(
                en=f"{what} {key} stands {times} times", ar=f"{KINDS[what]} باسم {key} مذكور {times} مرات"
            )
