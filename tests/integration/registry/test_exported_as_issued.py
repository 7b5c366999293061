"""A dossier goes out as issued (decision 0029): whatever came after, it begins an execution elsewhere."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.registry.conftest import Asked, opened
from tests.integration.registry.scenes import HOLD, closable, dossier, imported, imported_with, small

SOMEBODY = "p-00000000f1"


async def posted(asked: Asked, mission: str) -> None:
    body = {"mission": mission, "category": "diplomat", "authority": "cabinet"}
    sent = await asked.send("POST", f"/staff/{SOMEBODY}/post", body)
    assert sent.status_code == 201, sent.text


async def reopened(asked: Asked) -> None:
    """Close the mission, open it again by a later decree, and post somebody there since."""
    await imported(asked)
    await closable(asked)
    assert (await asked.send("POST", "/missions/emb-va/close")).status_code == 200
    await opened_by(asked, 299, "emb-va")
    await posted(asked, "emb-va")


async def held(asked: Asked) -> None:
    """Hold the decree before anything is ordered, and post somebody to a mission that it would close."""

    async def hold() -> None:
        assert (await asked.send("POST", "/decrees/298-2025/holds", HOLD, role="controller")).is_success

    await imported_with(asked, hold)
    await posted(asked, "emb-va")


async def opened_by(asked: Asked, number: int, mission: str, **listed: Any) -> None:
    content = small(number, mission, None) | listed
    content["decree"]["articles"][0]["rows"][0]["kind"] = "open"
    sent = await asked.send("POST", "/imports", content)
    assert sent.status_code == 200 and sent.json()["measures"] == {"ordered": 1}, sent.text
    body = {"evidence": ["1/2026"]}
    done = await asked.send("POST", f"/measures/{number}-2025-a1-r01/execute", body)
    assert done.status_code == 200, done.text


async def moved_to_its_place(exporting: Asked, decree: str, empty: Asked) -> dict[str, Any]:
    """Export a dossier, and import it into an empty registry, where a dry run says what comes of it."""
    content: dict[str, Any] = (await exporting.get(f"/exports/dossier/{decree}")).json()
    head = exporting.store.head
    assert (await exporting.send("POST", "/imports", content)).json()["created"] == {}
    assert exporting.store.head == head
    foreseen = (await empty.send("POST", "/imports/check", content)).json()
    assert foreseen["problems"] == []
    done = await empty.send("POST", "/imports", content)
    assert done.status_code == 200, done.text
    assert done.json()["measures"] == foreseen["measures"]
    assert (await empty.get(f"/exports/dossier/{decree}")).json() == content
    return content


@pytest.mark.parametrize("later", [reopened, held])
async def test_who_was_posted_since_the_decree_closes_a_mission_is_no_part_of_it(
    asked: Asked, other_database_url: str, tmp_path: Path, later: Any
) -> None:
    await later(asked)
    async with opened(other_database_url, tmp_path / "other") as empty:
        content = await moved_to_its_place(asked, "298-2025", empty)
        assert (await empty.get("/missions/emb-va")).json()["state"] == "closing"
    told = {person["id"] for person in content["staff"]["persons"]}
    assert SOMEBODY not in told and len(told) >= 60
    assert SOMEBODY in (await asked.get("/exports/staff.csv")).text


async def test_who_was_posted_to_a_mission_that_the_decree_opens_is_no_part_of_it(
    asked: Asked, other_database_url: str, tmp_path: Path
) -> None:
    await imported(asked)
    new = dossier()["missions"]["missions"][0] | {"id": "emb-zw", "host": "ZW", "planned": True}
    await opened_by(asked, 299, "emb-zw", missions={"provenance": "sample", "missions": [new]})
    await posted(asked, "emb-zw")
    async with opened(other_database_url, tmp_path / "other") as empty:
        content = await moved_to_its_place(asked, "299-2025", empty)
    assert content["staff"]["persons"] == []


@pytest.mark.parametrize("posts", [0, 1])
async def test_nobody_is_imported_beyond_the_establishment(asked: Asked, posts: int) -> None:
    content = dossier()
    persons, missions = content["staff"]["persons"], content["missions"]["missions"]
    place = persons[0]["mission"]
    there = [f"persons.{number}" for number, one in enumerate(persons) if one["mission"] == place]
    (mission,) = (one for one in missions if one["id"] == place)
    mission["posts"] = posts
    for path in ("/imports/check", "/imports"):
        problems = (await asked.send("POST", path, content)).json()["problems"]
        assert [problem["path"] for problem in problems] == there[posts:] != []
    assert asked.store.head == 0
    mission["posts"] = len(there)
    assert (await asked.send("POST", "/imports", content)).status_code == 200


async def test_nobody_is_imported_to_a_mission_that_is_still_to_be_opened(asked: Asked) -> None:
    content = dossier()
    person = content["staff"]["persons"][0]
    index = next(n for n, one in enumerate(content["missions"]["missions"]) if one["id"] == person["mission"])
    content["missions"]["missions"][index]["planned"] = True
    for path in ("/imports/check", "/imports"):
        problems = (await asked.send("POST", path, content)).json()["problems"]
        assert "persons.0" in [problem["path"] for problem in problems]
    assert asked.store.head == 0
