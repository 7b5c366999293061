"""Readers who wait for what they wrote: in the same service, in another one, and at another replica."""

import asyncio

import pytest

from tests.integration.asof.conftest import Office, Running

WRITERS, WRITES = 20, 50


async def test_nobody_reads_older_than_he_wrote_over_a_thousand_writes(office: Office) -> None:
    stale = []

    async def write_and_read(writer: int) -> None:
        for number in range(WRITES):
            department = f"d-{writer}-{number}"
            forms = {"departments": [{"key": department, "name": {"en": "Department"}}]}
            await office.done("/registry/imports/departments", forms)
            position = (await office.get("/registry/overview")).json()["position"]
            wait = {"Prefer": "wait=30", "Tanfidh-Position": str(position)}
            answer = await office.get(f"/registry/departments/{department}", headers=wait)
            seen = int(answer.headers.get("tanfidh-position", 0))
            if answer.status_code != 200 or "preference-applied" not in answer.headers or seen < position:
                stale.append((department, answer.status_code))

    await asyncio.gather(*map(write_and_read, range(WRITERS)))
    assert stale == []
    counted = (await office.get("/registry/overview")).json()["position"]
    assert counted == WRITERS * WRITES


async def test_without_a_position_the_head_at_the_request_is_waited_for(office: Office) -> None:
    for number in range(50):
        forms = {"departments": [{"key": f"d-{number}", "name": {"en": "Department"}}]}
        await office.done("/registry/imports/departments", forms)
        answer = await office.get(f"/registry/departments/d-{number}", headers={"Prefer": "wait=30"})
        assert (answer.status_code, answer.headers["preference-applied"]) == (200, "wait")


async def test_what_lies_ahead_is_not_waited_for_longer_than_asked(office: Office) -> None:
    for header in ("Tanfidh-Position", "Tanfidh-After"):
        ahead = "999" if header == "Tanfidh-Position" else "tasks=999"
        answer = await office.get("/registry/decrees", headers={"Prefer": "wait=1", header: ahead})
        assert (answer.status_code, answer.json()) == (200, {"items": []})
        assert answer.headers["tanfidh-position"] == "0"
        assert "preference-applied" not in answer.headers


async def test_a_source_that_is_none_is_refused(office: Office) -> None:
    wait = {"Prefer": "wait=1", "Tanfidh-After": "notifier=1"}
    answer = await office.get("/tasks/plans", headers=wait)
    assert (answer.status_code, answer.json()["type"]) == (400, "https://tanfidh.org/problems/unknown-source")
    assert answer.json()["known"] == "registry, tasks"


@pytest.mark.parametrize("replica", ["active", "standby"])
async def test_what_one_service_did_is_read_in_the_other(running: Running, replica: str) -> None:
    async with running() as office:
        await office.import_example()
        async with running("tasks") as standby:
            reader = office if replica == "active" else standby
            assert await inbox_active(office) and not await inbox_active(standby)
            plans = (await office.get("/tasks/plans?limit=10")).json()["items"]
            for plan in plans:
                dates = {"public_on": "2025-11-01", "official_on": "2025-12-01"}
                path = f"/registry/missions/{plan['mission']}/dates"
                position = (await office.done(path, dates, "PUT")).headers["tanfidh-position"]
                wait = {"Prefer": "wait=30", "Tanfidh-After": f"registry={position}"}
                answer = await reader.get(f"/tasks/plans/{plan['plan']}", headers=wait)
                assert answer.headers["preference-applied"] == "wait"
                assert answer.json()["official_on"] == "2025-12-01"


@pytest.mark.parametrize("replica", ["active", "standby"])
async def test_what_has_no_effect_in_the_other_is_waited_for_too(running: Running, replica: str) -> None:
    async with running() as office, running("tasks") as standby:
        await office.import_example()
        reader = office if replica == "active" else standby
        held = {"hold": "hold-1", "by": "legal", "reason": {"en": "Studies first"}}
        by = {"role": "controller", "department": "legal"}
        answer = await office.done("/registry/decrees/298-2025/holds", held, **by)
        wait = {"Prefer": "wait=30", "Tanfidh-After": f"registry={answer.headers['tanfidh-position']}"}
        assert (await reader.get("/tasks/plans", headers=wait)).headers["preference-applied"] == "wait"


async def test_a_standby_reads_what_another_replica_wrote(running: Running) -> None:
    async with running() as office, running("registry") as standby:
        for number in range(5):
            forms = {"departments": [{"key": f"d-{number}", "name": {"en": "Department"}}]}
            await office.done("/registry/imports/departments", forms)
            answer = await standby.get(f"/registry/departments/d-{number}", headers={"Prefer": "wait=30"})
            assert (answer.status_code, answer.headers["preference-applied"]) == (200, "wait")
            past = await standby.get(f"/registry/departments/d-{number}?as_of=2999-01-01")
            assert past.status_code == 200


async def inbox_active(office: Office) -> bool:
    """Whether this replica of tasks is the one that takes in."""
    metrics = (await office.get("/tasks/metrics")).text
    return "tanfidh_relay_active 1.0" in metrics
