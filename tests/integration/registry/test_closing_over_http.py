"""Closings over HTTP: conditions, holds, handovers, and what comes after the accounts."""

import asyncio
from typing import Any

import pytest

from tests.integration.registry.conftest import Asked
from tests.integration.registry.scenes import (
    HOLD,
    MEASURE,
    closable,
    dismiss,
    imported,
    satisfy,
    sign,
    small,
)


async def test_why_a_mission_is_not_closed_and_how_it_closes(asked: Asked) -> None:
    await imported(asked)
    refused = await asked.send("POST", "/missions/emb-va/close", accept_language="ar")
    assert refused.status_code == 409
    assert [item["condition"] for item in refused.json()["unmet"]] == list(range(2, 13))
    assert "الأصول" in refused.json()["detail"]
    await closable(asked)
    why = (await asked.get("/missions/emb-va/closing-conditions")).json()
    assert why["closable"] and [item["holds"] for item in why["conditions"]] == [True] * 12
    early = await asked.send("POST", "/missions/emb-va/close", Tanfidh_Effective_At="2025-11-29")
    assert (early.status_code, early.json()["official_on"]) == (409, why["official_on"])
    assert early.json()["type"].endswith("/closing-before-its-date")
    closed = await asked.send("POST", "/missions/emb-va/close")
    assert closed.status_code == 200 and closed.json()["successor"] == "emb-it"
    mission = await asked.get("/missions/emb-va")
    assert (mission.json()["state"], mission.json()["posted"]) == ("closed", 0)
    assert mission.headers["etag"] == closed.headers["etag"]
    assert (await asked.get("/missions/emb-it")).json()["absorbed"] == ["emb-va"]
    assert (await asked.get(f"/measures/{MEASURE}")).json()["state"] == "executed"
    history = (await asked.get("/streams/mission/emb-va")).json()["items"]
    assert history[-1]["type"] == "registry.mission.closed"


async def test_a_hold_stops_the_closing_until_its_conditions_are_met(asked: Asked) -> None:
    await imported(asked)
    await closable(asked)
    assert (await asked.send("POST", "/decrees/298-2025/holds", HOLD)).status_code == 403
    held = await asked.send("POST", "/decrees/298-2025/holds", HOLD, role="controller")
    assert held.status_code == 200 and held.json()["state"] == "held"
    refused = await asked.send("POST", "/missions/emb-va/close")
    assert [item["condition"] for item in refused.json()["unmet"]] == [1]
    lift = "/decrees/298-2025/holds/ab-1/lift"
    nothing = await asked.send("POST", lift, {"reason": {"en": "Done"}}, role="controller")
    assert nothing.status_code == 409
    met = {"reason": {"en": "Done"}, "met": [{"key": "financial", "evidence": ["7/2026"]}]}
    assert (await asked.send("POST", lift, met, role="controller")).json()["state"] == "in-force"
    assert (await asked.send("POST", "/missions/emb-va/close")).status_code == 200


async def test_a_hold_is_lifted_by_its_holder_or_an_administrator(asked: Asked) -> None:
    await imported(asked)
    holds, done = "/decrees/298-2025/holds", {"reason": {"en": "Done"}}
    for key, placed_by, refused in (
        ("h-1", "controller:audit-bureau", ("controller:cabinet", "controller")),
        ("h-2", "controller", ("controller:audit-bureau",)),
    ):
        body = HOLD | {"hold": key, "conditions": []}
        assert (await asked.send("POST", holds, body, role=placed_by)).status_code == 200
        for other in refused:
            answer = await asked.send("POST", f"{holds}/{key}/lift", done, role=other)
            assert answer.status_code == 403 and answer.json()["type"].endswith("/held-by-other")
        lifted = await asked.send("POST", f"{holds}/{key}/lift", done, role=placed_by)
        assert lifted.status_code == 200
    await asked.send("POST", holds, HOLD | {"hold": "h-3", "conditions": []}, role="controller")
    (held,) = (await asked.get("/decrees/298-2025")).json()["holds"]
    assert (held["hold"], held["holder"]) == ("h-3", "controller-1")
    assert (await asked.send("POST", f"{holds}/h-3/lift", done, role="admin")).status_code == 200


@pytest.mark.parametrize("first", ["hold", "close"])
async def test_a_hold_and_a_closing_at_once_have_one_order(asked: Asked, first: str) -> None:
    await imported(asked)
    await closable(asked)
    hold = asked.send("POST", "/decrees/298-2025/holds", HOLD, role="controller")
    close = asked.send("POST", "/missions/emb-va/close")
    sent = (hold, close) if first == "hold" else (close, hold)
    await asyncio.gather(*sent)
    types = [record.type for record in await asked.store.read(0, 1000)]
    held = types.index("registry.decree.held")
    closed = types.index("registry.mission.closed") if "registry.mission.closed" in types else None
    assert closed is None or closed < held


@pytest.mark.parametrize("first", ["post", "order"])
async def test_a_posting_and_an_announcement_at_once_have_one_order(asked: Asked, first: str) -> None:
    await imported(asked)
    path = "/measures/298-2025-a2-r20"
    known = {"receiver": "emb-gh", "confidence": "likely", "source": "5/2026"}
    assert (await asked.send("POST", f"{path}/identify", known)).status_code == 200
    body = {"mission": "emb-bf", "category": "diplomat", "authority": "cabinet"}
    post = asked.send("POST", "/staff/p-00000000a1/post", body)
    order = asked.send("POST", f"{path}/order")
    await asyncio.gather(*((post, order) if first == "post" else (order, post)))
    history = (await asked.get("/streams/mission/emb-bf")).json()["items"]
    types = [event["type"].removeprefix("registry.mission.") for event in history]
    assert types[-1] == "closing", "nobody joins after the announcement"
    joined = [event["data"]["staff"] for event in history if event["type"].endswith("staff-joined")]
    conditions = (await asked.get("/missions/emb-bf/closing-conditions")).json()["conditions"]
    named = " ".join(text["en"] for text in conditions[4]["missing"])
    assert all(staff in named for staff in joined)
    assert ("p-00000000a1" in named) is ((await asked.get("/staff/p-00000000a1")).status_code == 200)


async def test_a_handover_is_kept_by_endpoint_and_read_as_of_a_position(asked: Asked) -> None:
    await imported(asked)
    here, held = "/missions/emb-va/handover", asked.store.head
    seals = {"item_kind": "seal", "quantity": 3}
    counted = await asked.send("PUT", f"{here}/items/seals", seals)
    assert (counted.status_code, counted.json()) == (
        201,
        {"mission": "emb-va", "version": 1, "signatures_voided": []},
    )
    returned = {"quantity": 2, "disposal": "returned", "reference": "9/2025"}
    assert (await asked.send("POST", f"{here}/items/seals/dispose", returned)).status_code == 200
    assert (await asked.send("POST", f"{here}/items/seals/dispose", returned)).status_code == 409
    gap = {"succession": "gap", "reference": "10/2025"}
    assert (await asked.send("PUT", f"{here}/states/SM", gap)).status_code in (200, 422)
    ledger = (await asked.get(here)).json()
    assert ledger["items"] == {"seals": {"kind": "seal", "left": 1}}
    assert (await asked.get(f"{here}?as_of={held}")).json()["items"] == {}
    why = (await asked.get("/missions/emb-va/closing-conditions")).json()["conditions"][7]
    assert "1 of seals" in why["missing"][0]["en"]


async def test_after_the_accounts_are_settled_people_still_leave_and_nothing_is_entered(asked: Asked) -> None:
    await imported(asked)
    dates = {"public_on": "2025-11-01", "official_on": "2025-11-30"}
    await asked.send("PUT", "/missions/emb-va/dates", dates)
    await satisfy(asked, "emb-va", MEASURE)
    await sign(asked, "emb-va")
    waiver = {"reference": "55/2025", "reason": {"en": "They wind up."}}
    waived = await asked.send("POST", "/missions/emb-va/closing-conditions/5/waive", waiver, role="issuer")
    assert waived.status_code == 200, waived.text
    assert (await asked.send("POST", "/missions/emb-va/close-with-reservations")).status_code == 200
    seals = {"item_kind": "seal", "quantity": 3}
    late = await asked.send("PUT", "/missions/emb-va/handover/items/seals", seals)
    assert (late.status_code, late.json()["reserved"]) == (409, "5")
    assert late.json()["type"].endswith("/not-left-to-settle")
    settled = await asked.send("POST", "/missions/emb-va/settle", {"reference": "39/2026"})
    assert settled.status_code == 200, settled.text
    refused = await asked.send("PUT", "/missions/emb-va/handover/items/blanks", seals)
    assert (refused.status_code, refused.json()["state"]) == (409, "settled")
    assert refused.json()["type"].endswith("/handover-closed")
    await dismiss(asked, "emb-va")
    mission = (await asked.get("/missions/emb-va")).json()
    assert (mission["state"], mission["posted"], mission["staff"]) == ("settled", 0, [])
    assert (await asked.get("/staff?mission=emb-va")).json()["items"] == []


async def test_cases_and_premises_are_not_left_to_a_mission_that_goes_too(asked: Asked) -> None:
    await imported(asked)
    here = "/missions/emb-na/handover"
    await asked.send("PUT", f"{here}/cases/passports", {"open": 5})
    await asked.send("PUT", f"{here}/premises/chancery", {"title": {"en": "Chancery"}, "leased": True})
    cases = {"count": 5, "reference": "9/2025"}
    disposition = {"disposition": "transferred", "reference": "9/2025"}
    for keeper, status in (("emb-na", 422), ("emb-bw", 409), ("nobody", 404), ("emb-za", 200)):
        assigned = await asked.send("POST", f"{here}/cases/passports/assign", cases | {"owner": keeper})
        assert assigned.status_code == status, assigned.text
        body = disposition | {"custodian": keeper}
        disposed = await asked.send("POST", f"{here}/premises/chancery/dispose", body)
        assert disposed.status_code == status, disposed.text


async def test_what_is_held_from_destruction_is_released_by_oversight_alone(asked: Asked) -> None:
    await imported(asked)
    unit = "/missions/emb-va/handover/archives/a-1"
    head = "head-of-mission@emb-va"
    title, reference = {"en": "Consular files"}, {"reference": "9/2025"}

    async def refused(answer: Any) -> tuple[int, str]:
        return answer.status_code, answer.json()["type"].rpartition("/")[2]

    held = await asked.send("PUT", unit, {"title": title, "held": True}, role=head)
    assert held.status_code == 201, held.text
    entered = await asked.send("PUT", unit, {"title": title}, role=head)
    assert await refused(entered) == (409, "oversight-releases")
    for role in (head, "follow-up-office", "admin", "department:archives"):
        answer = await asked.send("POST", f"{unit}/release", reference, role=role)
        assert await refused(answer) == (403, "not-permitted")
    assert (await asked.send("POST", f"{unit}/release", reference, role="controller")).status_code == 200
    told = (await asked.get("/streams/handover/emb-va")).json()["items"][-1]
    assert (told["type"], told["data"]["by"]) == ("registry.handover.archive-released", ["controller-1"])
    witnesses = {"witnesses": ["w-1", "controller-1"], "reference": "10/2025"}
    destroyed = await asked.send("POST", f"{unit}/destroy", witnesses, role=head)
    assert await refused(destroyed) == (409, "released-by-witness")
    witnesses["witnesses"] = ["w-1", "w-2"]
    assert (await asked.send("POST", f"{unit}/destroy", witnesses, role=head)).status_code == 200


async def test_a_mission_that_is_opened_again_has_an_empty_ledger_and_nobody_from_before(
    asked: Asked,
) -> None:
    await imported(asked)
    here, gap = "/missions/emb-va/handover", {"succession": "gap", "reference": "10/2025"}
    seals, returned = {"item_kind": "seal", "quantity": 3}, {"quantity": 3, "disposal": "returned"}
    assert (await asked.send("PUT", f"{here}/states/VA", gap)).status_code == 201
    assert (await asked.send("PUT", f"{here}/items/seals", seals)).status_code == 200
    gone = returned | {"reference": "9/2025"}
    assert (await asked.send("POST", f"{here}/items/seals/dispose", gone)).status_code == 200
    await closable(asked)
    assert (await asked.send("POST", "/missions/emb-va/close")).status_code == 200
    former = asked.store.head
    opening = small(9, "emb-va", None)
    opening["decree"]["articles"][0]["rows"][0]["kind"] = "open"
    answer = await asked.send("POST", "/imports", opening)
    assert answer.json()["measures"] == {"ordered": 1}, answer.text
    done = await asked.send("POST", "/measures/9-2025-a1-r01/execute", {"evidence": ["NV/1"]})
    assert done.status_code == 200, done.text
    ledger = (await asked.get(here)).json()
    assert (ledger["states"], ledger["items"], ledger["signatures"]) == ({}, {}, {})
    before = (await asked.get(f"{here}?as_of={former}")).json()
    assert (list(before["states"]), before["items"]["seals"]["left"]) == (["VA"], 0)
    assert (await asked.send("PUT", f"{here}/items/seals", seals)).status_code == 200, "counted anew"
    posting = {"mission": "emb-va", "category": "diplomat", "authority": "cabinet"}
    headers = {"tanfidh_effective_at": "2025-01-01"}
    early = await asked.send("POST", "/staff/p-00000000a1/post", posting, **headers)
    assert (early.status_code, early.json()["type"].rpartition("/")[2]) == (409, "mission-closed-since-then")
