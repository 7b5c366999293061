"""Personal data is nowhere in plain, before and after an erasure; an erasure is finished whoever dies."""

import asyncio
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.local.secrets import Secrets
from shared.eventstore.sealing.vault import Vault
from shared.messaging.connection import broker_for
from tests.engines import ThrowawayEngines
from tests.faults.entering import DEPARTMENT, dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.plaintext import found
from tests.faults.processes import Served, until

pytestmark = pytest.mark.faults

REASON = {"reason": "requested", "basis": "HR/1"}
PLANTED = "المزروع"
STAFF, OTHER = "p-0123456789", "p-9876543210"
CORRECTIONS = 200
"""So many events that a snapshot is due."""


def person() -> dict[str, str]:
    """Somebody whom no other run of any test knows."""
    mark = uuid4().hex
    digits = str(int(mark, 16))
    return {
        "name_arabic": f"المختار{digits[:12]}",
        "name_latin": f"Mukhtar-{mark[:12]}",
        "born_on": f"19{int(digits[:2]) // 2:02}-02-{1 + int(digits[3]):02}",
        "national_number": digits[4:16],
        "passport_number": f"LY{digits[16:26]}",
        "passport_expires_on": f"21{digits[26:28]}-03-{1 + int(digits[29]):02}",
        "email": f"{mark[12:24]}@private.example",
        "phone": f"+{digits[20:32]}",
    }


async def send(client: httpx.AsyncClient, method: str, path: str, body: Any) -> None:
    response = await client.request(method, path, json=body, headers={"Idempotency-Key": str(uuid4())})
    assert response.is_success, f"{path}: {response.text}"


async def read(client: httpx.AsyncClient, staff: str, query: str = "") -> Any:
    response = await client.get(f"/staff/{staff}/person{query}")
    assert response.status_code == 200, response.text
    return response.json()


async def posted(client: httpx.AsyncClient, *staff: str) -> None:
    await enter(client, dossier(7, ["emb-a"]), "dossier")
    posting = {"mission": "emb-a", "category": "attached-officer", "authority": DEPARTMENT}
    for one in staff:
        await send(client, "POST", f"/staff/{one}/post", posting)


async def recorded(client: httpx.AsyncClient, staff: str, known: dict[str, str]) -> None:
    """Record a person, correct it often enough for a snapshot, have the posting ended."""
    path = f"/staff/{staff}/person"
    for _ in range(CORRECTIONS // 20):
        await asyncio.gather(*(send(client, "PUT", path, known) for _ in range(20)))
    await send(client, "POST", f"/staff/{staff}/recall", {"by": DEPARTMENT})


def vault_of(ministry: Ministry) -> Vault:
    master = Secrets(ministry.folder).random_key("person_keys_master").read_bytes().strip()
    return Vault.open(ministry.folder / "person-keys", master)


async def plant(ministry: Ministry, text: str) -> None:
    """Put a text everywhere by hand, so that it is seen whether it would be found."""
    connection = await asyncpg.connect(ministry.database_url)
    try:
        await connection.execute("CREATE SCHEMA planted; CREATE TABLE planted.texts (text bytea)")
        await connection.execute("INSERT INTO planted.texts VALUES ($1)", text.encode())
    finally:
        await connection.close()
    broker = broker_for(ministry.nats.url, "plant")
    stream = (await broker.connect()).jetstream()
    await stream.add_stream(name="PLANTED", subjects=["planted"])
    await stream.publish("planted", text.encode("unicode_escape"))
    await broker.stop()
    (ministry.folder / "planted.log").write_text(text)


async def test_nothing_personal_stands_anywhere_and_erasures_are_finished(
    engines: ThrowawayEngines, tmp_path: Path
) -> None:
    begun, known = time() - 1, person()
    async with ministry_in(engines, tmp_path) as ministry:
        one, other, _, notifier = await asyncio.gather(
            *(ministry.serve(service) for service in ("registry", "registry", "audit", "notifier"))
        )
        async with ministry.client(notifier) as subscriber:
            interest = {"types": ["registry.staff.*"]}
            await send(subscriber, "POST", "/subscriptions", {"channel": "log", "interest": interest})
        async with ministry.client(one) as client, ministry.client(other) as reader:
            await posted(client, STAFF, OTHER)
            await recorded(client, STAFF, known)
            assert (await read(reader, STAFF))["person"] == known
            texts = await sealed_from_the_start(ministry, known, begun)

            (kept,) = (ministry.folder / "person-keys" / "keys").iterdir()
            texts["wrapped"] = wrapped = kept.read_bytes()
            await send(client, "POST", f"/staff/{STAFF}/erase", REASON)
            erased = dict.fromkeys(known, "erased")
            assert [(await read(each, STAFF))["person"] for each in (reader, client)] == [erased, erased]
            assert (await read(reader, STAFF, "?as_of=100"))["person"] == erased
            await ministry.taken_in("audit", "registry")
            assert await found(ministry, texts, begun) == set()
            folder = [file for file in (ministry.folder / "person-keys").rglob("*") if file.is_file()]
            assert not [file for file in folder if wrapped in file.read_bytes()]
            await killed_while_erasing(ministry, client, one, other)
        rows = await ministry.checked_log("registry")
        assert sum(bool(row.sealed) for row in rows) == CORRECTIONS + 1


async def sealed_from_the_start(
    ministry: Ministry, known: dict[str, str], begun: float
) -> dict[str, bytes | str]:
    """Look everywhere before anything is erased, and see that what is there would be found."""
    texts: dict[str, bytes | str] = {**known, "secret": vault_of(ministry).every_key()[0].secret}
    snapshots = "SELECT count(*) FROM snapshots WHERE stream = $1"
    await until(lambda: ministry.fetchval("registry", snapshots, f"staff.{STAFF}"))
    for service in ("audit", "notifier"):
        await ministry.taken_in(service, "registry")
    await plant(ministry, PLANTED)
    there = await found(ministry, texts | {"planted": PLANTED}, begun)
    assert there == {(place, "planted") for place in ("table", "heap", "wal", "stream", "log")}
    return texts


async def killed_while_erasing(ministry: Ministry, client: httpx.AsyncClient, *replicas: Served) -> None:
    """Stop an erasure between its event and the key, kill every replica, and start one."""
    await send(client, "PUT", f"/staff/{OTHER}/person", person())
    await send(client, "POST", f"/staff/{OTHER}/recall", {"by": DEPARTMENT})
    folder, away = ministry.folder / "person-keys", ministry.folder / "away"
    folder.rename(away)
    await send(client, "POST", f"/staff/{OTHER}/erase", REASON)
    for replica in replicas:
        replica.kill()
        await replica.gone()
    assert not folder.exists()
    away.rename(folder)
    assert len(vault_of(ministry).every_key()) == 1
    again = await ministry.serve("registry")
    assert vault_of(ministry).every_key() == []
    async with ministry.client(again) as reader:
        assert (await read(reader, OTHER))["personal_data"] == "erased"
