"""Whoever waits for an event of audit's own finds it in the trail."""

from typing import Any

from tests.integration.verifying.attacker import Attacker
from tests.integration.witness.house import House


async def test_the_trail_waits_until_audits_own_events_are_filed(house: House, audit: Attacker) -> None:
    await house.rounds(4)
    store = house.frames["audit"].store
    before = store.head
    async with audit.connection.transaction():
        await audit.connection.execute("SELECT FROM inboxes WHERE name = 'audit' FOR UPDATE")
        await house.decide("finance")
        await house.attacked_rounds(2)
        assert store.head > before
        for header in ("Tanfidh-Position", "Tanfidh-After"):
            answer = await trail(house, header, store.head, "1")
            assert "preference-applied" not in answer.headers, "it is not filed yet"
    for header in ("Tanfidh-Position", "Tanfidh-After"):
        answer = await trail(house, header, store.head, "20")
        assert "preference-applied" in answer.headers
        assert answer.json()["items"][0]["position"] == store.head


async def trail(house: House, header: str, position: int, seconds: str) -> Any:
    told = str(position) if header == "Tanfidh-Position" else f"audit={position}"
    headers = {"Prefer": f"wait={seconds}", header: told}
    return await house.get("audit", "/trail?service=audit&order=desc&limit=1", **headers)
