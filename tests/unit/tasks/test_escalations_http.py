"""Escalation over HTTP and in its view; who may answer; and that subscriptions find its events."""

import httpx
import pytest

from services.notifier.subscription.interest import fits
from services.tasks.escalation import EscalationState
from services.tasks.escalations import Escalations
from services.tasks.scheduling import schedule_plan
from services.tasks.sweeping import climbing, missing
from shared.contracts.notifier import Interest
from shared.domain import Actor
from shared.domain.permission import NotPermitted
from tests.unit.tasks.dated import DUE_AT, FIRST, moment
from tests.unit.tasks.escalated import LADDER, STEPS, Escalated
from tests.unit.tasks.given import DATES, MEASURE, PROTOCOL, MemoryStore, MemoryViews, by
from tests.unit.tasks.test_tasks_http import client, store

__all__ = ["client", "store"]


async def send(client: httpx.AsyncClient, path: str, key: str, body: object) -> httpx.Response:
    return await client.post(path, json=body, headers={"Idempotency-Key": key})


async def test_a_ladder_with_a_wrong_step_is_refused_for_that_alone(client: httpx.AsyncClient) -> None:
    ladder = LADDER.model_dump(mode="json")
    wrong = await send(client, "/escalation-policies/default", "k0", ladder | {"steps": [{"to": "nobody"}]})
    errors = {error["pointer"]: error["code"] for error in wrong.json()["errors"]}
    missing = dict.fromkeys(("/steps/0/key", "/steps/0/title", "/steps/0/after"), "missing")
    assert (wrong.status_code, wrong.json()["count"], errors) == (422, 4, missing | {"/steps/0/to": "enum"})


async def test_a_ladder_is_declared_climbed_and_answered_for(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    ladder = LADDER.model_dump(mode="json")
    declared = await send(client, "/escalation-policies/default", "k1", ladder)
    assert (declared.status_code, declared.json()["version"]) == (201, 1)
    read = (await client.get("/escalation-policies/default")).json()
    assert read == {"policy": "default", "version": 1, **ladder}
    version = (await client.get("/escalation-policies/default/versions/1")).json()
    assert version["data"]["ladder"] == ladder
    assert len((await client.get("/escalation-policies")).json()["items"]) == 1
    nothing = await send(client, f"/escalations/{FIRST}/acknowledge", "k2", {"note": "At it"})
    assert (nothing.status_code, nothing.json()["type"].rpartition("/")[2]) == (409, "no-step-to-acknowledge")

    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    store.now = DUE_AT
    store.run(missing(FIRST, DUE_AT).decide)
    answered = await send(client, f"/escalations/{FIRST}/acknowledge", "k3", {"note": "At it"})
    assert answered.json() == {"task": FIRST, "step": 1, "until": "2025-09-08"}
    row = (await client.get(f"/escalations/{FIRST}")).json()
    assert (row["state"], row["step"], row["department"], row["lead"]) == (
        "acknowledged",
        1,
        "legal",
        "legal",
    )
    assert [step["key"] for step in row["taken"]] == ["lead"] and row["answered"][0]["note"] == "At it"
    for query, found in {"": 1, "?state=acknowledged": 1, "?state=ended": 0, "?lead=protocol": 0}.items():
        assert len((await client.get(f"/escalations{query}")).json()["items"]) == found, query


async def test_a_ladder_that_names_unknown_departments_or_makes_no_sense_is_refused(
    client: httpx.AsyncClient,
) -> None:
    ladder = LADDER.model_dump(mode="json")
    ladder["steps"][2]["named"] = "fisheries"
    unknown = await send(client, "/escalation-policies/default", "k1", ladder)
    assert unknown.json()["type"].rpartition("/")[2] == "unknown-department"
    ladder["steps"][2]["named"] = None
    assert (await send(client, "/escalation-policies/default", "k2", ladder)).status_code == 422


async def test_who_a_step_went_to_may_answer_for_it_by_department_or_by_role() -> None:
    case = Escalated().at(STEPS[2]).sweep()
    use = Escalations(case.store)  # type: ignore[arg-type]  # in memory
    archives = Actor(subject="archives-1", role="department", department="archives")
    controller = Actor(subject="controller-1", role="controller")
    for stranger in (PROTOCOL, controller):
        with pytest.raises(NotPermitted):
            await use.acknowledge(by(stranger), FIRST, None, "At it")
    await use.acknowledge(by(archives), FIRST, None, "At it")
    case.at("2025-09-20").sweep()
    assert case.escalation.role == "controller"
    with pytest.raises(NotPermitted):
        await use.acknowledge(by(archives), FIRST, None, "At it")
    await use.acknowledge(by(controller), FIRST, None, "At it")


def test_the_row_stands_as_the_aggregate_and_is_due_when_it_says() -> None:
    case = Escalated()
    steps = (
        lambda: case.at(STEPS[0]).sweep(),
        lambda: case.at("2025-09-01").hold(),
        lambda: case.at("2025-09-02").acknowledge(),
        lambda: case.at("2025-09-03").lift(),
        lambda: case.at("2025-09-20").sweep(),
        lambda: case.start().submit(),
        lambda: case.at("2025-09-21").give_back(),
        lambda: case.cancel(),
    )
    states = []
    for step in steps:
        step()
        row = MemoryViews(case.store).rows("escalations")[FIRST]
        states.append(row["state"])
        assert row["state"] == case.escalation.state.value
        assert moment_of(row["next_at"]) == case.escalation.next_at
        assert row["version"] == case.escalation.version
    assert EscalationState.SUSPENDED in states and EscalationState.ACKNOWLEDGED in states
    assert row["ladders"] == 2 and row["ended"] == "cancelled"


def moment_of(told: str | None) -> object:
    return None if told is None else moment(told.replace("T", " ").removesuffix("Z"))


def test_a_step_whose_moment_was_moved_is_not_taken() -> None:
    case = Escalated().at(STEPS[0]).sweep()
    command = climbing(FIRST, moment(STEPS[1]))
    case.at("2025-09-02").acknowledge()
    before = len(case.store.log)
    assert case.at(STEPS[1]).store.run(command.decide) is False and len(case.store.log) == before


def test_a_subscription_by_department_is_told_of_the_steps_that_go_to_it() -> None:
    case = Escalated().at(STEPS[3]).sweep()
    told = {
        department: [
            event.key
            for event in case.raised
            if fits(
                Interest(types=("tasks.escalation.*",), departments=(department,)),
                event.event_type,
                event.keys(),
            )
        ]
        for department in ("legal", "archives", "protocol")
    }
    assert told == {"legal": ["lead", "head", "minister"], "archives": ["office"], "protocol": []}
