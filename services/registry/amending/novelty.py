"""Whether an amendment says anything new on its day, and loses nothing of what is said in both languages."""

from collections.abc import Iterator

from services.registry.amending.proposal import Amendment, ChangedRow
from services.registry.amending.refusals import LanguageLost, NothingNew
from services.registry.decree.articles import Articles
from services.registry.measure import Measure
from services.registry.measure.kinds import merged
from services.registry.measure.row import Parts
from services.registry.reading import Reading


def check_new(reading: Reading, decree: str, standing: Articles, amendment: Amendment) -> None:
    """Refuse a change that says what was said already, and a text that lacks a language of that.

    `standing` are the articles as they stood in law on the amendment's day.
    """
    stood = {article.article: article.text for article in standing}
    for changed in amendment.changed:
        for language in ("ar", "en"):
            if getattr(stood[changed.article], language) and not getattr(changed.text, language):
                raise LanguageLost(decree=decree, article=changed.article, language=language)
    said = [one.article for one in amendment.changed if one.text == stood[one.article]]
    said += _rows_said_already(reading, amendment)
    if said:
        raise NothingNew(decree=decree, by=amendment.by, parts=", ".join(said))


def _rows_said_already(reading: Reading, amendment: Amendment) -> Iterator[str]:
    for change in amendment.rows_changed:
        if not _is_new(reading.get(Measure, change.measure).parts_on(amendment.on), change):
            yield change.measure


def _is_new(stood: Parts, change: ChangedRow) -> bool:
    wanted = Parts(
        change.mission or stood.mission,
        change.receiver or stood.receiver,
        merged(stood.target, change.target),
    )
    return wanted != stood or change.note is not None
