"""What is wrong with a dossier is told with its place, in both languages, all of it at once."""

from pathlib import Path

import pytest

from shared.dossier import DossierRefused, read_folder
from tests.unit.registry.dossiers import change, folder, problems

__all__ = ["folder"]


MISTAKES: dict[str, tuple[str, str, str, tuple[str, str, str]]] = {
    "another decree's uri": (
        "dossier.yaml",
        "/akn/ly/act/decree/2025/298",
        "/akn/ly/act/decree/2025/289",
        (
            "dossier.yaml",
            "decree.uri",
            "/akn/ly/act/decree/2025/289 is the URI of another decree than 298 of 2025.",
        ),
    ),
    "announced before its year": (
        "dossier.yaml",
        "announced_on: 2025-04-30",
        "announced_on: 2024-04-30",
        (
            "dossier.yaml",
            "decree.announced_on",
            "A decree of 2025 cannot have been announced on 2024-04-30.",
        ),
    ),
    "signed after its year": (
        "dossier.yaml",
        "signed_on: unknown",
        "signed_on: 2026-01-02",
        ("dossier.yaml", "decree.signed_on", "A decree of 2025 cannot have been signed on 2026-01-02."),
    ),
    "unknown field": (
        "dossier.yaml",
        "  number: 298\n",
        "  number: 298\n  nummer: 3\n",
        ("dossier.yaml", "decree.nummer", "There is no such field."),
    ),
    "missing field": (
        "dossier.yaml",
        "  signed_on: unknown\n",
        "",
        ("dossier.yaml", "decree.signed_on", "This field is missing."),
    ),
    "date out of range": (
        "dossier.yaml",
        "announced_on: 2025-04-30",
        "announced_on: 1899-12-31",
        ("dossier.yaml", "decree.announced_on", "1899-12-31 is not in the years 1900 to 2200"),
    ),
    "wrong country code": (
        "missions.yaml",
        "host: VA",
        "host: XX",
        ("missions.yaml", "missions.0.host", "'XX' is not a country code"),
    ),
    "country code in small letters": (
        "missions.yaml",
        "host: VA",
        "host: va",
        ("missions.yaml", "missions.0.host", "'va' is not a country code"),
    ),
    "row twice": (
        "dossier.yaml",
        "row: 2, kind: merge, mission: emb-al",
        "row: 3, kind: merge, mission: emb-al",
        ("dossier.yaml", "decree.articles.1.rows", "row 3 stands 2 times."),
    ),
    "mission in two rows": (
        "dossier.yaml",
        "mission: emb-pa",
        "mission: emb-al",
        ("dossier.yaml", "decree.articles.1.rows.2.mission", "emb-al stands in another row"),
    ),
    "mission that is not there": (
        "dossier.yaml",
        "mission: emb-al",
        "mission: emb-xx",
        ("dossier.yaml", "decree.articles.1.rows.1.mission", "There is no mission emb-xx."),
    ),
    "receiver that is not there": (
        "dossier.yaml",
        "mission: emb-al, receiver: emb-it",
        "mission: emb-al, receiver: emb-xx",
        ("dossier.yaml", "decree.articles.1.rows.1.receiver", "There is no mission emb-xx."),
    ),
    "merged into itself": (
        "dossier.yaml",
        "mission: emb-al, receiver: emb-it",
        "mission: emb-al, receiver: emb-al",
        ("dossier.yaml", "decree.articles.1.rows.1.receiver", "merged into itself"),
    ),
    "receiver that another row closes": (
        "dossier.yaml",
        "mission: emb-al, receiver: emb-it",
        "mission: emb-al, receiver: emb-va",
        ("dossier.yaml", "decree.articles.1.rows.1.receiver", "emb-va is itself closed by row 1."),
    ),
    "article whose measures have ids that are too long": (
        "dossier.yaml",
        'article: "2"',
        f'article: "{"a" * 45}"',
        (
            "dossier.yaml",
            "decree.articles.1.rows.0",
            f"of article {'a' * 45} has 59 characters; it may have 58.",
        ),
    ),
    "merge without a receiver": (
        "dossier.yaml",
        "mission: emb-al, receiver: emb-it",
        "mission: emb-al",
        ("dossier.yaml", "decree.articles.1.rows.1.receiver", "A merge needs a receiver."),
    ),
    "receiver of another kind of measure": (
        "dossier.yaml",
        "{row: 2, kind: merge",
        "{row: 2, kind: close",
        ("dossier.yaml", "decree.articles.1.rows.1.receiver", "A measure of kind close has no receiver."),
    ),
    "obligation of an article that is not there": (
        "dossier.yaml",
        'article: "3"\n      title',
        'article: "9"\n      title',
        ("dossier.yaml", "decree.obligations.0.article", "There is no article 9."),
    ),
    "rule that cannot be read": (
        "dossier.yaml",
        "rule: 1 month of announced_on",
        "rule: soon",
        ("dossier.yaml", "decree.obligations.0.rule", "not a deadline rule"),
    ),
    "rule from a date that is unknown": (
        "dossier.yaml",
        "rule: 1 month of announced_on",
        "rule: 1 month of signed_on",
        ("dossier.yaml", "decree.obligations.0.rule", "The decree has no date signed_on."),
    ),
    "mission twice": (
        "missions.yaml",
        "id: emb-al",
        "id: emb-va",
        ("missions.yaml", "missions", "emb-va stands 2 times."),
    ),
    "department twice": (
        "departments.yaml",
        "key: legal",
        "key: finance",
        ("departments.yaml", "departments", "finance stands 2 times."),
    ),
    "obligation whose task is not in the procedure": (
        "dossier.yaml",
        "task: 40",
        "task: 41",
        ("dossier.yaml", "decree.obligations.0.task", "The procedure has no decree task 41."),
    ),
    "department of the procedure that is not there": (
        "closing-procedure.yaml",
        "lead: legal",
        "lead: nobody",
        ("closing-procedure.yaml", "tasks.0", "There is no department nobody."),
    ),
    "authority that is not there": (
        "staff.yaml",
        "authority: presidential-council",
        "authority: nobody",
        ("staff.yaml", "categories.0.authority", "There is no department nobody."),
    ),
    "category that is not there": (
        "staff.yaml",
        "category: head-of-mission}",
        "category: cook}",
        ("staff.yaml", "persons.0.category", "There is no category cook."),
    ),
    "posting to a mission that is not there": (
        "staff.yaml",
        "mission: emb-va",
        "mission: emb-xx",
        ("staff.yaml", "persons.0.mission", "There is no mission emb-xx."),
    ),
    "identifier that is none": (
        "staff.yaml",
        "mission: emb-va",
        'mission: "emb.>"',
        ("staff.yaml", "persons.0.mission", "String should match pattern"),
    ),
    "person with a name for an id": (
        "staff.yaml",
        "id: p-2804fdbe96",
        "id: p-salem",
        ("staff.yaml", "persons.0.id", "String should match pattern"),
    ),
    "procedure without its key": (
        "closing-procedure.yaml",
        "template: closing\n",
        "",
        ("closing-procedure.yaml", "template", "The key is missing."),
    ),
    "calendar without its name": (
        "calendar-ly-2025.yaml",
        "name: ly\n",
        "",
        ("calendar-ly-2025.yaml", "name", "The key is missing."),
    ),
    "file name that leads elsewhere": (
        "dossier.yaml",
        "staff: staff.yaml",
        "staff: ../staff.yaml",
        ("dossier.yaml", "staff", "String should match pattern"),
    ),
    "file that is not there": (
        "dossier.yaml",
        "staff: staff.yaml",
        "staff: people.yaml",
        ("people.yaml", "", "The file cannot be read: it cannot be opened"),
    ),
    "broken YAML": (
        "missions.yaml",
        "missions:\n",
        "missions: [\n",
        ("missions.yaml", "", "The file cannot be read"),
    ),
    "not a mapping": ("staff.yaml", "# People", "- one\n# People", ("staff.yaml", "", "cannot be read")),
    "key twice": (
        "departments.yaml",
        "departments:\n",
        "note: {en: again}\ndepartments:\n",
        ("departments.yaml", "", "the key 'note' stands twice"),
    ),
    "day that no month has": (
        "dossier.yaml",
        "announced_on: 2025-04-30",
        "announced_on: 2025-04-31",
        ("dossier.yaml", "", "The file cannot be read"),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place(mistake: str, folder: Path) -> None:
    file, old, new, (where, path, what) = MISTAKES[mistake]
    change(folder / file, old, new)
    found = problems(folder)
    assert any(f == where and p == path and what in w for f, p, w in found), found


def test_missions_merged_in_a_circle_are_told_at_each_row(folder: Path) -> None:
    change(folder / "dossier.yaml", "mission: emb-al, receiver: emb-it", "mission: emb-al, receiver: emb-pa")
    change(folder / "dossier.yaml", "mission: emb-pa, receiver: emb-ve", "mission: emb-pa, receiver: emb-al")
    rows = "decree.articles.1.rows"
    assert [path for _, path, _ in problems(folder)] == [f"{rows}.1.receiver", f"{rows}.2.receiver"]


def test_an_article_with_the_longest_key_that_fits_is_taken(folder: Path) -> None:
    change(folder / "dossier.yaml", 'article: "2"', f'article: "{"a" * 44}"')
    decree = read_folder(folder).dossier.decree
    assert len(f"{decree.measure_id(decree.articles[1], decree.articles[1].rows[0])}-t40") == 62


def test_mistakes_in_several_files_are_told_together(folder: Path) -> None:
    change(folder / "missions.yaml", "id: emb-al", "id: emb-xx")
    change(folder / "staff.yaml", "authority: presidential-council", "authority: nobody")
    assert {file for file, _, _ in problems(folder)} == {"dossier.yaml", "staff.yaml"}


def test_the_refusal_tells_every_problem_in_both_languages(folder: Path) -> None:
    change(folder / "staff.yaml", "authority: presidential-council", "authority: nobody")
    with pytest.raises(DossierRefused) as refused:
        read_folder(folder)
    told = refused.value.told()
    assert "staff.yaml categories.0.authority" in (told.en or "")
    assert "لا يوجد" in (told.ar or "")


def test_text_with_braces_is_told_as_it_is(folder: Path) -> None:
    change(folder / "staff.yaml", "category: head-of-mission}", 'category: "{x}"}')
    assert problems(folder)[0][0] == "staff.yaml"
