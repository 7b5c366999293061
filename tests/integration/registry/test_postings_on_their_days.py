"""People who are imported are judged as of the day of their posting, in dossiers and in lists, over HTTP."""

from typing import Any

from tests.integration.registry.conftest import Asked
from tests.integration.registry.scenes import dossier, imported
from tests.integration.registry.test_importing import uploaded

LIST = """\
id,mission,category,posted_on
p-00000000a1,emb-va,diplomat,{first}
p-00000000a2,emb-va,diplomat,{second}
"""


def posted(content: dict[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    person: dict[str, Any] = content["staff"]["persons"][number]
    person |= changes
    return person


async def test_a_dossier_posts_nobody_to_a_mission_that_its_decree_closed_by_then(asked: Asked) -> None:
    content = dossier()
    posted(content, 0, mission="emb-va", posted_on="2025-10-01")
    for path in ("/imports/check", "/imports"):
        told = (await asked.send("POST", path, content)).json()
        (problem,) = told["problems"]
        assert problem["path"] == "persons.0.posted_on", problem
        assert "2025-10-01" in problem["what"]["en"] and "emb-va" in problem["what"]["ar"]
    assert asked.store.head == 0
    posted(content, 0, posted_on="2024-10-01")
    assert (await asked.send("POST", "/imports", content)).status_code == 200


async def test_a_blocked_row_closes_nothing_so_people_are_posted_there(asked: Asked) -> None:
    content = dossier()
    row = next(
        one
        for article in content["decree"]["articles"]
        for one in article.get("rows", [])
        if one.get("receiver") in (None, "unknown") and one["mission"] not in (None, "unknown")
    )
    posted(content, 0, mission=row["mission"], posted_on="2025-10-01")
    told = await asked.send("POST", "/imports", content)
    assert told.status_code == 200, told.text


async def test_a_dossier_and_a_list_enter_who_was_posted_before_the_closing_began(asked: Asked) -> None:
    await imported(asked)
    content = dossier()
    content["staff"]["persons"].append(
        {"id": "p-00000000a9", "mission": "emb-va", "category": "diplomat", "posted_on": "2025-10-01"}
    )
    (problem,) = (await asked.send("POST", "/imports/check", content)).json()["problems"]
    number = len(content["staff"]["persons"]) - 1
    assert problem["path"] == f"persons.{number}"
    content["staff"]["persons"][-1]["posted_on"] = "2024-01-01"
    done = await asked.send("POST", "/imports", content)
    assert done.json()["created"] == {"staff": 1}, done.text

    wrong = LIST.format(first="2024-01-01", second="2025-10-01")
    told = await uploaded(asked, "/imports/staff/check", wrong)
    assert [(one["row"], one["column"]) for one in told["problems"]] == [(3, "mission")]
    right = LIST.format(first="2024-01-01", second="2023-10-01")
    assert (await uploaded(asked, "/imports/staff", right))["created"] == {"staff": 2}
    conditions = (await asked.get("/missions/emb-va/closing-conditions")).json()
    (fifth,) = [one for one in conditions["conditions"] if one["condition"] == 5]
    assert {"p-00000000a1", "p-00000000a2", "p-00000000a9"} <= {
        id for one in fifth["missing"] for id in one["en"].replace(",", " ").split()
    }


async def test_a_dossier_tells_of_postings_that_stay_as_they_are(asked: Asked) -> None:
    await imported(asked)
    content = dossier()
    first = posted(content, 0, mission="emb-it")
    second = posted(content, 1, posted_on="2024-01-01")
    stands = [(await asked.get(f"/staff/{one['id']}")).json() for one in (first, second)]
    expected = [
        {
            "path": f"persons.{number}",
            "staff": row["id"],
            "state": "posted",
            "mission": row["mission"],
            "posted_on": None,
        }
        for number, row in enumerate(stands)
    ]
    foreseen = (await asked.send("POST", "/imports/check", content)).json()
    done = (await asked.send("POST", "/imports", content)).json()
    assert foreseen["kept"] == done["kept"] == expected
    assert (await asked.send("POST", "/imports", dossier())).json()["kept"] == []


async def test_a_list_tells_of_a_first_day_that_is_not_taken(asked: Asked) -> None:
    await imported(asked)
    text = LIST.format(first="2024-01-01", second="2024-02-01")
    assert (await uploaded(asked, "/imports/staff", text))["kept"] == []
    other = await uploaded(asked, "/imports/staff", LIST.format(first="2024-01-01", second="2024-03-01"))
    assert other["kept"] == [
        {
            "row": 3,
            "staff": "p-00000000a2",
            "state": "posted",
            "mission": "emb-va",
            "posted_on": "2024-02-01",
        }
    ]
