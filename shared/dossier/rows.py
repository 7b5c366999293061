"""What must be so of the rows of a decree's tables, each alone and all together."""

from collections.abc import Iterator, Mapping

from shared.dossier.findings import missing, problem, twice
from shared.dossier.form import Dossier, RowForm
from shared.dossier.problems import Problem

MEASURE_ID_LIMIT = 58
"""Characters of a measure's id: with the ``-t`` and number of a task it must stay an id (64)."""


def check_rows(dossier: Dossier) -> Iterator[Problem]:
    """Return every problem of the rows.

    A dossier that lists missions lists all that its rows name. One that lists none, such as that of a later
    decree, speaks of missions that are known already: whether they are, only the registry can tell.
    """
    missions = {mission.id for mission in dossier.missions.missions}
    closed = _closed(dossier)
    seen: set[str] = set()
    for number, article in enumerate(dossier.decree.articles):
        yield from twice(f"decree.articles.{number}.rows", [f"row {row.row}" for row in article.rows])
        for index, row in enumerate(article.rows):
            path = f"decree.articles.{number}.rows.{index}"
            yield from _row(path, row, missions)
            yield from _measure_id(path, article.article, dossier.decree.measure_id(article, row))
            yield from _receiver_that_closes(path, row, closed)
            if row.mission is not None and row.mission in seen:
                yield problem(
                    f"{path}.mission",
                    f"The mission {row.mission} stands in another row already.",
                    f"البعثة {row.mission} مذكورة في صف آخر.",
                    "Keep one row for each mission.",
                    "أبقِ صفًا واحدًا لكل بعثة.",
                )
            seen |= {row.mission} if row.mission is not None else set()


def _row(path: str, row: RowForm, missions: set[str]) -> Iterator[Problem]:
    for field, named in (("mission", row.mission), ("receiver", row.receiver)):
        if missions and named is not None and named not in missions:
            yield missing(f"{path}.{field}", "mission", named, "missions")
    merges = row.kind.needs_receiver
    if merges and "receiver" not in row.model_fields_set:
        yield problem(
            f"{path}.receiver",
            "A merge needs a receiver.",
            "يلزم للضم بعثة مستقبلة.",
            "Name it, or write `unknown`.",
            "سمِّها أو اكتب unknown.",
        )
    if not merges and row.receiver is not None:
        yield problem(
            f"{path}.receiver",
            f"A measure of kind {row.kind.value} has no receiver.",
            f"ليس للإجراء من نوع {row.kind.value} بعثة مستقبلة.",
            "Remove it.",
            "احذفه.",
        )
    if row.mission is not None and row.mission == row.receiver:
        yield problem(
            f"{path}.receiver",
            f"The mission {row.mission} is merged into itself.",
            f"البعثة {row.mission} مضمومة إلى نفسها.",
            "Name another receiver.",
            "سمِّ بعثة مستقبلة أخرى.",
        )


def _measure_id(path: str, article: str, id: str) -> Iterator[Problem]:
    over = len(id) - MEASURE_ID_LIMIT
    if over > 0:
        yield problem(
            path,
            f"The measure id {id} of article {article} has {len(id)} characters; "
            f"it may have {MEASURE_ID_LIMIT}.",
            f"معرف الإجراء {id} للمادة {article} طوله {len(id)} محرفًا والحد {MEASURE_ID_LIMIT}.",
            f"Shorten the key of the article by {over}.",
            f"قصّر مفتاح المادة بمقدار {over}.",
        )


def _closed(dossier: Dossier) -> dict[str, int]:
    """Return the missions that a row closes, with the number of that row."""
    return {
        row.mission: row.row
        for article in dossier.decree.articles
        for row in article.rows
        if row.mission is not None and row.kind.closes_mission
    }


def _receiver_that_closes(path: str, row: RowForm, closed: Mapping[str, int]) -> Iterator[Problem]:
    if row.receiver is not None and row.receiver in closed and row.receiver != row.mission:
        yield problem(
            f"{path}.receiver",
            f"The receiver {row.receiver} is itself closed by row {closed[row.receiver]}.",
            f"البعثة المستقبلة {row.receiver} يقفلها الصف {closed[row.receiver]}.",
            "Name a receiver that stays open.",
            "سمِّ بعثة مستقبلة تبقى مفتوحة.",
        )
