"""What must agree between the parts of a dossier; every disagreement becomes a problem."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from shared.calendar import Rule
from shared.contracts.registry import MeasureKind
from shared.domain import Text
from shared.dossier.form import Dossier, RowForm
from shared.dossier.problems import Problem

PARTS = {"decree": "decree", "departments": "departments", "missions": "missions", "staff": "staff"}
"""Where each part stands: file names, for a dossier that came from a folder."""


def check(dossier: Dossier, files: Mapping[str, str] = PARTS) -> list[Problem]:
    """Return every problem between the parts; `files` names the file of each part."""
    return [
        problem
        for part, found in (
            ("decree", _articles(dossier)),
            ("decree", _obligations(dossier)),
            ("decree", _rows(dossier)),
            ("departments", _twice("departments", [d.key for d in dossier.departments.departments])),
            ("missions", _twice("missions", [mission.id for mission in dossier.missions.missions])),
            ("staff", _staff(dossier)),
        )
        for problem in (at.model_copy(update={"file": files[part]}) for at in found)
    ]


def _problem(path: str, en: str, ar: str, do_en: str, do_ar: str) -> Problem:
    return Problem(file="", path=path, what=Text(en=en, ar=ar), remedy=Text(en=do_en, ar=do_ar))


def _twice(path: str, keys: Iterable[str]) -> Iterator[Problem]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield _problem(
                path,
                f"{key} stands {times} times.",
                f"{key} مكرر {times} مرات.",
                "Keep one.",
                "أبقِ واحدًا.",
            )


def _missing(path: str, what: str, key: str, where: str) -> Problem:
    return _problem(
        path,
        f"There is no {what} {key}.",
        f"لا يوجد {what} باسم {key}.",
        f"Add it to {where}, or correct the name.",
        f"أضفه إلى {where} أو صحح الاسم.",
    )


def _articles(dossier: Dossier) -> Iterator[Problem]:
    decree = dossier.decree
    yield from _twice("decree.articles", [article.article for article in decree.articles])
    yield from _twice("decree.objectives", [objective.key for objective in decree.objectives])
    yield from _twice("decree.obligations", [obligation.key for obligation in decree.obligations])


def _obligations(dossier: Dossier) -> Iterator[Problem]:
    decree = dossier.decree
    articles = {article.article for article in decree.articles}
    for index, obligation in enumerate(decree.obligations):
        path = f"decree.obligations.{index}"
        if obligation.article not in articles:
            yield _missing(f"{path}.article", "article", obligation.article, "decree.articles")
        try:
            anchor = Rule.parse(obligation.rule).anchor
        except ValueError as error:
            yield _problem(
                f"{path}.rule",
                f"{error}.",
                f"قاعدة أجل غير مفهومة: {obligation.rule}.",
                "Write a rule such as `1 month of announced_on`.",
                "اكتب قاعدة مثل `1 month of announced_on`.",
            )
            continue
        if decree.dates().get(anchor) is None:
            known = ", ".join(name for name, day in decree.dates().items() if day is not None)
            yield _problem(
                f"{path}.rule",
                f"The decree has no date {anchor}.",
                f"لا يوجد للقرار تاريخ {anchor}.",
                f"Count from one of: {known}.",
                f"احسب من أحد هذه: {known}.",
            )


def _rows(dossier: Dossier) -> Iterator[Problem]:
    missions = {mission.id for mission in dossier.missions.missions}
    seen: set[str] = set()
    for number, article in enumerate(dossier.decree.articles):
        yield from _twice(f"decree.articles.{number}.rows", [f"row {row.row}" for row in article.rows])
        for index, row in enumerate(article.rows):
            path = f"decree.articles.{number}.rows.{index}"
            yield from _row(path, row, missions)
            if row.mission is not None and row.mission in seen:
                yield _problem(
                    f"{path}.mission",
                    f"The mission {row.mission} stands in another row already.",
                    f"البعثة {row.mission} مذكورة في صف آخر.",
                    "Keep one row for each mission.",
                    "أبقِ صفًا واحدًا لكل بعثة.",
                )
            seen |= {row.mission} if row.mission is not None else set()


def _row(path: str, row: RowForm, missions: set[str]) -> Iterator[Problem]:
    for field, named in (("mission", row.mission), ("receiver", row.receiver)):
        if named is not None and named not in missions:
            yield _missing(f"{path}.{field}", "mission", named, "missions")
    merges = row.kind is MeasureKind.MERGE
    if merges and "receiver" not in row.model_fields_set:
        yield _problem(
            f"{path}.receiver",
            "A merge needs a receiver.",
            "يلزم للضم بعثة مستقبلة.",
            "Name it, or write `unknown`.",
            "سمِّها أو اكتب unknown.",
        )
    if not merges and row.receiver is not None:
        yield _problem(
            f"{path}.receiver",
            f"A measure of kind {row.kind.value} has no receiver.",
            f"ليس للإجراء من نوع {row.kind.value} بعثة مستقبلة.",
            "Remove it.",
            "احذفه.",
        )
    if row.mission is not None and row.mission == row.receiver:
        yield _problem(
            f"{path}.receiver",
            f"The mission {row.mission} is merged into itself.",
            f"البعثة {row.mission} مضمومة إلى نفسها.",
            "Name another receiver.",
            "سمِّ بعثة مستقبلة أخرى.",
        )


def _staff(dossier: Dossier) -> Iterator[Problem]:
    staff = dossier.staff
    missions = {mission.id for mission in dossier.missions.missions}
    departments = {department.key for department in dossier.departments.departments}
    categories = {category.key for category in staff.categories}
    yield from _twice("categories", [category.key for category in staff.categories])
    yield from _twice("persons", [person.id for person in staff.persons])
    for index, category in enumerate(staff.categories):
        if category.authority not in departments:
            yield _missing(f"categories.{index}.authority", "department", category.authority, "departments")
    for index, person in enumerate(staff.persons):
        if person.mission not in missions:
            yield _missing(f"persons.{index}.mission", "mission", person.mission, "missions")
        if person.category not in categories:
            yield _missing(f"persons.{index}.category", "category", person.category, "categories")
