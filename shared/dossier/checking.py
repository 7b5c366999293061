"""What must agree between the parts of a dossier; every disagreement becomes a problem."""

from collections.abc import Iterator, Mapping

from shared.calendar import Rule
from shared.domain.wrong_values import told_of
from shared.dossier.dates import check_head
from shared.dossier.findings import missing, problem, twice
from shared.dossier.form import Dossier
from shared.dossier.problems import Problem
from shared.dossier.rows import check_rows

PARTS = {"decree": "decree", "departments": "departments", "missions": "missions", "staff": "staff"}
"""Where each part stands: file names, for a dossier that came from a folder."""


def check(dossier: Dossier, files: Mapping[str, str] = PARTS) -> list[Problem]:
    """Return every problem between the parts; `files` names the file of each part."""
    return [
        found.model_copy(update={"file": files[part]})
        for part, every in (
            ("decree", check_head(dossier.decree)),
            ("decree", _articles(dossier)),
            ("decree", _obligations(dossier)),
            ("decree", check_rows(dossier)),
            ("departments", twice("departments", [d.key for d in dossier.departments.departments])),
            ("missions", twice("missions", [mission.id for mission in dossier.missions.missions])),
            ("staff", _staff(dossier)),
        )
        for found in every
    ]


def _articles(dossier: Dossier) -> Iterator[Problem]:
    decree = dossier.decree
    yield from twice("decree.articles", [article.article for article in decree.articles])
    yield from twice("decree.objectives", [objective.key for objective in decree.objectives])
    yield from twice("decree.obligations", [obligation.key for obligation in decree.obligations])


def _obligations(dossier: Dossier) -> Iterator[Problem]:
    decree = dossier.decree
    articles = {article.article for article in decree.articles}
    for index, obligation in enumerate(decree.obligations):
        path = f"decree.obligations.{index}"
        if obligation.article not in articles:
            yield missing(f"{path}.article", "article", obligation.article, "decree.articles")
        try:
            anchor = Rule.parse(obligation.rule).anchor
        except ValueError as error:
            yield problem(
                f"{path}.rule",
                f"{told_of(error).en}.",
                f"{told_of(error).ar}.",
                "Write a rule such as `1 month of announced_on`.",
                "اكتب قاعدة مثل `1 month of announced_on`.",
            )
            continue
        if decree.dates().get(anchor) is None:
            known = ", ".join(name for name, day in decree.dates().items() if day is not None)
            yield problem(
                f"{path}.rule",
                f"The decree has no date {anchor}.",
                f"لا يوجد للقرار تاريخ {anchor}.",
                f"Count from one of: {known}.",
                f"احسب من أحد هذه: {known}.",
            )


def _staff(dossier: Dossier) -> Iterator[Problem]:
    staff = dossier.staff
    missions = {mission.id for mission in dossier.missions.missions}
    departments = {department.key for department in dossier.departments.departments}
    categories = {category.key for category in staff.categories}
    yield from twice("categories", [category.key for category in staff.categories])
    yield from twice("persons", [person.id for person in staff.persons])
    for index, category in enumerate(staff.categories):
        if category.authority not in departments:
            yield missing(f"categories.{index}.authority", "department", category.authority, "departments")
    for index, person in enumerate(staff.persons):
        if person.mission not in missions:
            yield missing(f"persons.{index}.mission", "mission", person.mission, "missions")
        if person.category not in categories:
            yield missing(f"persons.{index}.category", "category", person.category, "categories")
