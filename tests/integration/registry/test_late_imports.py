"""Imports long after their decree: what each step is of, and what is told as of earlier days, over HTTP."""

from typing import Any

from tests.integration.registry.conftest import Asked
from tests.integration.registry.scenes import MEASURE, dossier, imported, small

BLOCKED = "298-2025-a2-r20"
ANNOUNCED = "2025-04-30T00:00:00.000000Z"
DATES = {"public_on": "2025-11-01", "official_on": "2025-11-30"}


async def moments(asked: Asked, kind: str, id: str) -> dict[str, str]:
    """By the end of each event's type, as of when it is."""
    told = (await asked.get(f"/streams/{kind}/{id}?limit=200")).json()["items"]
    return {event["type"].rpartition(".")[2]: event["effective_at"] for event in told}


async def test_each_step_is_of_the_day_that_the_dossier_tells(asked: Asked) -> None:
    content = dossier()
    content["decree"]["in_force_on"] = "2025-05-11"
    person = content["staff"]["persons"][0]
    person["posted_on"] = "2024-02-01"
    foreseen = (await asked.send("POST", "/imports/check", content)).json()
    done = (await asked.send("POST", "/imports", content)).json()
    assert foreseen["measures"] == done["measures"]
    decree = await moments(asked, "decree", "298-2025")
    assert decree == {"issued": ANNOUNCED, "entered-into-force": "2025-05-11T00:00:00.000000Z"}
    assert await moments(asked, "measure", MEASURE) == {
        "listed": ANNOUNCED,
        "ordered": "2025-05-11T00:00:00.000000Z",
    }
    mission = await moments(asked, "mission", "emb-va")
    assert (mission["registered"], mission["closing"]) == (ANNOUNCED, "2025-05-11T00:00:00.000000Z")
    assert (await moments(asked, "staff", person["id"]))["posted"] == "2024-02-01T00:00:00.000000Z"
    assert (await moments(asked, "staff", content["staff"]["persons"][1]["id"]))["posted"] == ANNOUNCED


async def test_departments_that_are_sent_first_are_of_the_announcement_too(asked: Asked) -> None:
    content = dossier()
    path = "/imports/departments?found_on=2025-04-30"
    assert (await asked.send("POST", path, content["departments"])).status_code == 200
    assert (await asked.send("POST", "/imports", content)).status_code == 200
    assert await moments(asked, "department", "inspection") == {
        "registered": ANNOUNCED,
        "signing-declared": ANNOUNCED,
    }
    signed = await asked.send(
        "POST",
        "/missions/emb-va/handover/signatures",
        {"signatory": "inspection", "reference": "38/2025"},
        role="department:inspection",
        Tanfidh_Effective_At="2025-05-01",
    )
    assert signed.status_code == 201, signed.text


async def test_no_department_is_found_on_a_day_to_come(asked: Asked) -> None:
    head = asked.store.head
    path = "/imports/departments?found_on=2199-01-01"
    answer = await asked.send("POST", path, dossier()["departments"])
    assert (answer.status_code, asked.store.head) == (422, head), answer.text
    assert answer.json()["type"].endswith("/effective-ahead")


async def test_an_import_tells_what_was_declared_too_late_for_its_day_and_moves_nothing(asked: Asked) -> None:
    content = dossier()
    first = await asked.send("POST", "/imports/departments", content["departments"])
    assert first.json()["signing_kept"] == []
    declared = (await moments(asked, "department", "inspection"))["signing-declared"]
    head, path = asked.store.head, "/imports/departments?found_on=2025-04-30"
    again = await asked.send("POST", path, content["departments"])
    (inspection, receiving) = again.json()["signing_kept"]
    assert asked.store.head == head
    assert receiving["department"] == "receiving-mission"
    assert inspection == {
        "path": "departments.15.signs",
        "department": "inspection",
        "signs": ["inspection"],
        "since": declared,
        "says_since": ANNOUNCED,
    }
    foreseen = (await asked.send("POST", "/imports/check", content)).json()
    done = (await asked.send("POST", "/imports", content)).json()
    assert foreseen["signing_kept"] == done["signing_kept"] == [inspection, receiving]
    for key, side in (("inspection", "inspection"), ("receiving-mission", "receiving")):
        body = {"signs": [side], "reference": "39/2025"}
        moved = await asked.send("PUT", f"/departments/{key}/signs", body, Tanfidh_Effective_At="2025-04-30")
        assert moved.status_code == 200, moved.text
    assert (await asked.send("POST", path, content["departments"])).json()["signing_kept"] == []
    assert (await asked.send("POST", "/imports", content)).json()["signing_kept"] == []


async def test_a_declaration_entered_too_late_is_moved_back(asked: Asked) -> None:
    content = dossier()
    assert (await asked.send("POST", "/imports/departments", content["departments"])).status_code == 200
    assert (await asked.send("POST", "/imports", content)).status_code == 200
    minutes = "/missions/emb-va/handover/signatures"
    signature, role = {"signatory": "inspection", "reference": "38/2025"}, "department:inspection"
    told = await asked.send("POST", minutes, signature, role=role, Tanfidh_Effective_At="2025-07-01")
    assert told.json()["type"].endswith("/before-what-it-follows")
    body = {"signs": ["inspection"], "reference": "39/2025"}
    path = "/departments/inspection"
    moved = await asked.send("PUT", f"{path}/signs", body, Tanfidh_Effective_At="2025-06-01")
    assert moved.status_code == 200, moved.text

    async def at(day: str) -> Any:
        return (await asked.get(f"{path}?effective_at={day}")).json()["signs"]

    assert [await at(day) for day in ("2025-05-30", "2025-06-01", "2999-01-01")] == [
        None,
        ["inspection"],
        ["inspection"],
    ]
    told = await asked.send("POST", minutes, signature, role=role, Tanfidh_Effective_At="2025-07-01")
    assert told.status_code == 201, told.text


async def test_a_dry_run_is_of_the_moment_that_is_said_of_the_import(asked: Asked) -> None:
    early = {"Tanfidh_Effective_At": "2025-04-01"}
    for path in ("/imports/check", "/imports"):
        told = await asked.send("POST", path, dossier(), **early)
        assert told.json()["type"].endswith("/before-what-it-follows"), told.text
    ahead = await asked.send("POST", "/imports/check", dossier(), Tanfidh_Effective_At="2099-01-01")
    assert ahead.json()["type"].endswith("/effective-ahead")


async def test_a_decree_that_binds_from_a_day_before_its_announcement_binds_from_that(asked: Asked) -> None:
    content = small(401, "emb-va", "emb-it")
    content["decree"] |= {"announced_on": "2025-06-01", "in_force_on": "2025-05-01"}
    assert (await asked.send("POST", "/imports", content)).status_code == 200
    decree = (await asked.get("/decrees/401-2025?effective_at=2025-05-20")).json()
    now = (await asked.get("/decrees/401-2025?effective_at=2025-06-01")).json()
    assert (decree["state"], now["state"]) == (None, "in-force")
    assert (await moments(asked, "measure", "401-2025-a1-r01"))["ordered"].startswith("2025-06-01")


async def test_what_is_said_of_the_import_goes_before_what_no_day_is_told_of(asked: Asked) -> None:
    done = await asked.send("POST", "/imports", dossier(), Tanfidh_Effective_At="2025-06-02")
    assert done.status_code == 200, done.text
    assert (await moments(asked, "decree", "298-2025"))["issued"] == ANNOUNCED
    said = "2025-06-02T00:00:00.000000Z"
    assert set((await moments(asked, "measure", MEASURE)).values()) == {said}
    assert set((await moments(asked, "mission", "emb-va")).values()) == {said}
    early = await asked.send("PUT", "/missions/emb-va/dates", DATES, Tanfidh_Effective_At="2025-06-01")
    assert early.json()["type"].endswith("/before-what-it-follows")


async def test_dates_and_outcomes_are_told_as_of_their_days(asked: Asked) -> None:
    await imported(asked)
    dated = await asked.send("PUT", "/missions/emb-va/dates", DATES, Tanfidh_Effective_At="2025-05-06")
    assert dated.status_code == 200, dated.text
    person = (await asked.get("/staff?mission=emb-va")).json()["items"][0]
    recall = {"by": person["authority"], "reference": "12/2025"}
    path = f"/staff/{person['id']}"
    done = await asked.send("POST", f"{path}/recall", recall, Tanfidh_Effective_At="2025-09-01")
    assert done.status_code == 200, done.text

    async def at(day: str) -> Any:
        return (await asked.get(f"{path}?effective_at={day}")).json()["mission"]

    assert [await at(day) for day in ("2025-04-29", "2025-05-06", "2025-09-01")] == [None, "emb-va", None]
    # And again the same import changes nothing.
    head = asked.store.head
    await imported(asked)
    assert asked.store.head == head


async def test_a_row_that_was_identified_is_ordered_since_that(asked: Asked) -> None:
    await imported(asked)
    found = {"receiver": "emb-gh", "confidence": "likely", "source": "7/2025"}
    path = f"/measures/{BLOCKED}"
    done = await asked.send("POST", f"{path}/identify", found, Tanfidh_Effective_At="2025-07-01")
    assert done.status_code == 200, done.text
    early = await asked.send("POST", f"{path}/order", Tanfidh_Effective_At="2025-06-30")
    assert early.json()["type"].endswith("/before-what-it-follows"), early.text
    assert (await imported(asked))["measures"]["ordered"] == 20
    assert (await moments(asked, "measure", BLOCKED))["ordered"] == "2025-07-01T00:00:00.000000Z"
