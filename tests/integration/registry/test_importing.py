"""Imports with a dry run, of dossiers and of lists, on a real PostgreSQL."""

from typing import Any

import pytest
import yaml

from services.registry.application.entering import Entering
from tests.integration.registry.conftest import Asked
from tests.integration.registry.scenes import dossier

MISSIONS = """\
id,kind,name_en,host,city_en,confidence
emb-va,embassy,Embassy to the Holy See,VA,Rome,likely
emb-it,embassy,Embassy to Italy,IT,Rome,confident
"""
STAFF = """\
id,mission,category,name_latin,born_on,phone
p-00000000a1,emb-va,diplomat,Somebody Else,1980-02-29,+218 91 000000
p-00000000a2,emb-it,diplomat,,,
"""


async def uploaded(asked: Asked, path: str, text: str, role: str = "admin") -> dict[str, Any]:
    response = await asked.upload(path, text.encode(), role=role)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_a_dry_run_tells_what_the_import_then_does_and_stores_nothing(asked: Asked) -> None:
    foreseen = await asked.send("POST", "/imports/check", dossier())
    assert foreseen.status_code == 200, foreseen.text
    assert asked.store.head == 0
    done = (await asked.send("POST", "/imports", dossier())).json()
    head = asked.store.head
    told = foreseen.json()
    assert told["created"].pop("organisation") == 1  # competences, which an import does not count
    for part in ("decree", "created", "known", "measures", "not_ordered"):
        assert told[part] == done[part], part
    again = (await asked.send("POST", "/imports/check", dossier())).json()
    assert (again["created"], again["changed"], again["problems"]) == ({}, {}, [])
    assert again["known"] == told["created"]
    assert asked.store.head == head


async def test_a_dry_run_tells_mistakes_and_conflicts_together(asked: Asked) -> None:
    await asked.send("POST", "/imports", dossier())
    head = asked.store.head
    wrong = dossier()
    wrong["decree"]["obligations"][0]["rule"] = "soon"
    wrong["decree"]["articles"][1]["rows"][1]["mission"] = "emb-xx"
    wrong["missions"]["missions"][0]["city"]["en"] = "Elsewhere"
    wrong["departments"]["departments"][0]["name"] = {"en": "Another"}
    told = (await asked.send("POST", "/imports/check", wrong)).json()
    assert [problem["path"] for problem in told["problems"]] == [
        "decree.obligations.0.rule",
        "decree.articles.1.rows.1.mission",
        "departments.0",
        "missions.0",
    ]
    assert asked.store.head == head
    assert (await asked.send("POST", "/imports/check", dossier(), role="auditor")).status_code == 403


LATER = """
decree:
  number: 9
  year: 2026
  uri: /akn/ly/act/decree/2026/9
  title: {en: A later decree}
  issuer: {en: Prime Minister}
  announced_on: "2026-01-04"
  signed_on: unknown
  in_force_on: "2026-01-04"
  articles:
    - article: "1"
      text: {en: Two missions are closed.}
      rows:
        - {row: 1, kind: reduce-staff, mission: emb-my, target: {posts: 2}, confidence: confident}
        - {row: 2, kind: close, mission: emb-xx, confidence: confident}
"""


async def test_a_later_decree_speaks_of_missions_that_are_known(asked: Asked) -> None:
    later = yaml.safe_load(LATER)
    await asked.send("POST", "/imports", dossier())
    head = asked.store.head
    refused = await asked.send("POST", "/imports", later)
    assert [one["what"]["en"] for one in refused.json()["problems"]] == ["There is no mission emb-xx."]
    assert (refused.status_code, asked.store.head) == (422, head)
    del later["decree"]["articles"][0]["rows"][1]
    done = await asked.send("POST", "/imports", later)
    assert (done.status_code, done.json()["measures"]) == (200, {"ordered": 1})


async def test_lists_are_tried_and_imported_and_again_change_nothing(asked: Asked) -> None:
    only = dossier() | {"missions": {"provenance": "sample"}}
    only["decree"] |= {"articles": [{"article": "3", "text": {"en": "A report."}}]}
    only["staff"]["persons"] = []
    assert (await asked.send("POST", "/imports", only)).status_code == 200
    head = asked.store.head
    foreseen = await uploaded(asked, "/imports/missions/check?provenance=sample", MISSIONS)
    assert (foreseen["problems"], foreseen["created"], asked.store.head) == ([], {"mission": 2}, head)
    assert (await uploaded(asked, "/imports/missions?provenance=sample", MISSIONS))["created"] == {
        "mission": 2
    }
    assert asked.store.head == head + 2
    foreseen = await uploaded(asked, "/imports/staff/check", STAFF)
    assert (foreseen["problems"], foreseen["created"]) == ([], {"staff": 2})
    assert (foreseen["personal"], foreseen["changed"]) == ({"recorded": 1, "same": 0}, {"mission": 2})
    assert asked.store.head == head + 2 and asked.vault.every_key() == []
    done = await uploaded(asked, "/imports/staff", STAFF)
    assert done == {
        "created": {"staff": 2},
        "known": {},
        "kept": [],
        "personal": {"recorded": 1, "same": 0},
    }
    head = asked.store.head
    again = await uploaded(
        asked, "/imports/staff", STAFF.replace("p-00000000a2,emb-it", "p-00000000a2,emb-va")
    )
    assert (again["known"], again["personal"]) == ({"staff": 2}, {"recorded": 0, "same": 1})
    assert again["kept"] == [
        {"row": 3, "staff": "p-00000000a2", "state": "posted", "mission": "emb-it", "posted_on": None}
    ]
    assert (await uploaded(asked, "/imports/missions?provenance=sample", MISSIONS))["known"] == {"mission": 2}
    assert asked.store.head == head


async def test_personal_data_of_a_list_is_sealed_and_what_it_leaves_out_stays(asked: Asked) -> None:
    await asked.send("POST", "/imports", dossier())
    text = STAFF.replace("emb-va", "emb-it")
    await uploaded(asked, "/imports/staff", text)
    path = "/staff/p-00000000a1/person"
    read = await asked.client.get(path, headers={"Authorization": "Bearer admin"})
    assert read.json()["person"] == {
        "name_latin": "Somebody Else",
        "born_on": "1980-02-29",
        "phone": "+218 91 000000",
    }
    stored = await asked.store.pool.fetch("SELECT events::text FROM events")
    assert not any("Somebody" in row[0] or b"Somebody".hex() in row[0] for row in stored)
    corrected = text.replace("Somebody Else,1980-02-29,+218 91 000000", "Somebody New,,")
    for _ in range(2):
        answer = await uploaded(asked, "/imports/staff", corrected)
    assert answer["personal"] == {"recorded": 0, "same": 1}
    read = await asked.client.get(path, headers={"Authorization": "Bearer admin"})
    assert (read.json()["person"]["name_latin"], read.json()["person"]["born_on"]) == (
        "Somebody New",
        "1980-02-29",
    )
    assert (await uploaded(asked, "/imports/staff", text))["personal"] == {"recorded": 1, "same": 0}


async def test_a_list_with_problems_stores_nothing_and_tells_all_by_row(asked: Asked) -> None:
    await asked.send("POST", "/imports", dossier())
    head = asked.store.head
    text = "\n".join(
        [
            "id,mission,category,authority",
            "p-00000000a1,emb-va,diplomat,",
            "p-00000000a2,emb-xx,cook,",
            "p-00000000a3,emb-it,diplomat,mission",
            ",emb-it,diplomat,",
        ]
    )
    places = [(2, "mission"), (3, "category"), (3, "mission"), (4, "authority"), (5, "id")]
    told = await uploaded(asked, "/imports/staff/check", text)
    assert [(problem["row"], problem["column"]) for problem in told["problems"]] == places
    refused = await asked.upload("/imports/staff", text.encode())
    assert refused.status_code == 422 and refused.json()["type"].endswith("/dossier-refused")
    assert [(problem["row"], problem["column"]) for problem in refused.json()["problems"]] == places
    missions = MISSIONS.replace("Embassy to Italy", "Mission to Italy").replace("IT,Rome", "IT,Milan")
    missions = missions.replace("confidence\n", "confidence,state\n") + "emb-x,embassy,X,MT,V,likely,closed\n"
    told = await uploaded(asked, "/imports/missions/check?provenance=sample", missions)
    assert [(problem["row"], problem["column"]) for problem in told["problems"]] == [
        (2, "name_en"),
        (2, "city_en"),
        (3, "name_en"),
        (3, "city_en"),
        (3, "confidence"),
        (4, "state"),
    ]
    assert asked.store.head == head


async def test_all_that_is_wrong_with_a_row_is_told_at_once(asked: Asked) -> None:
    await asked.send("POST", "/imports", dossier())
    head = asked.store.head
    text = "\n".join(
        [
            "id,mission,category,posted_on,provenance,name_latin,born_on",
            "p-00000000a1,emb-nope,nope,2025-13-01,,,",
            "p-00000000a2,emb-va,diplomat,,somewhere,,",
            "p-00000000a2,emb-nope,diplomat,2199-01-01,,Some Body,2198-01-01",
            "nobody,emb-nope,b d,2199-01-01,,Some Body,1980-13-01",
            "p-00000000a5,emb-nope,,,,,",
        ]
    )
    places = [
        *((2, name) for name in ("category", "mission", "posted_on")),
        *((3, name) for name in ("mission", "provenance")),
        *((4, name) for name in ("born_on", "id", "mission", "posted_on")),
        *((5, name) for name in ("born_on", "category", "id", "mission", "posted_on")),
        *((6, name) for name in ("category", "mission")),
    ]
    told = await uploaded(asked, "/imports/staff/check", text)
    assert sorted((problem["row"], problem["column"]) for problem in told["problems"]) == places
    refused = (await asked.upload("/imports/staff", text.encode())).json()
    assert sorted((problem["row"], problem["column"]) for problem in refused["problems"]) == places
    missions = "\n".join(
        [
            "id,kind,name_en,host,city_en,confidence,state",
            "emb-va,embassy,Another,ZZ,Milan,likely,",
            "emb-va,castle,Another,VA,Milan,likely,gone",
            "emb-zw,embassy,New,ZW,Harare,sure,closed",
        ]
    )
    told = await uploaded(asked, "/imports/missions/check?provenance=sample", missions)
    assert sorted((problem["row"], problem["column"]) for problem in told["problems"]) == [
        *((2, name) for name in ("city_en", "host", "name_en")),
        *((3, name) for name in ("city_en", "id", "kind", "name_en", "state")),
        *((4, name) for name in ("confidence", "state")),
    ]
    assert asked.store.head == head


async def test_days_to_come_are_told_by_row_among_the_other_problems(asked: Asked) -> None:
    await asked.send("POST", "/imports", dossier())
    head = asked.store.head
    text = "\n".join(
        [
            "id,mission,category,posted_on,name_latin,born_on",
            "p-00000000a1,emb-xx,diplomat,2199-01-01,,",
            "p-00000000a2,emb-it,diplomat,2021-05-05,Some Body,2198-01-01",
            "p-00000000a3,emb-it,diplomat,2199-01-02,Some Body,1980-01-01",
            "p-00000000a4,emb-it,cook,,,",
        ]
    )
    places = [(2, "mission"), (2, "posted_on"), (3, "born_on"), (4, "posted_on"), (5, "category")]
    told = await uploaded(asked, "/imports/staff/check", text)
    assert [(problem["row"], problem["column"]) for problem in told["problems"]] == places
    assert told["problems"][1]["what"]["en"] == "The posting begins on 2199-01-01, which is still to come."
    assert "2198" not in str(told), "no message repeats a birthday"
    refused = await asked.upload("/imports/staff", text.encode())
    assert refused.status_code == 422 and refused.json()["type"].endswith("/dossier-refused")
    assert [(problem["row"], problem["column"]) for problem in refused.json()["problems"]] == places
    assert asked.store.head == head and asked.vault.every_key() == []


async def test_a_day_to_come_in_a_dossier_hides_no_other_problem(asked: Asked) -> None:
    wrong = dossier()
    wrong["departments"]["departments"][0]["name"] = {"en": "Another"}
    await asked.send("POST", "/imports", dossier())
    new = wrong["staff"]["persons"][0] | {
        "id": "p-00000000a1",
        "mission": "emb-it",
        "posted_on": "2199-01-01",
    }
    wrong["staff"]["persons"].append(new)
    place = f"persons.{len(wrong['staff']['persons']) - 1}.posted_on"
    told = (await asked.send("POST", "/imports/check", wrong)).json()
    assert [problem["path"] for problem in told["problems"]] == ["departments.0", place]
    refused = await asked.send("POST", "/imports", wrong)
    assert [problem["path"] for problem in refused.json()["problems"]] == ["departments.0", place]


async def test_a_list_is_for_whoever_may_post_and_record(asked: Asked) -> None:
    await asked.send("POST", "/imports", dossier())
    text = STAFF.replace("emb-va", "emb-it").encode()
    plain = b"id,mission,category\np-00000000a3,emb-it,diplomat\n"
    for role, raw, status in (
        ("follow-up-office", text, 403),
        ("follow-up-office", plain, 200),
        ("department:cabinet", text, 200),
        ("department:legal", plain, 403),
        ("auditor", plain, 403),
    ):
        assert (await asked.upload("/imports/staff", raw, role=role)).status_code == status, role
    assert (await asked.upload("/imports/missions", MISSIONS.encode(), role="auditor")).status_code == 403
    assert (await asked.upload("/imports/staff", text, "application/json")).status_code == 415


ELSEWHERE = "id,mission,category\np-00000000a1,emb-it,diplomat\np-00000000a2,emb-my,diplomat\n"


@pytest.mark.parametrize("as_dossier", [False, True])
async def test_who_was_posted_by_another_file_meanwhile_is_told_as_kept(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, as_dossier: bool
) -> None:
    await asked.send("POST", "/imports", dossier())
    enter = Entering._enter

    async def after_another(*given: Any) -> Any:
        monkeypatch.undo()
        assert (await uploaded(asked, "/imports/staff", ELSEWHERE))["created"] == {"staff": 2}
        return await enter(*given)

    monkeypatch.setattr(Entering, "_enter", after_another)
    mine = "id,mission,category\np-00000000a1,emb-it,diplomat\np-00000000a2,emb-it,diplomat\n"
    content = dossier()
    number = len(content["staff"]["persons"])
    for id in ("p-00000000a1", "p-00000000a2"):
        content["staff"]["persons"].append({"id": id, "mission": "emb-it", "category": "diplomat"})
    if as_dossier:
        told, place = (
            (await asked.send("POST", "/imports", content)).json(),
            {"path": f"persons.{number + 1}"},
        )
    else:
        told, place = await uploaded(asked, "/imports/staff", mine), {"row": 3}
    assert "staff" not in told["created"] and told["known"]["staff"] >= 2
    stands = {"staff": "p-00000000a2", "state": "posted", "mission": "emb-my", "posted_on": None}
    assert told["kept"] == [place | stands]
