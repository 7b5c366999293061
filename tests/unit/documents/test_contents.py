"""Bytes of documents in a folder: under their digest, whole, of known kinds, and never silently changed."""

from hashlib import sha256
from pathlib import Path

import pytest

from shared.documents import ContentsFolder, Keeping, refusals
from shared.documents.contents import ContentsUnusable, Damaged
from shared.documents.media import media_type_of
from shared.documents.routes import attachment

PDF = b"%PDF-1.7\nan empty one"


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> ContentsFolder:
    return ContentsFolder(tmp_path / "documents")


@pytest.fixture
def keeping(folder: ContentsFolder) -> Keeping:
    return Keeping(folder)


def place(tmp_path: Path, name: str) -> Path:
    return tmp_path / "documents" / name[:2] / name


def test_bytes_are_kept_once_for_every_replica(tmp_path: Path, folder: ContentsFolder) -> None:
    name, other = digest(PDF), ContentsFolder(tmp_path / "documents")
    assert (folder.has(name), folder.read(name)) == (False, None)
    assert folder.put(name, PDF)
    assert not other.put(name, PDF)
    assert (other.has(name), other.read(name)) == (True, PDF)
    (left,) = place(tmp_path, name).parent.iterdir()
    assert left.name == name, "nothing unfinished is left"
    assert left.stat().st_mode & 0o777 == 0o600


def test_a_byte_changed_on_disk_is_found_and_the_right_bytes_mend_it(
    tmp_path: Path, folder: ContentsFolder
) -> None:
    name = digest(PDF)
    folder.put(name, PDF)
    place(tmp_path, name).write_bytes(PDF.replace(b"empty", b"EMPTY"))
    with pytest.raises(Damaged):
        folder.read(name)
    assert folder.put(name, PDF)
    assert folder.read(name) == PDF


@pytest.mark.parametrize("name", ["", "a" * 63, "A" * 64, "../../../etc/passwd", "g" * 64, "a" * 63 + "/"])
def test_no_other_name_reaches_the_disk(folder: ContentsFolder, name: str) -> None:
    for ask in (folder.has, folder.read, lambda name: folder.put(name, PDF)):
        with pytest.raises(ValueError):
            ask(name)


def test_a_folder_of_another_format_or_none_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "FORMAT").write_bytes(b"something else")
    (tmp_path / "file").write_bytes(b"")
    for wrong in ("other", "file"):
        with pytest.raises(ContentsUnusable):
            ContentsFolder(tmp_path / wrong)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        ("محضر\n".encode(), "text/plain"),
        (
            b"PK\x03\x04 [Content_Types].xml word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"PK\x03\x04 only a zip with word/ in it", None),
        (b"<html><script>alert(1)</script>", None),
        (b"\xef\xbb\xbf \n<svg onload=x>", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF\x02", None),
        (b"#!/bin/sh\x00", None),
        (b"\xff\xfe\x00", None),
        (b"", None),
        (b" \n", None),
    ],
)
def test_kinds_are_known_by_the_bytes(content: bytes, kind: str | None) -> None:
    assert media_type_of(content) == kind


async def test_what_is_kept_is_what_it_is_said_to_be(keeping: Keeping) -> None:
    name = digest(PDF)
    with pytest.raises(refusals.DigestDiffers) as differs:
        await keeping.keep(name, PDF + b" ", "application/pdf")
    assert differs.value.facts["found"] == digest(PDF + b" ")
    for declared in ("image/png", "text/html", ""):
        with pytest.raises(refusals.MediaTypeNotTaken):
            await keeping.keep(name, PDF, declared)
    with pytest.raises(refusals.ContentsNotThere):
        await keeping.read(name)
    told, new = await keeping.keep(name, PDF, "application/octet-stream")
    assert (told.size, told.media_type, new) == (len(PDF), "application/pdf", True)
    assert (await keeping.keep(name, PDF, "application/pdf"))[1] is False
    assert await keeping.describe(name) == told
    assert await keeping.kept([name, digest(b"x")]) == {name}
    with pytest.raises(refusals.ContentsNotThere):
        await keeping.must_be_kept([name, digest(b"x")])
    await keeping.must_be_kept([name])


async def test_damage_is_refused_in_both_languages_and_never_given_out(
    tmp_path: Path, keeping: Keeping
) -> None:
    name = digest(PDF)
    await keeping.keep(name, PDF, "application/pdf")
    place(tmp_path, name).write_bytes(b"%PDF-1.7 forged")
    with pytest.raises(refusals.ContentsDamaged) as refused:
        await keeping.read(name)
    told = refused.value.told()
    assert told.en is not None and name in told.en and told.ar is not None and name in told.ar


async def test_without_a_folder_nothing_is_kept_and_nothing_said_to_be() -> None:
    nothing = Keeping(None)
    assert await nothing.kept([digest(PDF)]) == frozenset()
    for ask in (nothing.read(digest(PDF)), nothing.must_be_kept([digest(PDF)])):
        with pytest.raises(refusals.ContentsNotKept):
            await ask


def test_bytes_are_given_out_as_a_file_that_no_browser_opens() -> None:
    headers = attachment(b"text", digest(b"text")).headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == f'attachment; filename="{digest(b"text")}"'
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
