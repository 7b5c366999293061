"""The example's host States: what plans say of their calendars, which go out and come in again."""

import json
from pathlib import Path

import yaml

from shared.dossier import read_folder
from tests.product import DECREE, EXAMPLE, Person, Product, tanfidh

NAMIBIA, ALBANIA = f"{DECREE}-a2-r08", f"{DECREE}-a2-r02"
ASKING = [5, 9, 10, 19, 22, 24, 31]


def test_a_plan_tells_where_the_host_has_no_calendar(office: Person) -> None:
    namibia, albania = office.read(f"/tasks/plans/{NAMIBIA}"), office.read(f"/tasks/plans/{ALBANIA}")
    assert (namibia["host"], namibia["notes"]) == ("NA", [])
    (note,) = albania["notes"]
    assert (albania["host"], note["code"], note["country"]) == ("AL", "host-without-calendar", "AL")
    assert note["tasks"] == [f"{ALBANIA}-t{number:02d}" for number in ASKING]
    (known,) = office.read("/tasks/calendars", country="NA")["items"]
    assert known["name"] == "na"


def test_the_calendars_of_hosts_go_out_with_the_dossier_and_are_read_again(
    product: Product, tmp_path: Path
) -> None:
    written = tmp_path / "decree.json"
    exported = tanfidh("export", "dossier", DECREE, "--out", str(written), data=product.data)
    assert exported.returncode == 0, exported.stderr
    folder, example = read_folder(written), read_folder(EXAMPLE)
    assert [one["name"] for one in folder.host_calendars] == ["na"]
    (procedure,) = folder.procedures
    asking = [task["number"] for task in procedure["tasks"] if task["counts_by"] != "ministry"]
    assert asking == ASKING
    holidays = [one["day"] for one in folder.host_calendars[0]["holidays"]]
    assert holidays == [one["day"].isoformat() for one in example.host_calendars[0]["holidays"]]


def test_an_export_is_imported_as_what_is_there_and_comes_out_the_same(
    product: Product, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.yaml"
    for written in (first, second):
        assert tanfidh("export", "dossier", DECREE, "--out", str(written), data=product.data).returncode == 0
        told = tanfidh("import", str(written), "--json", data=product.data)
        assert told.returncode == 0, told.stderr
        answer = json.loads(told.stdout)
        assert (answer["created"], answer["kept"]) == ({}, [])
        assert sorted(answer["declared"]) == ["closing", "ly", "na"]
    content = json.loads(first.read_bytes())
    assert "adopted_at" not in content["procedure"]
    assert yaml.safe_load(second.read_text(encoding="utf-8")) == content
