"""A dossier in one file, and ids drawn for a list of staff."""

import csv
from collections.abc import Callable
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import yaml

from deploy.cli.importing import describe_list, describe_trial
from shared.dossier import DossierRefused, ImportFailed, read_folder
from shared.dossier.lists import CSV, XLSX, read_staff
from shared.dossier.lists.drawing import with_ids
from shared.dossier.trying import send_list, try_dossier

EXAMPLE = Path(__file__).parents[3] / "examples" / "decree-298-2025"


def single() -> dict[str, Any]:
    folder = read_folder(EXAMPLE)
    content: dict[str, Any] = folder.dossier.model_dump(mode="json", exclude_unset=True)
    (procedure,) = folder.procedures
    tasks = {"procedure": procedure, "calendar": folder.calendar, "host_calendars": folder.host_calendars}
    return content | plain(tasks)


def plain(content: Any) -> Any:
    return orjson.loads(orjson.dumps(content))


def written(path: Path, content: Any) -> Path:
    raw = orjson.dumps(content) if path.suffix == ".json" else yaml.safe_dump(content).encode()
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("name", ["decree.json", "decree.yaml"])
def test_one_file_reads_like_the_folder(tmp_path: Path, name: str) -> None:
    read, folder = read_folder(written(tmp_path / name, single())), read_folder(EXAMPLE)
    assert read.dossier == folder.dossier
    assert plain(read.calendar) == plain(folder.calendar)
    assert plain(read.host_calendars) == plain(folder.host_calendars)
    assert [one["country"] for one in read.host_calendars] == ["NA"]
    assert plain(read.procedures) == plain(folder.procedures)


def test_a_procedure_may_be_named_by_its_key_alone(tmp_path: Path) -> None:
    content = single() | {"procedure": "closing"}
    read = read_folder(written(tmp_path / "decree.json", content))
    assert (read.dossier.procedure, read.procedures) == ("closing", ())


@pytest.mark.parametrize("name", ["decree.json", "decree.yaml"])
@pytest.mark.parametrize("named", [{"procedure": "closing"}, {"procedures": {"merge": "closing"}}])
def test_a_decree_with_nothing_but_the_key_of_a_procedure_is_one_file(
    tmp_path: Path, name: str, named: dict[str, Any]
) -> None:
    decree = single()["decree"]
    decree["articles"][1]["rows"] = []
    read = read_folder(written(tmp_path / name, {"decree": decree} | named))
    keys = {read.dossier.procedure, *read.dossier.procedures.values()} - {None}
    assert (keys, read.procedures) == ({"closing"}, ())


def test_what_names_a_file_is_no_key(tmp_path: Path) -> None:
    decree = single()["decree"]
    for named in ("closing.yaml", "closing"):
        (tmp_path / "closing").write_text("template: 5", encoding="utf-8")
        with pytest.raises(DossierRefused) as refused:
            read_folder(written(tmp_path / "decree.yaml", {"decree": decree, "procedure": named}))
        assert named in {problem["file"] for problem in refused.value.facts["problems"]}


def test_procedures_of_kinds_stand_in_the_file_or_are_named(tmp_path: Path) -> None:
    content = single()
    other = content["procedure"] | {"template": "other"}
    content["procedures"] = {"close": other, "open": "opening", "merge": content["procedure"]}
    read = read_folder(written(tmp_path / "decree.json", content))
    assert [one["template"] for one in read.procedures] == ["closing", "other"]
    assert {kind.value: key for kind, key in read.dossier.procedures.items()} == {
        "close": "other",
        "open": "opening",
        "merge": "closing",
    }


def wrong_lead(content: dict[str, Any]) -> None:
    content["procedure"]["tasks"][0]["lead"] = "nobody"


def wrong_task(content: dict[str, Any]) -> None:
    content["decree"]["obligations"][0]["task"] = 41


def nameless(content: dict[str, Any]) -> None:
    del content["calendar"]["name"]


def host_without_country(content: dict[str, Any]) -> None:
    del content["host_calendars"][0]["country"]


def host_as_a_word(content: dict[str, Any]) -> None:
    content["host_calendars"] = ["na"]


def calendar_as_a_word(content: dict[str, Any]) -> None:
    content["calendar"] = "ly"


def wrong_host(content: dict[str, Any]) -> None:
    content["missions"]["missions"][0]["host"] = "XX"


def twice(content: dict[str, Any]) -> None:
    content["departments"]["departments"] *= 2


@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        (wrong_lead, "tasks.0"),
        (wrong_task, "decree.obligations.0.task"),
        (nameless, "name"),
        (calendar_as_a_word, "name"),
        (host_without_country, "country"),
        (host_as_a_word, "name"),
        (wrong_host, "missions.missions.0.host"),
        (twice, "departments"),
    ],
)
def test_mistakes_of_one_file_are_told(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], path: str
) -> None:
    content = single()
    spoil(content)
    with pytest.raises(DossierRefused) as refused:
        read_folder(written(tmp_path / "decree.json", content))
    assert ("decree.json", path) in {(one["file"], one["path"]) for one in refused.value.facts["problems"]}


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"{", "unexpected end"),
        (b'{"a": 1, "a": 2}', "the name 'a' stands twice"),
        (b"[]", "it does not hold"),
        (b'"' + b"x" * 4_000_000 + b'"', "larger than 4 MB"),
        (b"[" * 3000, "depth limit exceeded"),
    ],
)
def test_json_that_is_no_dossier_is_told(tmp_path: Path, raw: bytes, why: str) -> None:
    (tmp_path / "decree.json").write_bytes(raw)
    with pytest.raises(DossierRefused, match=r".*") as refused:
        read_folder(tmp_path / "decree.json")
    assert why in str(refused.value)


def drawn(raw: bytes, media_type: str = CSV) -> tuple[list[list[str]], int]:
    numbers = count(1)
    content, many = with_ids(raw, media_type, "staff.csv", CSV, lambda: f"p-{next(numbers):08x}")
    return list(csv.reader(StringIO(content.decode("utf-8-sig")))), many


def test_ids_are_drawn_where_none_stands_and_all_else_is_kept() -> None:
    raw = "المعرف;mission;category;x-note\np-00000000ff;emb-va;diplomat;'=1\n;emb-va;diplomat\n".encode()
    assert drawn(raw) == (
        [
            ["المعرف", "mission", "category", "x-note"],
            ["p-00000000ff", "emb-va", "diplomat", "'=1"],
            ["p-00000001", "emb-va", "diplomat", ""],
        ],
        1,
    )
    rows, many = drawn(b"mission,category\nemb-va,diplomat\nemb-va,diplomat\n")
    assert (rows[0], many) == (["id", "mission", "category"], 2)
    assert len(read_staff("\n".join(map(",".join, rows)).encode(), CSV).persons) == 2


def test_no_ids_are_drawn_for_what_is_no_list() -> None:
    for raw, media_type in ((b"id\n\xff", CSV), (b"PK", XLSX), (b"id,a\n" + b"x" * 2001, CSV)):
        with pytest.raises(DossierRefused):
            drawn(raw, media_type)


async def asked(answer: httpx.Response, sent: list[httpx.Request], path: Path, **how: Any) -> dict[str, Any]:
    def take(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(take), base_url="http://here") as client:
        if how:
            return await send_list(path, client=client, token="t", **how)
        return await try_dossier(path, client, "t")


PROBLEM = {"path": "row 2 host", "what": {"en": "No."}, "remedy": {"en": "Mend."}, "row": 2, "column": "host"}


async def test_a_trial_names_the_files_and_sends_nothing_else(tmp_path: Path) -> None:
    sent: list[httpx.Request] = []
    told = [PROBLEM | {"file": part} for part in ("missions", "decree", "staff")]
    answer = await asked(httpx.Response(200, json={"problems": told}), sent, EXAMPLE)
    assert [problem["file"] for problem in answer["problems"]] == [
        "missions.yaml",
        "dossier.yaml",
        "staff.yaml",
    ]
    assert [request.url.path for request in sent] == ["/registry/imports/check"]
    assert sent[0].url.params.get_list("sent_along") == ["closing"]


async def test_a_list_is_sent_as_what_it_is(tmp_path: Path) -> None:
    sent: list[httpx.Request] = []
    path = tmp_path / "people.xlsx"
    path.write_bytes(b"PK")
    how = {"kind": "staff", "provenance": "sample", "trial": True}
    answer = await asked(
        httpx.Response(200, json={"problems": [PROBLEM | {"file": "staff"}]}), sent, path, **how
    )
    assert describe_trial(answer) == ("[people.xlsx row 2 host] No. Mend.\n1 problem(s); nothing was stored.")
    assert str(sent[0].url) == "http://here/registry/imports/staff/check?provenance=sample"
    assert (sent[0].headers["content-type"], sent[0].content) == (XLSX, b"PK")
    with pytest.raises(ImportFailed, match="not for you"):
        await asked(httpx.Response(403, json={"detail": "not for you"}), sent, path, **how | {"trial": False})


def test_what_an_import_would_do_is_told_in_a_line() -> None:
    counts: dict[str, Any] = {
        "created": {"mission": 2},
        "known": {"mission": 1},
        "changed": {},
        "problems": [],
    }
    told = counts | {
        "measures": {"ordered": 1},
        "not_ordered": [{"measure": "r1", "reason": "decree-on-hold"}],
    }
    assert describe_trial(told) == (
        "new would be 2 missions; known: 1 mission; measures: 1 ordered; not ordered: r1 (decree-on-hold); "
        "nothing was stored"
    )
    staff = {
        "created": {},
        "known": {"staff": 1},
        "personal": {"recorded": 1, "same": 0},
        "kept": [{"row": 2, "staff": "p-1", "state": "recalled", "mission": None}],
    }
    assert describe_list(staff) == (
        "new are none; known: 1 staff; personal data: 1 new; row 2: p-1 stays as it is (recalled)"
    )
