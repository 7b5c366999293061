import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.registry.importing import unplanned
from services.registry.importing.facts import decree_of
from shared.contracts.registry import Confidence, Feasibility, MeasureKind
from shared.dossier import DossierRefused, Folder, read_folder
from shared.dossier.form import DecreeForm
from shared.dossier.safe_yaml import MAX_BYTES, MAX_DEPTH, UnreadableYaml, parse_yaml, read_yaml

EXAMPLE = Path(__file__).parents[3] / "examples" / "decree-298-2025"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "dossier"
    shutil.copytree(EXAMPLE, copy)
    return copy


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not say {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(DossierRefused) as refused:
        read_folder(folder)
    listed = refused.value.facts["problems"]
    assert all(problem["remedy"]["en"] and problem["what"]["ar"] for problem in listed)
    return [(problem["file"], problem["path"], problem["what"]["en"]) for problem in listed]


def rows_of(read: Folder) -> list[tuple[str | None, str | None]]:
    return [(row.mission, row.receiver) for row in read.dossier.decree.articles[1].rows]


def test_the_example_says_what_is_known_and_no_more() -> None:
    read = read_folder(EXAMPLE)
    rows = read.dossier.decree.articles[1].rows
    pairs = rows_of(read)
    assert len(pairs) == 25
    assert sum(mission is not None for mission, _ in pairs) == 20
    assert sum(receiver is not None for _, receiver in pairs) == 19
    assert [row.mission for row in rows if row.feasibility is Feasibility.DOUBTFUL] == ["emb-va"]
    assert [row.mission for row in rows if row.confidence is Confidence.LIKELY] == ["emb-vn"]
    assert [mission for mission, receiver in pairs if mission and not receiver] == ["emb-bf"]
    assert read.dossier.decree.signed_on is None
    assert read.dossier.procedure == "closing"


def test_every_mission_of_the_example_that_is_merged_has_two_to_four_people() -> None:
    read = read_folder(EXAMPLE)
    posted = [person.mission for person in read.dossier.staff.persons]
    merged = {mission for mission, _ in rows_of(read) if mission}
    assert set(posted) == merged
    assert all(2 <= posted.count(mission) <= 4 for mission in merged)
    assert read.dossier.staff.provenance.value == "fictitious"
    assert read.dossier.missions.provenance.value == "sample"


def test_the_main_file_may_be_named_instead_of_its_folder() -> None:
    assert read_folder(EXAMPLE / "dossier.yaml") == read_folder(EXAMPLE)


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


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"a: &x [1]\nb: *x\n", "alias (*) in line 2"),
        (b"a: &a [b]\n" + b"".join(b"x%d: [*a, *a]\n" % n for n in range(9)), "alias"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested deeper"),
        (b"[" * 100_000, "nested deeper"),
        (b"\xff\xfe\xff", "not UTF-8"),
        (b"a: !!python/object/apply:os.system [true]", "could not determine a constructor"),
        (b"a: 1\n---\nb: 2\n", "another document"),
        (b"? [a, b]\n: c\n", "not a plain word"),
        (b"a: \x07", "special characters"),
    ],
)
def test_yaml_that_is_not_plain_data_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(UnreadableYaml, match=r".*") as refused:
        parse_yaml(raw)
    assert why in str(refused.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"# " + b"x" * MAX_BYTES)
    with pytest.raises(UnreadableYaml, match="larger than"):
        read_yaml(large)


@pytest.mark.parametrize("word", ["NO", "no", "on", "yes", "Y"])
def test_norway_is_not_false(word: str) -> None:
    assert parse_yaml(f"host: {word}".encode()) == {"host": word}
    assert parse_yaml(b"a: true\nb: false") == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("said", "read"),
    [('"2025-04-29"', date(2025, 4, 29)), ('"unknown"', None), ("null", None)],
)
def test_a_day_that_may_be_unknown_is_read_from_json(said: str, read: date | None) -> None:
    assert signed_on(said) == read


@pytest.mark.parametrize(
    "said", ["5", '"5"', '"2025-02-30"', '"2025-04-29T00:00:00"', "true", '"1899-12-31"']
)
def test_what_is_no_day_is_refused_from_json(said: str) -> None:
    with pytest.raises(ValidationError):
        signed_on(said)


def signed_on(said: str) -> date | None:
    decree = read_folder(EXAMPLE).dossier.decree.model_dump_json()
    assert '"signed_on":null' in decree
    changed = decree.replace('"signed_on":null', f'"signed_on":{said}')
    return DecreeForm.model_validate_json(changed, strict=True).signed_on


def test_a_dossier_without_missions_is_a_dossier(tmp_path: Path) -> None:
    (tmp_path / "dossier.yaml").write_text(
        """
decree:
  number: 5
  year: 2030
  uri: /akn/xx/act/decree/2030/5
  title: {en: Another ministry's decree}
  issuer: {en: Cabinet}
  announced_on: 2030-01-01
  signed_on: 2030-01-01
  in_force_on: 2030-01-02
  articles:
    - {article: "1", text: {en: Something is done}}
""",
        encoding="utf-8",
    )
    read = read_folder(tmp_path)
    assert read.dossier.decree.id == "5-2030"
    assert (read.procedures, read.calendar, read.dossier.procedure) == ((), None, None)


def test_check_runs_on_the_folder_before_anything_else(folder: Path) -> None:
    remove: Callable[[], None] = (folder / "dossier.yaml").unlink
    remove()
    assert problems(folder) == [
        (
            "dossier.yaml",
            "",
            "The file cannot be read: it cannot be opened: No such file or directory.",
        )
    ]


def test_a_dossier_names_procedures_for_kinds_of_measures(folder: Path) -> None:
    main = folder / "dossier.yaml"
    opening = EXAMPLE.parent / "procedures" / "opening.yaml"
    shutil.copy(opening, folder)
    named = main.read_text("utf-8") + "\nprocedures: {open: opening.yaml, close: closing-procedure.yaml}\n"
    main.write_text(named, "utf-8")
    read = read_folder(folder)
    assert (read.dossier.procedure, dict(read.dossier.procedures)) == (
        "closing",
        {"open": "opening", "close": "closing"},
    )
    assert [procedure["template"] for procedure in read.procedures] == ["closing", "opening"]
    issued = decree_of(read.dossier)
    assert (issued.procedure, dict(issued.procedures)) == ("closing", {"open": "opening", "close": "closing"})


def test_every_procedure_of_a_dossier_is_judged(folder: Path) -> None:
    main = folder / "dossier.yaml"
    (folder / "opening.yaml").write_text("tasks: [{lead: nobody}]\n", "utf-8")
    main.write_text(main.read_text("utf-8") + "\nprocedures: {open: opening.yaml}\n", "utf-8")
    assert [found[:2] for found in problems(folder)] == [
        ("opening.yaml", "template"),
        ("opening.yaml", "tasks.0"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/akn/ly/act/decree/2025/298", "/akn/ly/act/decree/2025-04-30/298"),
        ("/akn/ly/act/decree/2025/298", "https://example.org/decrees/298"),
        ("/akn/ly/act/decree/2025/298", "/akn/ly/act/decree/2025/298/ara@2025-04-30"),
        ("signed_on: unknown", "signed_on: 2025-05-02"),
        ("signed_on: unknown", "signed_on: 2024-12-30"),
        ("announced_on: 2025-04-30", "announced_on: 2026-01-02"),
        ("in_force_on: 2025-04-30", "in_force_on: 2025-01-01"),
    ],
)
def test_what_is_odd_and_not_certainly_wrong_is_taken(folder: Path, old: str, new: str) -> None:
    change(folder / "dossier.yaml", old, new)
    assert read_folder(folder).dossier.decree.number == 298


def test_what_no_procedure_is_for_is_named() -> None:
    dossier = read_folder(EXAMPLE).dossier
    assert unplanned(dossier) == {"obligations": [], "measures": []}
    rows = [f"298-2025-a2-r{number:02d}" for number in range(1, 26)]
    none = dossier.model_copy(update={"procedure": None})
    assert unplanned(none) == {"obligations": ["report"], "measures": rows}
    own = none.model_copy(update={"procedures": {MeasureKind.MERGE: "closing"}})
    assert unplanned(own) == {"obligations": ["report"], "measures": []}
