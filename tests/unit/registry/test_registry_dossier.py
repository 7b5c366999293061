"""The dossier of Decree 298: what it says, what it may leave out, and the procedures that it names."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.registry.importing import unplanned
from services.registry.importing.facts import decree_of
from shared.contracts.registry import Confidence, Feasibility, MeasureKind
from shared.dossier import read_folder
from tests.unit.registry.dossiers import EXAMPLE, change, folder, problems, rows_of

__all__ = ["folder"]


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
    sound = {"obligations": [], "measures": [], "not_adopted": [], "not_known": []}
    assert unplanned(dossier, {"closing": True}) == unplanned(dossier, {}) == sound
    rows = [f"298-2025-a2-r{number:02d}" for number in range(1, 26)]
    none = dossier.model_copy(update={"procedure": None})
    assert unplanned(none, {}) == sound | {"obligations": ["report"], "measures": rows}
    own = none.model_copy(update={"procedures": {MeasureKind.MERGE: "closing"}})
    assert unplanned(own, {"closing": True}) == sound | {"obligations": ["report"]}


def test_what_names_a_procedure_that_is_not_adopted_waits_and_is_named() -> None:
    dossier = read_folder(EXAMPLE).dossier
    rows = [f"298-2025-a2-r{number:02d}" for number in range(1, 26)]
    missing = {"obligations": ["report"], "measures": rows, "not_adopted": ["closing"], "not_known": []}
    assert unplanned(dossier, {"closing": False}) == missing
    merging = dossier.model_copy(update={"procedures": {MeasureKind.MERGE: "merging"}})
    of_merging = missing | {"obligations": [], "not_adopted": ["merging"]}
    assert unplanned(merging, {"closing": True, "merging": False}) == of_merging
    unknown = {"obligations": [], "measures": [], "not_adopted": [], "not_known": ["closing"]}
    assert unplanned(dossier, {"closing": None}) == unknown
