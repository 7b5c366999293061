"""Lists in CSV and XLSX: what is taken, and every problem by row and column."""

from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.registry import Confidence, MissionKind, Provenance
from shared.dossier.lists import CSV, XLSX, MissionList, StaffList, read_missions, read_staff, write
from shared.dossier.lists.cells import INVISIBLE, escaped, trimmed, unescaped
from shared.dossier.lists.csv_sheet import read_csv
from shared.dossier.lists.missions import COLUMNS
from shared.dossier.lists.sheets import MOST_BYTES, MOST_ROWS
from shared.dossier.lists.tables import read_table
from shared.dossier.lists.xlsx_sheet import MOST_UNPACKED

openpyxl: Any = pytest.importorskip("openpyxl")
HEAD = "id,kind,name_en,host,city_en,confidence"
ROME = "emb-va,embassy,Embassy to the Holy See,VA,Rome,likely"


def places(found: MissionList | StaffList) -> list[tuple[int | None, str | None, str]]:
    assert all(problem.what.ar and problem.remedy.en and problem.remedy.ar for problem in found.problems)
    return [(problem.row, problem.column, problem.what.en or "") for problem in found.problems]


def told(text: str) -> list[tuple[int | None, str | None, str]]:
    return places(read_missions(text.encode(), CSV))


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_is_read_however_a_spreadsheet_saved_it(separator: str, coding: str) -> None:
    raw = f"# Sample\r\n{HEAD}\r\n\r\n{ROME}\r\n".replace(",", separator).encode(coding)
    found = read_missions(raw, CSV, Provenance.SAMPLE)
    assert not found.problems
    (rome,) = found.missions
    assert (rome.row, rome.form.id, rome.form.kind, rome.form.host) == (
        4,
        "emb-va",
        MissionKind.EMBASSY,
        "VA",
    )
    assert (rome.form.name.en, rome.form.city.en, rome.provenance) == (
        "Embassy to the Holy See",
        "Rome",
        Provenance.SAMPLE,
    )


def test_arabic_names_of_columns_kinds_and_digits_are_taken() -> None:
    text = "نوع البعثة;الدولة المضيفة;المدينة;درجة الثقة;الملاك الوظيفي\nسفارة;VA;روما;likely;١٢\n"
    (rome,) = read_missions(text.encode(), CSV).missions
    assert (rome.form.id, rome.form.name.ar, rome.form.posts) == ("emb-va", "سفارة روما", 12)


def test_the_columns_of_the_sample_list_are_taken_and_ids_are_made_of_kind_and_place() -> None:
    text = "\n".join(
        [
            "iso2,country,city,type,conf,x-298",
            "EG,Egypt,Cairo,embassy,M,",
            "EG,Egypt,Sharm el-Sheikh,consulate,L,B",
        ]
    )
    found = read_missions(text.encode(), CSV)
    assert not found.problems
    assert [(one.form.id, one.form.confidence) for one in found.missions] == [
        ("emb-eg", Confidence.LIKELY),
        ("con-eg-sharm-el-sheikh", Confidence.UNCERTAIN),
    ]


def test_every_problem_is_told_at_once_with_its_row_and_column() -> None:
    rows = [
        "id,kind,name_en,host,city_en,confidence,posts,state,colour,provenance",
        "emb-va,embassy,A,XX,Rome,sure,-1,gone,red,somewhere",
        "bad id,castle,B,IT,,likely,,,,",
        "emb-it,embassy,C,IT,Rome,likely,,,,",
        "emb-it,embassy,D,IT,Rome,likely,,,,,beyond",
    ]
    assert [(row, column) for row, column, _ in told("\n".join(rows))] == [
        (1, "colour"),
        (5, None),
        (2, "host"),
        (2, "confidence"),
        (2, "posts"),
        (2, "provenance"),
        (2, "state"),
        (3, "id"),
        (3, "kind"),
        (3, "city_en"),
        (5, "id"),
    ]


@pytest.mark.parametrize(
    ("further", "what"),
    [
        ("MT SM, MT", "MT stands here twice."),
        ("SM VA", "VA is the host: the mission answers for it anyway."),
        ("MT SM", None),
    ],
)
def test_a_mission_is_accredited_once_to_each_further_state(further: str, what: str | None) -> None:
    found = told(f'{HEAD},accreditations\n{ROME},"{further}"\n')
    assert found == ([] if what is None else [(2, "accreditations", what)])


def test_missing_and_repeated_columns_are_told() -> None:
    places = [(1, "kind"), (1, "host"), (1, "confidence")]
    assert [place[:2] for place in told("id,kind,kind\n")] == places
    # A row is not told of again for want of what has no column.
    row = "emb-va,embassy,embassy"
    assert [place[:2] for place in told(f"id,kind,kind\n{row}\n")] == [*places, (2, "city_en")]


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("embassy,VA,#N/A,likely", ["city_en"]),
        ("embassy,VA,,likely", ["city_en"]),
        ("consulate,ZZ,,likely", ["city_en", "host"]),
        ("castle,VA,Rome,likely", ["kind"]),
        ("consulate,,Rome,likely", ["host"]),
    ],
)
def test_what_is_made_of_a_wrong_cell_is_no_problem_of_its_own(row: str, columns: list[str]) -> None:
    names = ["kind", "host", "city_en", "confidence"]
    raw = workbook(names, [cell or None for cell in row.split(",")])
    assert sorted(column or "" for _, column, _ in places(read_missions(raw, XLSX))) == columns


def test_a_name_of_which_one_language_is_spoilt_is_told_there_alone() -> None:
    long = "x" * 2001
    assert [place[:2] for place in told(f"{HEAD},name_ar\nemb-va,embassy,,VA,Rome,likely,{long}\n")] == [
        (2, "name_ar")
    ]


def test_an_id_that_stands_twice_is_told_beside_all_else() -> None:
    rows = [HEAD, ROME.replace("VA", "ZZ"), ROME, ROME.replace("emb-va", ""), ROME.replace("VA", "ZZ")]
    found = told("\n".join([*rows, "castle"]))
    assert [place[:2] for place in found if place[0] != 6] == [
        (2, "host"),
        (5, "host"),
        (3, "id"),
        (4, "id"),
        (5, "id"),
    ]
    people = ["id,mission,category,posted_on", *["p-0123456789,emb-va,diplomat,{}"] * 2]
    found_people = read_staff("\n".join(people).format("soon", "").encode(), CSV)
    assert [place[:2] for place in places(found_people)] == [(2, "posted_on"), (3, "id")]


def test_the_first_day_of_a_posting_may_have_arabic_digits() -> None:
    for day in ("٢٠٢٥-٠١-٣١", "۲۰۲۵-۰۱-۳۱"):
        (person,) = read_staff(
            f"id,mission,category,posted_on\np-0123456789,emb-va,diplomat,{day}".encode(), CSV
        ).persons
        assert person.form.posted_on == date(2025, 1, 31)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "The list is empty."),
        (b"\xff\xfa", "not UTF-8 at byte 0"),
        (b"id,kind\na\0,b", "NUL"),
        (b'id,kind\n"a,b', "unexpected end of data"),
        (b"x" * (MOST_BYTES + 1), "larger than"),
        (b"id\n" + b"a\n" * (MOST_ROWS + 1), "more than 10000 rows"),
        (b"," * 61 + b"x", "more than 60 columns"),
    ],
)
def test_a_file_that_is_no_list_is_told(raw: bytes, why: str) -> None:
    ((row, column, what),) = places(read_missions(raw, CSV))
    assert (row, column) == (None, None) and why in what


def test_cells_of_a_workbook_are_values_and_nothing_else() -> None:
    head = ["id", "kind", "name_en", "host", "city_en", "confidence", "posts"]
    raw = workbook(
        head,
        ["emb-va", "embassy", "Embassy", "VA", "Rome", "likely", 12.0],
        ["emb-it", "embassy", '=HYPERLINK("http://x","y")', "IT", "Rome", "likely", "=1+1"],
        ["emb-mt", "embassy", time(1, 2), "MT", "#REF!", "likely"],
    )
    found = read_missions(raw, XLSX)
    assert [(one.form.id, one.form.posts) for one in found.missions] == [("emb-va", 12)]
    assert places(found) == [
        (3, "name_en", "The cell holds a formula."),
        (3, "posts", "The cell holds a formula."),
        (4, "name_en", "The cell holds a time of day or a duration."),
        (4, "city_en", "The cell holds the error #REF!."),
    ]


@pytest.mark.parametrize(
    "cell",
    ["=1+2", '=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "-1+SUM(A1)", "@x", "＝1", "\u200f=1"],
)
def test_what_a_spreadsheet_would_carry_out_is_no_value_of_a_text_file(cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    found = read_missions(f"{HEAD}\n{ROME.replace('Rome', quoted)}\n".encode(), CSV)
    assert not found.missions
    assert places(found) == [(2, "city_en", "A spreadsheet takes this cell for a formula.")]
    # With the apostrophe that an export puts before it, it is a text, and so it is in a workbook.
    for kind in (CSV, XLSX):
        row = dict(zip(HEAD.split(","), ROME.split(","), strict=True)) | {"city_en": cell}
        (rome,) = read_missions(write(COLUMNS, [row], kind), kind).missions
        assert rome.form.city.en == trimmed(cell)


@pytest.mark.parametrize("phone", ["+218 91-000000", "+218910000000", "+٢١٨٩١٠٠٠٠٠٠"])
def test_a_sign_before_a_number_makes_no_formula(phone: str) -> None:
    text = f"id,mission,category,name_latin,phone\np-0123456789,emb-va,diplomat,Some Body,{phone}\n"
    (person,) = read_staff(text.encode(), CSV).persons
    assert person.personal["phone"].startswith("+218")
    ((row, column, what),) = told(f"{HEAD},posts\n{ROME},-1\n")
    assert (row, column, "formula" in what) == (2, "posts", False)
    assert not told(f"{HEAD}\n{ROME.replace('Rome', '-')}\n")


@pytest.mark.parametrize("media_type", [CSV, XLSX])
@pytest.mark.parametrize("mark", [*INVISIBLE, " \u202b\u200f "])
def test_marks_that_nobody_sees_are_no_part_of_names_or_values(mark: str, media_type: str) -> None:
    head = [
        f"{mark}{name}{mark}" for name in ("id", "kind", "name_en", "host", "city_en", "posts", "confidence")
    ]
    cells = ["emb-va", "embassy", f"Holy{mark}See", "VA", "Rome", "", "likely"]
    rows = [[f"{mark}# a remark"], head, [f"{mark}{cell}{mark}" for cell in cells]]
    raw = workbook(*rows) if media_type == XLSX else "\n".join(",".join(row) for row in rows).encode()
    found = read_missions(raw, media_type)
    assert not found.problems
    (rome,) = found.missions
    assert (rome.form.id, rome.form.host, rome.form.posts) == ("emb-va", "VA", None)
    assert rome.form.name.en == f"Holy{mark}See"


def test_dates_of_a_workbook_are_days() -> None:
    head = ["id", "mission", "category", "name_latin", "born_on"]
    (person,) = read_staff(
        workbook(head, ["p-0123456789", "emb-va", "diplomat", "Somebody", date(1980, 2, 29)]), XLSX
    ).persons
    assert person.personal == {"name_latin": "Somebody", "born_on": "1980-02-29"}
    assert "Somebody" not in repr(person)


def archive(parts: dict[str, bytes]) -> bytes:
    output = BytesIO()
    with ZipFile(output, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return output.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose first sheet is replaced."""
    parts = {}
    with ZipFile(BytesIO(workbook(["id"]))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    return archive(parts | {"xl/worksheets/sheet1.xml": xml})


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"PK\x03\x04", "no XLSX file"),
        (b"id,kind", "no XLSX file"),
        (archive({"a.xml": b"<a/>"}), "no XLSX file, or is damaged"),
        (archive({"a.xml": bytes(MOST_UNPACKED + 1)}), "unpacks to more than"),
        (archive({f"{n}.xml": b"" for n in range(501)}), "unpacks to more than"),
        (
            with_sheet(ENTITIES + SHEET % b'<row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row>'),
            "damaged",
        ),
        (with_sheet(SHEET % b'<row r="2147483647"><c r="A2147483647"><v>1</v></c></row>'), "beyond 50000"),
        (with_sheet(b"<worksheet>"), "damaged"),
    ],
    ids=["cut", "csv", "archive", "bomb", "parts", "entities", "far row", "broken"],
)
def test_an_archive_that_is_a_trap_is_told(raw: bytes, why: str) -> None:
    ((row, column, what),) = places(read_missions(raw, XLSX))
    assert (row, column) == (None, None) and why in what


def test_people_have_ids_and_their_data_is_checked_without_being_repeated() -> None:
    text = "\n".join(
        [
            "id,mission,category,name_arabic,born_on,email,phone",
            ",emb-va,diplomat,,,,",
            "p-salem,emb-va,diplomat,,,,",
            "p-0123456789,emb-va,diplomat,,1980-01-01,,",
            "p-0123456780,emb-va,diplomat,سالم,31/12/1980,nowhere,12",
        ]
    )
    found = read_staff(text.encode(), CSV)
    assert not found.persons
    assert [(row, column) for row, column, _ in places(found)] == [
        (2, "id"),
        (3, "id"),
        (4, "name_arabic"),
        (5, "born_on"),
        (5, "email"),
        (5, "phone"),
    ]
    assert not any(value in str(found.problems) for value in ("سالم", "31/12", "nowhere"))


@given(st.text(max_size=8) | st.text("'=+-@ab", max_size=6))
def test_a_text_comes_back_and_never_begins_like_a_formula(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r"))


WORDS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"]), min_size=1, max_size=9)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(WORDS, WORDS | st.sampled_from(["=1+1", "'=1", "+218", "@x", "a,b;c", '"', "a\nb"]))),
    st.sampled_from([CSV, XLSX]),
    st.booleans(),
)
def test_what_is_written_is_read_again(rows: list[tuple[str, str]], media_type: str, arabic: bool) -> None:
    columns = COLUMNS[2:4]
    values = [{"name_en": f"n{en}", "name_ar": trimmed(ar) or "x"} for en, ar in rows]
    table = read_table(write(columns, values, media_type, arabic), media_type, columns, "list")
    assert not table.problems
    assert [row for _, row in table.rows] == [
        {name: trimmed(value) for name, value in row.items()} for row in values
    ]


def test_the_rows_of_a_csv_file_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    assert [row for row, _ in read_csv(b'a,"b\nc"\n\nd\n')] == [1, 3]
