"""Imports over HTTP: cut off, repeated, beside others, and refused whole."""

import asyncio
from typing import Any

import pytest

from tests.integration.registry.conftest import Asked
from tests.integration.registry.scenes import (
    EVENTS,
    HOLD,
    closable,
    dossier,
    imported,
    imported_with,
    small,
)


async def test_an_import_orders_what_can_be_ordered_and_blocks_the_rest(asked: Asked) -> None:
    answer = await imported(asked)
    assert answer["measures"] == {"ordered": 19, "blocked": 6}
    assert answer["created"] == {"department": 24, "mission": 33, "staff": 64, "decree": 1, "measure": 25}
    assert asked.store.head == EVENTS
    counts = (await asked.get("/counts/decrees")).json()
    assert counts == {
        "298-2025": {
            "measures": {"listed": 0, "blocked": 6, "ordered": 19, "executed": 0},
            "missions": {"open": 1, "closing": 19, "closed": 0},
        }
    }
    blocked = (await asked.get("/measures?state=blocked")).json()["items"]
    assert [row["blocked_by"] for row in blocked] == ["receiver-unknown"] + ["mission-unknown"] * 5
    south_africa = (await asked.get("/missions/emb-za")).json()
    assert south_africa["receives"] == ["emb-bw", "emb-ls", "emb-na"]
    (doubtful,) = (await asked.get("/measures?feasibility=doubtful")).json()["items"]
    assert (doubtful["mission"], doubtful["state"]) == ("emb-va", "ordered")


async def test_repeating_an_import_stores_nothing(asked: Asked) -> None:
    await imported(asked)
    head = asked.store.head
    again = await imported(asked)
    assert (again["created"], again["measures"]) == ({}, {"ordered": 19, "blocked": 6})
    assert (await asked.send("POST", "/imports/departments", dossier()["departments"])).status_code == 200
    assert asked.store.head == head


@pytest.mark.parametrize("steps", [1, 20, 60, 130, 150])
async def test_an_import_that_was_cut_off_is_completed_by_repeating_it(asked: Asked, steps: int) -> None:
    left = steps
    whole = asked.registry.imports._step

    async def cut_off(*given: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise RuntimeError("cut off")
        return await whole(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked.registry.imports, "_step", cut_off)
        assert (await asked.send("POST", "/imports", dossier())).status_code == 500
    assert 0 < asked.store.head < EVENTS
    await imported(asked)
    assert asked.store.head == EVENTS


async def test_a_hold_keeps_an_import_from_ordering_and_nothing_else(asked: Asked) -> None:
    async def hold() -> None:
        held = await asked.send("POST", "/decrees/298-2025/holds", HOLD, role="controller")
        assert held.status_code == 200

    answer = await imported_with(asked, hold)
    assert answer["measures"] == {"listed": 25}
    assert {row["reason"] for row in answer["not_ordered"]} == {"decree-on-hold"}
    met = {"reason": {"en": "Done"}, "met": [{"key": "financial", "evidence": ["7/2026"]}]}
    await asked.send("POST", "/decrees/298-2025/holds/ab-1/lift", met, role="controller")
    assert (await imported(asked))["measures"] == {"ordered": 19, "blocked": 6}
    assert asked.store.head == EVENTS + 2


@pytest.mark.parametrize(
    ("mission", "receiver", "reasons"),
    [
        ("emb-it", "emb-gh", {"emb-va": "mission-not-open", "emb-al": "mission-not-open"}),
        ("emb-va", "emb-gh", {"emb-va": "mission-not-open"}),
        ("emb-gh", "emb-va", {"emb-va": "mission-still-receiving", "emb-tg": "mission-not-open"}),
    ],
)
async def test_what_another_import_took_first_is_told_row_by_row(
    asked: Asked, mission: str, receiver: str, reasons: dict[str, str]
) -> None:
    async def other() -> None:
        sent = await asked.send("POST", "/imports", small(7, mission, receiver))
        assert sent.status_code == 200 and sent.json()["measures"] == {"ordered": 1}, sent.text

    answer = await imported_with(asked, other)
    missed = len(reasons)
    assert answer["measures"] == {"ordered": 19 - missed, "blocked": 6, "listed": missed}
    rows = {row["id"]: row for row in (await asked.get("/measures?decree=298-2025")).json()["items"]}
    told = {rows[row["measure"]]["mission"]: row["reason"] for row in answer["not_ordered"]}
    assert told == reasons
    again = await imported(asked)
    assert (again["measures"], len(again["not_ordered"])) == (answer["measures"], missed)


@pytest.mark.parametrize(
    ("mission", "receiver", "told"),
    [
        ("emb-it", None, "emb-it is still receiving emb-al, emb-va."),
        ("emb-va", "emb-it", "emb-va is closing already."),
        ("emb-it", "emb-va", "emb-va is closing already."),
    ],
)
async def test_rows_against_orders_that_are_stored_are_refused_before_anything_is_stored(
    asked: Asked, mission: str, receiver: str | None, told: str
) -> None:
    await imported(asked)
    head = asked.store.head
    refused = await asked.send("POST", "/imports", small(7, mission, receiver))
    assert refused.status_code == 422
    assert told in refused.json()["detail"]
    assert asked.store.head == head


async def test_a_merger_into_a_mission_and_its_own_closing_at_once_have_one_order(asked: Asked) -> None:
    both = [small(7, "emb-gh", "emb-bf"), small(8, "emb-bf", None)]
    answers = await asyncio.gather(*(asked.send("POST", "/imports", one) for one in both))
    ordered = [a.json()["measures"].get("ordered", 0) for a in answers if a.status_code == 200]
    assert sum(ordered) == 1
    assert {answer.status_code for answer in answers} <= {200, 422}
    receiver = (await asked.get("/missions/emb-bf")).json()
    assert (receiver["state"], receiver["receives"]) in (("open", ["emb-gh"]), ("closing", []))


async def test_a_repeated_import_tells_the_states_as_they_are_and_orders_what_became_known(
    asked: Asked,
) -> None:
    await imported(asked)
    await closable(asked)
    assert (await asked.send("POST", "/missions/emb-va/close")).status_code == 200
    known = {"receiver": "emb-gh", "confidence": "likely", "source": "5/2026"}
    assert (await asked.send("POST", "/measures/298-2025-a2-r20/identify", known)).status_code == 200
    again = await imported(asked)
    assert again["measures"] == {"executed": 1, "ordered": 19, "blocked": 5}


async def test_a_dossier_that_differs_from_what_is_stored_is_refused_whole(asked: Asked) -> None:
    await imported(asked)
    head = asked.store.head
    other = dossier()
    other["decree"]["title"]["en"] = "Another title"
    other["missions"]["missions"][0]["city"]["en"] = "Elsewhere"
    other["staff"]["persons"].append({"id": "p-00000000a2", "mission": "emb-va", "category": "diplomat"})
    refused = await asked.send("POST", "/imports", other)
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("/dossier-refused")
    assert [problem["file"] for problem in refused.json()["problems"]] == ["missions", "staff", "decree"]
    assert asked.store.head == head


async def test_a_dossier_with_mistakes_stores_nothing(asked: Asked) -> None:
    wrong = dossier()
    wrong["decree"]["articles"][1]["rows"][1]["mission"] = "emb-xx"
    assert (await asked.send("POST", "/imports", wrong)).status_code == 422
    wrong = dossier()
    wrong["missions"]["missions"][0]["host"] = "XX"
    refused = await asked.send("POST", "/imports", wrong)
    assert refused.status_code == 422 and "XX" in refused.text
    assert asked.store.head == 0
