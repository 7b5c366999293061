"""Whether an amendment says anything new, and loses nothing of what is said in both languages."""

from collections.abc import Iterator

from services.registry.amending.proposal import Amendment, ChangedRow
from services.registry.amending.refusals import LanguageLost, NothingNew
from services.registry.decree import Decree
from services.registry.measure import Measure
from services.registry.measure.kinds import merged
from services.registry.reading import Reading


def check_new(reading: Reading, decree: Decree, amendment: Amendment) -> None:
    """Refuse a change that says what is said already, and a text that lacks a language of the present one."""
    present = {article.article: article.text for article in decree.articles}
    for changed in amendment.changed:
        for language in ("ar", "en"):
            if getattr(present[changed.article], language) and not getattr(changed.text, language):
                raise LanguageLost(decree=decree.id, article=changed.article, language=language)
    if said := list(_said_already(reading, decree, amendment)):
        raise NothingNew(decree=decree.id, by=amendment.by, parts=", ".join(said))


def _said_already(reading: Reading, decree: Decree, amendment: Amendment) -> Iterator[str]:
    present = {article.article: article.text for article in decree.articles}
    yield from (one.article for one in amendment.changed if one.text == present[one.article])
    for change in amendment.rows_changed:
        if not _is_new(reading.get(Measure, change.measure), change):
            yield change.measure


def _is_new(measure: Measure, change: ChangedRow) -> bool:
    known = (measure.mission, measure.receiver, measure.target)
    wanted = (
        change.mission or measure.mission,
        change.receiver or measure.receiver,
        merged(measure.target, change.target),
    )
    return wanted != known or change.note is not None
