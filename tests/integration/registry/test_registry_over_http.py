"""The registry's part of the main job, on a real PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.registry.mission import Mission
from services.registry.mission.evidencing import take_evidence
from shared.domain import Actor
from shared.dossier import read_folder
from shared.eventstore.command import Command, Instruction, Turn
from tests.integration.registry.conftest import Asked

EXAMPLE = Path(__file__).parents[3] / "examples" / "decree-298-2025"
PUBLIC_ON, OFFICIAL_ON = date(2025, 11, 1), date(2025, 11, 30)
MEASURE = "298-2025-a2-r01"
EVENTS = 24 + 33 + 1 + 2 * 64 + 2 + 25 + 25 + 2 * 19
"""Departments, missions, competences, postings twice, decree, rows listed, then ordered (19) or blocked."""

HOLD = {
    "hold": "ab-1",
    "by": "audit-bureau",
    "reason": {"en": "Studies first"},
    "conditions": [{"key": "financial", "text": {"en": "Financial study"}}],
}


def dossier() -> dict[str, Any]:
    content: dict[str, Any] = read_folder(EXAMPLE).dossier.model_dump(mode="json", exclude_unset=True)
    return content


async def imported(asked: Asked) -> dict[str, Any]:
    response = await asked.send("POST", "/imports", dossier())
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def imported_with(asked: Asked, meanwhile: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    """Import the example while something else happens just before its rows are ordered."""
    imports = asked.registry.imports
    order = imports._order

    with pytest.MonkeyPatch.context() as patch:

        async def after_that(*given: Any) -> Any:
            patch.undo()
            await meanwhile()
            return await order(*given)

        patch.setattr(imports, "_order", after_that)
        return await imported(asked)


def small(number: int, mission: str, receiver: str | None) -> dict[str, Any]:
    """Make a dossier of one row about missions of the example."""
    content = dossier()
    decree = content["decree"]
    decree |= {"number": number, "uri": f"/akn/ly/act/decree/2025/{number}", "obligations": []}
    row = {"row": 1, "kind": "close", "mission": mission, "confidence": "likely"}
    if receiver is not None:
        row |= {"kind": "merge", "receiver": receiver}
    decree["articles"] = [{"article": "1", "text": {"en": "Merged."}, "rows": [row]}]
    content["staff"]["persons"] = []
    return content


async def satisfy(asked: Asked, mission: str, measure: str) -> None:
    def decide(turn: Turn) -> None:
        closing = turn.get(Mission, mission)
        for condition in range(1, 13):
            take_evidence(
                closing,
                measure,
                condition,
                ("t",),
                ("17/2025",),
                turn.moment,
                accepted_for=(PUBLIC_ON, OFFICIAL_ON),
            )

    service = Actor(subject="service:registry", role="service")
    await asked.store.execute(Command("satisfy", Instruction(id=uuid4(), actor=service), decide))


async def dismiss(asked: Asked, mission: str) -> None:
    for person in (await asked.get(f"/staff?mission={mission}")).json()["items"]:
        body = {"by": person["authority"], "reference": "12/2025"}
        assert (await asked.send("POST", f"/staff/{person['id']}/recall", body)).status_code == 200


async def closable(asked: Asked) -> None:
    dates = {"public_on": "2025-11-01", "official_on": "2025-11-30"}
    assert (await asked.send("PUT", "/missions/emb-va/dates", dates)).status_code == 200
    await satisfy(asked, "emb-va", MEASURE)
    await dismiss(asked, "emb-va")
    await sign(asked, "emb-va")


async def sign(asked: Asked, mission: str) -> None:
    signatories = {
        "outgoing": f"head-of-mission@{mission}",
        "receiving": "department:receiving-mission",
        "inspection": "auditor",
    }
    for signatory, role in signatories.items():
        body = {"signatory": signatory, "reference": "38/2025"}
        signed = await asked.send("POST", f"/missions/{mission}/handover/signatures", body, role=role)
        assert signed.status_code in (200, 201), signed.text


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


async def test_why_a_mission_is_not_closed_and_how_it_closes(asked: Asked) -> None:
    await imported(asked)
    refused = await asked.send("POST", "/missions/emb-va/close", accept_language="ar")
    assert refused.status_code == 409
    assert [item["condition"] for item in refused.json()["unmet"]] == list(range(2, 13))
    assert "الأصول" in refused.json()["detail"]
    await closable(asked)
    why = (await asked.get("/missions/emb-va/closing-conditions")).json()
    assert why["closable"] and [item["holds"] for item in why["conditions"]] == [True] * 12
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


async def test_a_measure_becomes_known_and_is_ordered(asked: Asked) -> None:
    await imported(asked)
    path = "/measures/298-2025-a2-r20"
    known = {"receiver": "emb-gh", "confidence": "likely", "source": "5/2026"}
    assert (await asked.send("POST", f"{path}/order")).status_code == 409
    assert (await asked.send("POST", f"{path}/identify", known)).json()["state"] == "listed"
    assert (await asked.send("POST", f"{path}/order")).json()["state"] == "ordered"
    assert (await asked.get("/missions/emb-bf")).json()["state"] == "closing"


@pytest.mark.parametrize(
    ("category", "authority", "status", "slug"),
    [
        ("head-of-mission", "cabinet", 403, "authority-not-competent"),
        ("cook", "cabinet", 422, "category-unknown"),
        ("diplomat", "cabinet", 201, None),
    ],
)
async def test_who_is_competent_for_a_posting_is_not_for_the_caller_to_say(
    asked: Asked, category: str, authority: str, status: int, slug: str | None
) -> None:
    body = {"mission": "emb-it", "category": category, "authority": authority}
    nobody_yet = await asked.send("POST", "/staff/p-00000000a1/post", body)
    assert nobody_yet.json()["type"].endswith("/category-unknown"), "nothing is declared before the import"
    await imported(asked)
    answer = await asked.send("POST", "/staff/p-00000000a1/post", body, role=f"department:{authority}")
    assert answer.status_code == status
    assert slug is None or answer.json()["type"].endswith(f"/{slug}")


async def test_competences_that_contradict_stored_ones_are_refused(asked: Asked) -> None:
    await imported(asked)
    head, other = asked.store.head, small(7, "emb-gh", None)
    other["staff"]["categories"][0]["authority"] = "cabinet"
    refused = await asked.send("POST", "/imports", other)
    assert refused.status_code == 422 and "categories.0" in refused.text
    assert asked.store.head == head


@pytest.mark.parametrize("id", ["p-salem", "p-1234567", "p-" + "0" * 33, "p-ABCDEF01", "12345678"])
async def test_a_person_has_a_random_id(asked: Asked, id: str) -> None:
    body = {"mission": "emb-it", "category": "diplomat", "authority": "cabinet"}
    assert (await asked.send("POST", f"/staff/{id}/post", body)).status_code == 422


@pytest.mark.parametrize(
    ("reference", "status"),
    [
        ("12/2025", 200),
        ("م.و/12-2025", 200),
        ("Salem Ali 12", 422),
        ("letter", 422),
        ("1" * 65, 422),
        ("", 422),
    ],
)
async def test_a_reference_is_the_number_of_a_letter(asked: Asked, reference: str, status: int) -> None:
    await imported(asked)
    person = (await asked.get("/staff?mission=emb-va&category=diplomat")).json()["items"][0]
    body = {"by": "cabinet", "reference": reference}
    assert (await asked.send("POST", f"/staff/{person['id']}/recall", body)).status_code == status


async def test_the_competent_authority_may_act_for_itself_and_for_nobody_else(asked: Asked) -> None:
    await imported(asked)
    (head,) = (await asked.get("/staff?mission=emb-va&category=head-of-mission")).json()["items"]
    path, body = f"/staff/{head['id']}/reassign", {"by": "presidential-council", "mission": "emb-it"}
    assert (await asked.send("POST", path, body, role="department:hr")).status_code == 403
    wrong = body | {"by": "cabinet"}
    assert (await asked.send("POST", path, wrong, role="department:cabinet")).status_code == 403
    moved = await asked.send("POST", path, body, role="department:presidential-council")
    assert moved.json()["mission"] == "emb-it"
    row = (await asked.get(f"/staff/{head['id']}")).json()
    assert row["outcomes"][0]["outcome"] == "reassigned"
    assert (await asked.get("/missions/emb-it")).json()["staff"] == [head["id"]]


async def test_a_version_that_was_not_seen_is_refused(asked: Asked) -> None:
    await imported(asked)
    dates = {"public_on": "2025-11-01", "official_on": "2025-11-30"}
    stale = await asked.send("PUT", "/missions/emb-va/dates", dates, if_match='"1"')
    assert stale.status_code == 412
    etag = (await asked.get("/missions/emb-va")).headers["etag"]
    assert (await asked.send("PUT", "/missions/emb-va/dates", dates, if_match=etag)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/missions/emb-xx",
        "/measures/x",
        "/decrees/1-2000",
        "/staff/p-00000000",
        "/streams/mission/x",
        "/streams/x/y",
    ],
)
async def test_what_is_not_there_is_not_found(asked: Asked, path: str) -> None:
    response = await asked.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_handover_is_kept_by_endpoint_and_read_as_of_a_position(asked: Asked) -> None:
    await imported(asked)
    here, held = "/missions/emb-va/handover", asked.store.head
    seals = {"item_kind": "seal", "quantity": 3}
    counted = await asked.send("PUT", f"{here}/items/seals", seals)
    assert counted.status_code == 201 and counted.json() == {"mission": "emb-va", "version": 1}
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
    assert (await asked.send("PUT", "/missions/emb-va/handover/items/seals", seals)).status_code == 200
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


async def test_a_decree_is_amended_by_endpoint_and_read_as_it_stood(asked: Asked) -> None:
    await imported(asked)
    later = small(401, "emb-va", None)
    later["decree"]["articles"][0]["rows"] = []
    later["decree"] |= {"announced_on": "2025-06-01", "in_force_on": "2025-06-02"}
    assert (await asked.send("POST", "/imports", later)).status_code == 200
    amendment = {
        "by": "401-2025",
        "on": "2025-06-02",
        "changed": [{"article": "1", "text": {"en": "As amended", "ar": "كما عُدّلت"}}],
        "rows_changed": [{"measure": "298-2025-a2-r20", "receiver": "emb-gh"}],
    }
    amended = await asked.send("POST", "/decrees/298-2025/amendments", amendment)
    assert (amended.status_code, amended.json()["irreversible"]) == (200, [])
    measure = (await asked.get("/measures/298-2025-a2-r20")).json()
    assert (measure["state"], measure["receiver"], measure["amended_by"]) == ("listed", "emb-gh", "401-2025")
    ordered = await asked.send("POST", "/measures/298-2025-a2-r20/order")
    assert ordered.json()["state"] == "ordered"
    now = (await asked.get("/decrees/298-2025")).json()["articles"][0]["text"]["en"]
    then = (await asked.get("/decrees/298-2025?effective_at=2025-05-05")).json()
    assert (now, then["articles"][0]["text"]["en"] != now, then["state"]) == ("As amended", True, "in-force")
