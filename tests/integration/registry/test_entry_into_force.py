"""A decree whose day is to come, and moments that are to come or were before it, over HTTP and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.registry.commencing import CommencementSweep
from services.registry.days import beginning_of
from shared.domain.clock import system_clock
from shared.projections import Due
from tests.integration.registry.conftest import Asked, opened
from tests.integration.registry.scenes import HOLD, dossier, imported, small

LATER = "401-2025"
ROW = f"{LATER}-a1-r01"
TODAY = datetime.now(UTC).date()
ON = TODAY + timedelta(days=1)


def to_come() -> dict[str, Any]:
    content = small(401, "emb-va", "emb-it")
    content["decree"] |= {"in_force_on": ON.isoformat()}
    return content


async def standing(asked: Asked) -> tuple[str, str, str]:
    decree = (await asked.get(f"/decrees/{LATER}")).json()
    measure = (await asked.get(f"/measures/{ROW}")).json()
    mission = (await asked.get("/missions/emb-va")).json()
    return decree["state"], measure["state"], mission["state"]


async def test_a_decree_whose_day_is_to_come_is_issued_and_its_rows_wait(asked: Asked) -> None:
    foreseen = (await asked.send("POST", "/imports/check", to_come())).json()
    assert (foreseen["measures"], asked.store.head) == ({"listed": 1}, 0)
    done = (await asked.send("POST", "/imports", to_come())).json()
    assert foreseen["not_ordered"] == done["not_ordered"]
    (waits,) = done["not_ordered"]
    assert (waits["measure"], waits["reason"]) == (ROW, "decree-not-yet-in-force")
    assert ON.isoformat() in waits["detail"]["en"]
    assert await standing(asked) == ("issued", "listed", "open")
    for path in (f"/decrees/{LATER}/execute", f"/measures/{ROW}/order"):
        refused = await asked.send("POST", path)
        assert (refused.status_code, refused.json()["on"]) == (409, ON.isoformat())
    head = asked.store.head
    await asked.send("POST", "/imports", to_come())
    assert asked.store.head == head
    other = to_come()
    other["decree"]["in_force_on"] = TODAY.isoformat()
    assert (await asked.send("POST", "/imports", other)).status_code == 422


@pytest.mark.parametrize("by", ["sweeper", "import"])
async def test_when_the_day_has_come_it_is_in_force_and_its_rows_are_ordered(
    database_url: str, tmp_path: Path, by: str
) -> None:
    ahead = [timedelta()]
    async with opened(database_url, tmp_path, lambda: system_clock() + ahead[0]) as asked:
        # Given a decree that was imported a day too early.
        await asked.send("POST", "/imports", to_come())
        row = (await asked.get(f"/decrees/{LATER}")).json()
        assert row["next_at"] == f"{ON}T00:00:00.000000Z"
        # When its day has begun.
        ahead[0] = timedelta(days=1)
        if by == "import":
            done = (await asked.send("POST", "/imports", to_come())).json()
            assert (done["measures"], done["not_ordered"]) == ({"ordered": 1}, [])
        else:
            sweep = CommencementSweep(asked.store)
            for _ in range(2):
                await sweep.act(Due(beginning_of(ON), LATER, row))
            issued, entered = await asked.store.history(f"decree.{LATER}")
            assert entered.about.fields["causation"] == str(issued.event_id)
            assert entered.about.correlation == issued.about.correlation
        # Then it is in force since that day, and its row ordered.
        assert await standing(asked) == ("in-force", "ordered", "closing")
        decree = (await asked.get(f"/decrees/{LATER}")).json()
        assert (decree["in_force_on"], decree["next_at"]) == (ON.isoformat(), None)
        then = (await asked.get(f"/decrees/{LATER}?effective_at={TODAY}")).json()
        now = (await asked.get(f"/decrees/{LATER}?effective_at={ON}")).json()
        assert (then["state"], now["state"]) == ("issued", "in-force")


async def test_a_decree_that_is_announced_for_a_day_to_come_is_known_from_now(asked: Asked) -> None:
    content = to_come()
    content["decree"] |= {"announced_on": ON.isoformat(), "in_force_on": TODAY.isoformat()}
    assert (await asked.send("POST", "/imports", content)).status_code == 200
    assert await standing(asked) == ("issued", "listed", "open")
    told = (await asked.get(f"/streams/decree/{LATER}")).json()["items"]
    assert all(event["effective_at"] <= event["recorded_at"] for event in told)


@pytest.mark.parametrize(
    ("method", "path", "body", "role"),
    [
        ("POST", "/imports", dossier(), "admin"),
        ("POST", "/decrees/298-2025/repeal", {"by": LATER, "on": "2025-06-02"}, "admin"),
        ("POST", "/decrees/298-2025/execute", None, "admin"),
        ("POST", "/measures/298-2025-a2-r20/identify", {"confidence": "likely", "source": "7/25"}, "admin"),
        ("PUT", "/missions/emb-va/dates", {"public_on": "2025-11-01", "official_on": "2025-11-02"}, "admin"),
        ("PUT", "/missions/emb-va/handover/stop-date", {"on": "2025-11-01"}, "admin"),
        ("POST", "/missions/emb-va/close", None, "admin"),
        ("POST", "/decrees/298-2025/holds", HOLD, "controller"),
        ("PUT", "/departments/legal/head", {"head": "h-1", "reference": "7/25"}, "admin"),
    ],
)
async def test_nothing_is_effective_ahead_of_its_recording(
    asked: Asked, method: str, path: str, body: Any, role: str
) -> None:
    await imported(asked)
    head = asked.store.head
    ahead = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    refused = await asked.send(method, path, body, role=role, Tanfidh_Effective_At=ahead)
    assert refused.status_code == 422, refused.text
    assert refused.json()["type"].endswith("/effective-ahead")
    assert asked.store.head == head


async def test_an_import_is_not_of_before_its_decree_and_stores_nothing_then(asked: Asked) -> None:
    refused = await asked.send("POST", "/imports", dossier(), Tanfidh_Effective_At="2025-04-29")
    assert (refused.status_code, asked.store.head) == (422, 0)
    assert refused.json()["type"].endswith("/before-what-it-follows")
    done = await asked.send("POST", "/imports", dossier(), Tanfidh_Effective_At="2025-04-30")
    assert done.status_code == 200, done.text


async def test_steps_of_a_closing_are_bounded_by_what_is_stored(asked: Asked) -> None:
    await imported(asked)
    dates = {"public_on": "2025-11-01", "official_on": "2025-11-30"}
    path = "/missions/emb-va/dates"
    early = await asked.send("PUT", path, dates, Tanfidh_Effective_At="2025-04-29")
    assert early.json()["type"].endswith("/before-what-it-follows"), early.text
    assert (await asked.send("PUT", path, dates)).status_code == 200


async def test_whoever_acts_for_a_department_holds_in_its_name(asked: Asked) -> None:
    await imported(asked)
    holds = "/decrees/298-2025/holds"
    refused = await asked.send("POST", holds, HOLD, role="controller:cabinet")
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("/hold-in-anothers-name")
    assert (await asked.send("POST", holds, HOLD, role="controller:audit-bureau")).status_code == 200
    again = HOLD | {"hold": "ab-2"}
    assert (await asked.send("POST", holds, again, role="controller")).status_code == 200


async def test_a_decree_on_hold_is_repealed_only_despite_it(asked: Asked) -> None:
    await imported(asked)
    later = small(401, "emb-va", None)
    later["decree"]["articles"][0]["rows"] = []
    later["decree"] |= {"announced_on": "2025-06-01", "in_force_on": "2025-06-02"}
    assert (await asked.send("POST", "/imports", later)).status_code == 200
    since = {"Tanfidh_Effective_At": "2025-06-01"}
    await asked.send("POST", "/decrees/298-2025/holds", HOLD, role="controller", **since)
    body = {"by": LATER, "on": "2025-06-02"}
    other = await asked.send("POST", "/decrees/298-2025/repeal", body | {"despite": ["ab-1", "ab-9"]})
    assert (other.status_code, other.json()["named"]) == (422, "ab-9")
    refused = await asked.send("POST", "/decrees/298-2025/repeal", body)
    assert (refused.status_code, refused.json()["holds"]) == (409, "ab-1")
    done = await asked.send("POST", "/decrees/298-2025/repeal", body | {"despite": ["ab-1"]})
    assert (done.status_code, done.json()["state"]) == (200, "repealed")
    ended = (await asked.get("/decrees/298-2025")).json()["ended"]
    assert ended["despite"] == ["ab-1"]


async def test_an_import_tells_what_nobody_will_be_given_to_do(asked: Asked) -> None:
    content = dossier()
    del content["procedure"]
    foreseen = (await asked.send("POST", "/imports/check", content)).json()["unplanned"]
    assert foreseen["obligations"] == ["report"] and len(foreseen["measures"]) == 25
    assert (await asked.send("POST", "/imports", content)).json()["unplanned"] == foreseen
