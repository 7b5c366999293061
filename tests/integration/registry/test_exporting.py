"""What is exported imports into an empty registry as the same, on a real PostgreSQL."""

from typing import Any

import pytest
import yaml

from shared.dossier.form import Dossier
from shared.dossier.lists import CSV, XLSX
from shared.projections import Views
from tests.integration.registry.conftest import Asked, opened
from tests.integration.registry.test_importing import STAFF, dossier, uploaded

SHOWN = ("decrees", "measures", "missions", "staff", "departments")


async def everything(asked: Asked, but: tuple[str, ...] = ()) -> dict[str, Any]:
    assert await asked.views.wait_for(asked.store.head, 60)
    views: Views = asked.views
    left_out = {
        "version",
        "standing",
        "made_due_by",
        "accredited",
        "postings",
        "signing",
        *but,
    }  # they have moments of their own
    return {
        view: {
            key: {name: value for name, value in row.items() if name not in left_out}
            for key, row in await views.list(view, limit=1000)
        }
        for view in SHOWN
    }


async def exported(asked: Asked, path: str, role: str = "auditor") -> Any:
    assert await asked.views.wait_for(asked.store.head, 60)
    response = await asked.client.get(path, headers={"Authorization": f"Bearer {role}"})
    assert response.status_code == 200, response.text
    return response


async def test_a_dossier_comes_back_and_makes_the_same_registry(
    asked: Asked, other_database_url: str, tmp_path: Any
) -> None:
    assert (await asked.send("POST", "/imports", dossier())).status_code == 200
    first = (await exported(asked, "/exports/dossier/298-2025")).json()
    as_yaml = await exported(asked, "/exports/dossier/298-2025?format=yaml")
    assert as_yaml.headers["content-type"].startswith("application/yaml")
    assert Dossier.model_validate(yaml.safe_load(as_yaml.text)) == Dossier.model_validate(first)
    head = asked.store.head
    assert (await asked.send("POST", "/imports", first)).json()["created"] == {}
    assert asked.store.head == head
    before = await everything(asked)
    csv = (await exported(asked, "/exports/missions.csv")).content
    xlsx = (await exported(asked, "/exports/staff.xlsx?names=ar")).content
    assert (await asked.upload("/imports/missions", csv)).json()["known"] == {"mission": 33}
    assert (await asked.upload("/imports/staff", xlsx, XLSX)).json()["kept"] == []
    assert asked.store.head == head
    async with opened(other_database_url, tmp_path / "other") as empty:
        assert (await empty.send("POST", "/imports", first)).status_code == 200
        assert await everything(empty) == before
        assert (await exported(empty, "/exports/dossier/298-2025")).json() == first


async def test_lists_make_the_same_missions_and_postings(
    asked: Asked, other_database_url: str, tmp_path: Any
) -> None:
    content = dossier()
    assert (await asked.send("POST", "/imports", content)).status_code == 200
    before = await everything(asked)
    lists = {
        (name, kind): (await exported(asked, f"/exports/{name}.{suffix}")).content
        for name, kind, suffix in (("missions", XLSX, "xlsx"), ("staff", CSV, "csv"))
    }
    another = {"number": 1, "uri": "/akn/ly/act/decree/2025/1"}
    bare = content | {"missions": {"provenance": "sample"}, "decree": content["decree"] | another}
    bare["decree"]["articles"] = [{"article": "3", "text": {"en": "A report."}}]
    bare["staff"] = content["staff"] | {"persons": []}
    async with opened(other_database_url, tmp_path / "other") as empty:
        assert (await empty.send("POST", "/imports", bare)).status_code == 200
        for (name, kind), raw in lists.items():
            answer = await empty.upload(f"/imports/{name}", raw, kind)
            assert answer.status_code == 200, answer.text
        assert (await empty.send("POST", "/imports", content)).json()["created"].keys() == {
            "decree",
            "measure",
        }
        after = await everything(empty)
    del after["decrees"]["1-2025"]
    assert after == before


async def test_a_text_with_marks_at_its_ends_is_known_in_a_list_that_has_none(asked: Asked) -> None:
    content = dossier()
    content["missions"]["missions"][0] |= {"name": {"en": "Embassy\u200f", "ar": " سفارة"}}
    assert (await asked.send("POST", "/imports", content)).status_code == 200
    csv = (await exported(asked, "/exports/missions.csv")).content
    assert "Embassy," in csv.decode()
    assert (await asked.upload("/imports/missions", csv)).json()["known"] == {"mission": 33}


async def test_who_people_are_is_exported_for_whoever_may_read_it_alone(
    asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    await asked.send("POST", "/imports", dossier())
    await uploaded(asked, "/imports/staff", STAFF.replace("emb-va", "emb-it"))
    plain = await exported(asked, "/exports/staff.csv?mission=emb-it", role="follow-up-office")
    assert "Somebody" not in plain.text and "name_latin" not in plain.text
    path = "/exports/staff.csv?mission=emb-it&personal=true"
    refused = await asked.client.get(path, headers={"Authorization": "Bearer follow-up-office"})
    assert refused.status_code == 403
    capsys.readouterr()
    told = await exported(asked, path, role="department:cabinet")
    assert "Somebody Else,1980-02-29,,,,,'+218 91 000000" in told.text
    assert capsys.readouterr().out.count("person.read") == 1
    assert told.headers["cache-control"] == "no-store"
    again = await asked.upload("/imports/staff", told.content)
    assert again.json()["personal"] == {"recorded": 0, "same": 1}
    everybody = await asked.client.get(
        "/exports/staff.csv?personal=true", headers={"Authorization": "Bearer department:cabinet"}
    )
    assert everybody.status_code == 403


async def test_an_export_is_of_the_moment_that_is_asked_for(asked: Asked) -> None:
    await asked.send("POST", "/imports", dossier())
    head = asked.store.head
    before = await exported(asked, "/exports/staff.csv")
    member = dossier()["staff"]["persons"][0]
    body = {"by": "presidential-council", "reference": "12/2025"}
    assert (await asked.send("POST", f"/staff/{member['id']}/recall", body)).status_code == 200
    now = await exported(asked, "/exports/staff.csv")
    assert member["id"] in before.text and member["id"] not in now.text
    then = await exported(asked, f"/exports/staff.csv?as_of={head}")
    assert then.content == before.content
