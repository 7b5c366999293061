"""Delegations and the terms of postings on a real store: asked over HTTP, and swept."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from services.registry.sweeping import PostingSweep
from services.registry.views import StaffView
from shared.calendar.rule import add_months
from shared.contracts.meta import rfc3339
from shared.domain.clock import system_clock
from shared.service.sweeper import Sweeper
from shared.service.timing import SYSTEM_TIME
from tests.integration.registry.conftest import Asked
from tests.integration.registry.scenes import imported

HEAD = "department:cabinet=head-1"
DEPUTY = "department:cabinet=deputy-1>head-1"
APPOINTMENT = {"head": "head-1", "reference": "1/2025"}


def delegation(**changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    since, until = (now - timedelta(days=1)).isoformat(), (now + timedelta(days=1)).isoformat()
    return {"deputy": "deputy-1", "since": since, "until": until, "reference": "2/2025"} | changes


async def test_a_deputy_acts_for_a_head_as_long_as_that_is_delegated(asked: Asked) -> None:
    await imported(asked)
    posting = {"mission": "emb-it", "category": "diplomat", "authority": "cabinet"}

    async def post(staff: str, role: str = DEPUTY) -> tuple[int, str]:
        answer = await asked.send("POST", f"/staff/{staff}/post", posting, role=role)
        return answer.status_code, answer.json().get("type", "").rpartition("/")[2]

    assert await post("p-00000000a1") == (403, "not-delegated")
    head = await asked.send("PUT", "/departments/cabinet/head", APPOINTMENT, role="follow-up-office")
    assert (head.status_code, head.json()["head"]) == (200, "head-1")
    assert await post("p-00000000a1") == (403, "not-delegated")
    body = delegation(actions=["staff.post"])
    refused = await asked.send("PUT", "/departments/cabinet/delegations/d-1", body, role=DEPUTY)
    assert refused.status_code == 403
    made = await asked.send("PUT", "/departments/cabinet/delegations/d-1", body, role=HEAD)
    assert made.status_code == 200, made.text
    assert await post("p-00000000a1") == (201, "")
    earlier = await asked.send(
        "POST", "/staff/p-00000000a2/post", posting, role=DEPUTY, Tanfidh_Effective_At="2025-06-01"
    )
    assert earlier.status_code == 403 and earlier.json()["type"].endswith("/not-delegated-then")
    story = (await asked.get("/streams/staff/p-00000000a1")).json()["items"]
    assert story[0]["actor"] == {
        "subject": "deputy-1",
        "role": "department",
        "department": "cabinet",
        "on_behalf_of": "head-1",
    }
    recall = {"by": "cabinet", "reference": "3/2025"}
    other = await asked.send("POST", "/staff/p-00000000a1/recall", recall, role=DEPUTY)
    assert other.json()["type"].endswith("/not-delegated"), "it is for one action"
    assert await post("p-00000000a2", "department:hr=deputy-1>head-1") == (403, "not-permitted")
    ended = await asked.send("POST", "/departments/cabinet/delegations/d-1/end", role=HEAD)
    assert ended.status_code == 200, ended.text
    assert await post("p-00000000a2") == (403, "not-delegated")
    row = (await asked.get("/departments/cabinet")).json()
    assert (row["head"], [one["key"] for one in row["stand_ins"]]) == ("head-1", ["d-1"])


async def test_a_head_who_is_told_late_has_one_answer_in_the_row_and_in_the_rule(asked: Asked) -> None:
    await imported(asked)
    now = datetime.now(UTC)

    def ago(days: int) -> str:
        return rfc3339(now - timedelta(days=days))

    for head, days in (("head-1", 20), ("head-0", 30)):
        appointed = await asked.send(
            "PUT", "/departments/cabinet/head", APPOINTMENT | {"head": head}, Tanfidh_Effective_At=ago(days)
        )
        assert appointed.json()["head"] == "head-1", "the present head"
    named = await asked.send("PUT", "/departments/cabinet/acting-heads/a-1", delegation(since=ago(25)))
    assert named.status_code == 200, named.text

    async def led(days: int) -> tuple[str, list[str]]:
        row = (await asked.get(f"/departments/cabinet?effective_at={ago(days)}")).json()
        return row["head"], [one["key"] for one in row["stand_ins"]]

    assert [await led(days) for days in (25, 15)] == [("head-0", []), ("head-1", ["a-1"])]
    row = (await asked.get("/departments/cabinet")).json()
    assert (row["head"], [one["head"] for one in row["heads"]]) == ("head-1", ["head-0", "head-1"])
    posting = {"mission": "emb-it", "category": "diplomat", "authority": "cabinet"}
    for head, days, why in (
        ("head-0", 25, "not-delegated"),
        ("head-1", 25, "not-delegated-then"),
        ("head-1", 15, ""),
    ):
        role = DEPUTY.replace("head-1", head)
        answer = await asked.send(
            "POST", "/staff/p-00000000a1/post", posting, role=role, Tanfidh_Effective_At=ago(days)
        )
        assert answer.json().get("type", "").rpartition("/")[2] == why


async def test_a_stand_in_reads_personal_data_only_where_that_is_delegated(asked: Asked) -> None:
    await imported(asked)
    (person, *_) = (await asked.get("/staff?mission=emb-va&category=diplomat")).json()["items"]
    path = f"/staff/{person['id']}/person"
    headers = {"Authorization": f"Bearer {DEPUTY}"}
    assert (await asked.client.get(path, headers=headers)).status_code == 403
    await asked.send("PUT", "/departments/cabinet/head", APPOINTMENT)
    await asked.send("PUT", "/departments/cabinet/acting-heads/a-1", delegation())
    assert (await asked.client.get(path, headers=headers)).status_code == 200
    written = await asked.send("PUT", path, {"name_latin": "Some Body"}, role=DEPUTY)
    assert written.status_code == 200, written.text


async def test_postings_near_and_past_their_last_day_are_found_by_the_sweeper(
    asked: Asked, database_url: str
) -> None:
    await imported(asked)
    today = datetime.now(UTC).date()
    for staff, began in (
        ("p-00000000b1", add_months(today, -49)),
        ("p-00000000b2", add_months(today, -47)),
        ("p-00000000b3", add_months(today, -1)),
    ):
        body = {"mission": "emb-it", "category": "diplomat", "authority": "cabinet"}
        posted = await asked.send(
            "POST", f"/staff/{staff}/post", body, Tanfidh_Effective_At=began.isoformat()
        )
        assert posted.status_code == 201, posted.text
    sweep = PostingSweep(asked.store, system_clock)
    sweeper = Sweeper(asked.store, asked.views, StaffView.name, sweep.act, SYSTEM_TIME, database_url)
    sweeping = asyncio.create_task(sweeper.run())
    try:
        async with asyncio.timeout(60):
            while not (sweeper.at_rest and asked.views.position == asked.store.head):
                await asked.views.beyond(asked.store.head - 1)
                await asyncio.sleep(0.02)
    finally:
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)
    types = {
        staff: [one["type"] for one in (await asked.get(f"/streams/staff/{staff}")).json()["items"]][1:]
        for staff in ("p-00000000b1", "p-00000000b2", "p-00000000b3")
    }
    assert types == {
        "p-00000000b1": ["registry.staff.posting-overdue"],
        "p-00000000b2": ["registry.staff.posting-cap-approaching"],
        "p-00000000b3": [],
    }
    for staff in ("p-00000000b1", "p-00000000b2"):
        posted, told = await asked.store.history(f"staff.{staff}")
        assert told.about.fields["causation"] == str(posted.event_id), "it is due by what set the last day"
        assert told.about.correlation == posted.about.correlation
    overdue = (await asked.get("/staff?overdue=true")).json()["items"]
    assert [row["id"] for row in overdue] == ["p-00000000b1"]
    assert [row["id"] for row in (await asked.get("/staff?near=true")).json()["items"]] == ["p-00000000b2"]
    longer = {"by": "cabinet", "until": "2199-01-01", "reference": "9/2025"}
    refused = await asked.send("POST", "/staff/p-00000000b1/extend", longer)
    until = refused.json()["latest"]
    assert (refused.status_code, until) == (422, add_months(add_months(today, -1), 12).isoformat())
    longer |= {"until": until}
    in_time = add_months(today, -3).isoformat()
    extended = await asked.send("POST", "/staff/p-00000000b1/extend", longer, Tanfidh_Effective_At=in_time)
    assert extended.json()["ends_on"] == until
    (passed,) = (await asked.get("/staff/p-00000000b1")).json()["overdue_postings"]
    assert passed["ends_on"] == add_months(today, -1).isoformat(), "it stays"
    assert passed["qualified"] == [{"ground": "extended", "effective_at": f"{in_time}T00:00:00.000000Z"}]
    early = await asked.send(
        "POST",
        "/staff/p-00000000b1/recall",
        {"by": "cabinet"},
        Tanfidh_Effective_At=add_months(today, -4).isoformat(),
    )
    assert (early.status_code, early.json()["type"].rpartition("/")[2]) == (422, "before-what-it-follows")
    then = (await asked.get(f"/staff/p-00000000b1?effective_at={add_months(today, -50)}")).json()
    assert then["mission"] is None, "not posted yet"
    assert (await asked.get("/staff/p-00000000b1")).json()["mission"] == "emb-it"
