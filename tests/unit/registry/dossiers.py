"""The example's dossier as a folder of files that a test changes, and what is told of it."""

import shutil
from pathlib import Path

import pytest

from shared.dossier import DossierRefused, Folder, read_folder

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
