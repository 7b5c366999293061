"""Who signs the closing minutes, over HTTP: declared in a dossier or by a command, asked by either clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.registry.organisation import MINISTRY
from tests.integration.registry.conftest import Asked
from tests.integration.registry.scenes import dossier, imported, sign

MINUTES = "/missions/emb-va/handover/signatures"
HEAD = "department:hr=head-1"
DEPUTY = "department:hr=deputy-1>head-1"


async def signed(asked: Asked, signatory: str, role: str, **headers: str) -> tuple[int, dict[str, Any]]:
    body = {"signatory": signatory, "reference": "38/2025"}
    answer = await asked.send("POST", MINUTES, body, role=role, **headers)
    return answer.status_code, answer.json()


async def declared(asked: Asked, department: str, *signs: str, **headers: str) -> Any:
    body = {"signs": list(signs), "reference": "39/2025"}
    return await asked.send("PUT", f"/departments/{department}/signs", body, **headers)


async def test_only_departments_that_declare_it_sign_and_the_refusal_names_them(asked: Asked) -> None:
    await imported(asked)
    for signatory, role, who in (
        ("receiving", "department:inspection", "receiving-mission"),
        ("inspection", "department:receiving-mission", "inspection"),
        ("inspection", "department:protocol", "inspection"),
        ("inspection", "controller:audit-bureau", "inspection"),
        ("inspection", "auditor", "inspection"),
    ):
        status, problem = await signed(asked, signatory, role, accept_language="ar")
        assert (status, problem["departments"]) == (403, [who])
        assert problem["type"].endswith("/not-a-signatory") and f"الإدارة {who}" in problem["detail"]
    before = asked.store.head
    assert (await declared(asked, "audit-bureau", "inspection")).json() == {
        "department": "audit-bureau",
        "signs": ["inspection"],
    }
    status, told = await signed(asked, "inspection", "controller:audit-bureau")
    assert (status, told) == (201, {"mission": "emb-va", "signed": ["inspection"]})
    status, told = await signed(asked, "receiving", "head-of-mission@emb-it")
    assert (status, told["signed"]) == (200, ["inspection", "receiving"])
    types = [record.type for record in await asked.store.read(before, 10)]
    assert types == [
        "registry.department.signing-declared",
        "registry.organisation.signing-declared",
        "registry.handover.signed",
        "registry.handover.signed",
    ]


async def test_where_no_department_declares_it_the_refusal_and_the_conditions_say_so(asked: Asked) -> None:
    await imported(asked)
    head = asked.store.head
    assert (await declared(asked, "inspection")).status_code == 200
    status, problem = await signed(asked, "inspection", "department:inspection")
    assert (status, problem["type"].rpartition("/")[2]) == (409, "no-department-signs")
    assert problem["detail"].endswith("No department declares that it signs for it. Declare one first.")

    async def lacking(query: str = "") -> str:
        why = (await asked.get(f"/missions/emb-va/closing-conditions{query}")).json()["conditions"][11]
        return " ".join(text["en"] for text in why["missing"])

    assert "for the inspection. No department declares that it signs for it." in await lacking()
    assert "for the inspection. These may: the department inspection." in await lacking(f"?as_of={head}")
    refused = (await asked.send("POST", "/missions/emb-va/close")).json()
    assert "the department receiving-mission" in str(refused["unmet"][-1]["missing"])


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("admin", 200),
        ("follow-up-office", 200),
        ("department:protocol", 403),
        ("issuer:protocol", 403),
        ("controller:protocol", 403),
        ("auditor:protocol", 403),
        ("head-of-mission@emb-va", 403),
        ("service", 403),
    ],
)
async def test_no_department_declares_for_itself(asked: Asked, role: str, status: int) -> None:
    await imported(asked)
    answer = await declared(asked, "protocol", "receiving", role=role)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["type"].endswith("/not-permitted")
    row = (await asked.get("/departments/protocol")).json()
    assert row["signs"] == (["receiving"] if status == 200 else None)


async def test_a_change_of_the_ledger_tells_whose_signatures_it_voids(asked: Asked) -> None:
    await imported(asked)
    await sign(asked, "emb-va")
    seals = {"item_kind": "seal", "quantity": 3}
    counted = await asked.send("PUT", "/missions/emb-va/handover/items/seals", seals)
    assert counted.json()["signatures_voided"] == ["inspection", "outgoing", "receiving"]
    *_, last = (await asked.get("/streams/handover/emb-va")).json()["items"]
    assert last["type"] == "registry.handover.reopened"
    assert last["data"]["reason"]["en"] == "The ledger was changed after they were given (items/seals)."
    ledger = (await asked.get("/missions/emb-va/handover")).json()
    assert (ledger["signatures"], list(ledger["acted_at"])) == ({}, ["items/seals"])
    back = await asked.send(
        "PUT", "/missions/emb-va/handover/cases/a", {"open": 1}, Tanfidh_Effective_At="2025-05-02"
    )
    assert back.json()["signatures_voided"] == []


async def test_what_is_declared_must_make_sense(asked: Asked) -> None:
    await imported(asked)
    assert (await declared(asked, "nobody", "receiving")).status_code == 404
    for wrong in (["outgoing"], ["x"], [None], ["receiving"] * 11):
        assert (await declared(asked, "protocol", *wrong)).status_code == 422, wrong
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    ahead = await declared(asked, "protocol", "receiving", Tanfidh_Effective_At=tomorrow)
    assert ahead.json()["type"].endswith("/effective-ahead")
    row = await asked.get("/departments/inspection")
    stale = await declared(asked, "inspection", If_Match='"1"')
    assert (row.headers["etag"], stale.status_code) == ('"2"', 412)
    assert (await declared(asked, "inspection", If_Match='"2"')).headers["etag"] == '"3"'


async def test_a_department_signs_from_its_declaration_on_by_both_clocks(asked: Asked) -> None:
    await imported(asked)
    head = asked.store.head
    now = datetime.now(UTC)
    since, before = ((now - timedelta(hours=hours)).isoformat() for hours in (2, 3))
    await declared(asked, "hr", "inspection", Tanfidh_Effective_At=since)
    row = (await asked.get("/departments/hr")).json()
    assert (row["signs"], [one["signs"] for one in row["signing"]]) == (["inspection"], [["inspection"]])
    assert (await asked.get(f"/departments/hr?as_of={head}")).json()["signs"] is None
    asking = {"effective_at": before}
    assert (await asked.client.get("/departments/hr", params=asking)).json()["signs"] is None
    asking = {"effective_at": since}
    assert (await asked.client.get("/departments/hr", params=asking)).json()["signs"] == ["inspection"]


async def test_whoever_acts_for_the_head_of_such_a_department_signs_for_it(asked: Asked) -> None:
    await imported(asked)
    await declared(asked, "hr", "inspection")
    assert (await signed(asked, "inspection", DEPUTY))[1]["type"].endswith("/not-delegated")
    now = datetime.now(UTC)
    span = {"since": (now - timedelta(days=1)).isoformat(), "until": (now + timedelta(days=1)).isoformat()}
    body = span | {"deputy": "deputy-1", "reference": "2/2025"}
    for department in ("hr", "protocol"):
        head = await asked.send(
            "PUT", f"/departments/{department}/head", {"head": "head-1", "reference": "1/25"}
        )
        assert head.status_code == 200, head.text
        acting = await asked.send("PUT", f"/departments/{department}/acting-heads/a-1", body)
        assert acting.status_code == 200, acting.text
    other = DEPUTY.replace("hr", "protocol")
    status, problem = await signed(asked, "inspection", other)
    assert (status, problem["who"]) == (403, "protocol"), "it is the department that signs"
    status, told = await signed(asked, "inspection", DEPUTY)
    assert (status, told["signed"]) == (201, ["inspection"])
    (event,) = (await asked.get("/streams/handover/emb-va")).json()["items"]
    assert (event["data"]["by"], event["actor"]["subject"]) == ("head-1", "deputy-1")


async def test_a_delegation_of_this_action_alone_is_enough(asked: Asked) -> None:
    await imported(asked)
    await declared(asked, "hr", "inspection", "receiving")
    await asked.send("PUT", "/departments/hr/head", {"head": "head-1", "reference": "1/2025"})
    now = datetime.now(UTC)
    span = {"since": (now - timedelta(days=1)).isoformat(), "until": (now + timedelta(days=1)).isoformat()}
    body = span | {"deputy": "deputy-1", "reference": "2/2025", "actions": ["handover.sign-inspection"]}
    made = await asked.send("PUT", "/departments/hr/delegations/d-1", body, role=HEAD)
    assert made.status_code == 200, made.text
    assert (await signed(asked, "receiving", DEPUTY))[1]["type"].endswith("/not-delegated")
    assert (await signed(asked, "inspection", DEPUTY))[0] == 201


# --- imports and exports


def without_signs() -> dict[str, Any]:
    """The dossier of before departments could declare it."""
    content = dossier()
    for department in content["departments"]["departments"]:
        department.pop("signs", None)
    return content


def signs_in(content: dict[str, Any]) -> dict[str, list[str]]:
    departments = content["departments"]["departments"]
    return {one["key"]: one["signs"] for one in departments if "signs" in one}


async def test_an_older_registry_learns_it_from_the_dossier_and_a_dry_run_shows_that(asked: Asked) -> None:
    assert (await asked.send("POST", "/imports", without_signs())).status_code == 200
    assert (await signed(asked, "inspection", "department:inspection"))[1]["departments"] == []
    head = asked.store.head
    foreseen = (await asked.send("POST", "/imports/check", dossier())).json()
    assert (foreseen["problems"], foreseen["created"]) == ([], {})
    assert foreseen["changed"] == {"department": 2, "organisation": 1}
    done = (await asked.send("POST", "/imports", dossier())).json()
    assert (done["created"], asked.store.head) == ({}, head + 4)
    again = (await asked.send("POST", "/imports/check", dossier())).json()
    assert (again["changed"], again["created"]) == ({}, {})
    assert (await asked.send("POST", "/imports", without_signs())).status_code == 200
    assert (await asked.send("POST", "/imports/departments", dossier()["departments"])).status_code == 200
    assert asked.store.head == head + 4
    await sign(asked, "emb-va")


async def test_a_dossier_that_declares_otherwise_is_refused_with_the_difference(asked: Asked) -> None:
    await imported(asked)
    assert (await declared(asked, "inspection", "receiving", "inspection")).status_code == 200
    head = asked.store.head
    for path in ("/imports/check", "/imports"):
        (problem,) = (await asked.send("POST", path, dossier())).json()["problems"]
        assert (problem["file"], problem["path"]) == ("departments", "departments.15.signs")
        assert problem["what"]["en"] == (
            "inspection is stored as signing for: inspection, receiving. The dossier says: inspection."
        )
        assert "PUT /departments/inspection/signs" in problem["remedy"]["ar"]
    departments = await asked.send("POST", "/imports/departments", dossier()["departments"])
    assert (departments.status_code, asked.store.head) == (422, head)
    told = (await asked.get("/exports/dossier/298-2025")).json()
    assert signs_in(told) == {"inspection": ["inspection", "receiving"], "receiving-mission": ["receiving"]}
    assert (await asked.send("POST", "/imports", told)).json()["created"] == {}
    then = (await asked.get(f"/exports/dossier/298-2025?as_of={head - 2}")).json()
    assert signs_in(then) == {"inspection": ["inspection"], "receiving-mission": ["receiving"]}
    assert asked.store.head == head


async def test_a_dossier_names_no_side_that_is_not_a_departments(asked: Asked) -> None:
    wrong = dossier()
    wrong["departments"]["departments"][0]["signs"] = ["outgoing"]
    refused = await asked.send("POST", "/imports", wrong)
    assert (refused.status_code, asked.store.head) == (422, 0)
    assert "'receiving' or 'inspection'" in refused.text


async def test_the_organisation_tells_since_when_which_departments_sign(asked: Asked) -> None:
    await imported(asked)
    state = (await asked.get(f"/streams/organisation/{MINISTRY}/state")).json()["state"]
    assert {key: [one["signs"] for one in told] for key, told in state["signing"].items()} == {
        "inspection": [["inspection"]],
        "receiving-mission": [["receiving"]],
    }
    assert all(one["since"] for told in state["signing"].values() for one in told)
