"""Operators look at parked events over HTTP, have them tried again and skip them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import APIRouter

from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.messaging.connection import broker_for, part
from shared.messaging.provision import provision_stream
from shared.messaging.reacting import reacting
from shared.messaging.relay import Relay
from shared.service import ServiceSettings
from shared.service.frame import Frame
from shared.web.signing import issue_token, new_signing_key, write_jwks
from tests.integration.messaging.sample import CopiesParked, copied, copy, write
from tests.integration.test_service_frame import counts

WHY = {"en": "The letter was burnt.", "ar": "احترقت الرسالة."}
PARKED = "/inboxes/letters/parked"


class Office:
    """Asks the service `copies` as whoever has a role."""

    def __init__(self, client: httpx.AsyncClient, frame: Frame, key: Any) -> None:
        self.client, self.frame, self._key = client, frame, key

    async def ask(
        self, path: str, body: Any = None, role: str = "follow-up-office", key: str = "", **headers: str
    ) -> httpx.Response:
        department = "archives" if role == "department" else None
        token = issue_token(self._key, "clerk-7", role, department, now=system_clock())
        headers["Authorization"] = f"Bearer {token}"
        if body is None:
            return await self.client.get(path, headers=headers)
        return await self.client.post(
            path, json=body, headers=headers | {"Idempotency-Key": key or str(uuid4())}
        )

    async def taken_in(self, position: int) -> None:
        async with asyncio.timeout(30):
            await self.frame.store.taken_in("letters", position)


@pytest.fixture
async def office(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    """Four letters of one stream of which the first and the third cannot be copied, and one of another."""
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    for service in ("letters", "copies"):
        await migrate(database_url, service)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    key = new_signing_key()
    write_jwks(tmp_path / "jwks.json", [key])
    settings = ServiceSettings(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=tmp_path / "signing.pem",
        jwks=tmp_path / "jwks.json",
    )
    letters = EventStore("letters", database_url, system_clock, Ed25519PrivateKey.generate())
    await letters.open()
    broker = broker_for(nats_url, "letters")
    nc = await broker.connect()
    await provision_stream(nc, "letters", letters.log_id)
    relay = asyncio.create_task(Relay(letters, nc, database_url, _never).run())
    frame = Frame("copies", settings, (), {"letters": reacting(copy, CopiesParked)})
    frame.parks(CopiesParked)
    app = frame.app("Copies", APIRouter(), counts)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://copies") as client,
    ):
        await write(letters, "illegible", "two", "illegible", "four", id="a")
        await write(letters, "one", id="b")
        office = Office(client, frame, key)
        await office.taken_in(5)
        yield office
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    await part(broker, nc)
    await letters.close()


async def _never() -> None:
    raise AssertionError("the stream is there")


async def test_parked_events_are_listed_in_pages_and_the_service_is_ready(office: Office) -> None:
    (inbox,) = (await office.ask("/inboxes")).json()["items"]
    assert inbox | {"log_id": "", "lag": 0} == {
        "source": "letters", "position": 5, "log_id": "", "parked": 4, "given_up": 0,
        "active": True, "lag": 0, "alarm": None,
    }  # fmt: skip
    first = await office.ask(f"{PARKED}?limit=3")
    assert [item["position"] for item in first.json()["items"]] == [1, 2, 3]
    rest = await office.ask(f"{PARKED}{first.links['next']['url']}")
    assert [item["position"] for item in rest.json()["items"]] == [4] and "next" not in rest.links
    assert (await office.ask(f"{PARKED}?stream=letter.b")).json()["items"] == []
    one = (await office.ask(f"{PARKED}/1")).json()
    assert (one["data"], one["code"], one["behind"]) == ({"text": "illegible"}, "illegible", None)
    assert (await office.ask(f"{PARKED}/4")).json()["behind"] == 1

    ready = await office.client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["inbox of letters"]) == (200, "ok")
    assert 'tanfidh_inbox_parked_events{source="letters"} 4.0' in (await office.client.get("/metrics")).text
    assert (await office.ask("/overview")).json()["parked"] == {"letters": 4}


async def test_the_first_is_skipped_with_a_reason_once_and_the_next_retried(office: Office) -> None:
    for body in ({}, {"reason": {}}):
        assert (await office.ask(f"{PARKED}/1/skip", body)).status_code == 422
    behind = await office.ask(f"{PARKED}/2/skip", {"reason": WHY})
    assert (behind.status_code, behind.json()["first"]) == (409, 1)
    done = await office.ask(f"{PARKED}/1/skip", {"reason": WHY}, key="k")
    again = await office.ask(f"{PARKED}/1/skip", {"reason": WHY}, key="k")
    assert (done.status_code, done.json()) == (200, {"source": "letters", "position": 1})
    assert (again.json(), again.headers["idempotency-replayed"]) == (done.json(), "true")
    assert (await office.ask(f"{PARKED}/1/skip", {"reason": WHY})).status_code == 404
    assert (await office.ask(f"{PARKED}/1")).status_code == 404
    async with asyncio.timeout(30):
        while await copied(office.frame.store, "a") != ["two"]:
            """Each look asks PostgreSQL; what waits behind follows by itself."""
    assert (await office.ask(f"{PARKED}/3/retry", {})).status_code == 200
    async with asyncio.timeout(30):
        while (await office.ask(f"{PARKED}/3")).json()["attempts"] != 1:
            """It is tried again, and all attempts are before it."""
    told = [r for r in await office.frame.store.read(0) if r.type.endswith(("-skipped", "-retried"))]
    assert [(r.type.rpartition("-")[2], r.about.actor["subject"]) for r in told] == [
        ("skipped", "clerk-7"),
        ("retried", "clerk-7"),
    ]


async def test_whoever_may_not_is_told_and_there_is_no_inbox_of_a_stranger(office: Office) -> None:
    for role, reads in (("auditor", 200), ("department", 403)):
        for act in ("retry", "skip"):
            refused = await office.ask(f"{PARKED}/1/{act}", {"reason": WHY}, role)
            assert (refused.status_code, refused.json()["action"]) == (403, f"parked.{act}")
        assert (await office.ask(PARKED, role=role)).status_code == reads
    for path in ("/inboxes/parcels/parked", "/inboxes/parcels/parked/1"):
        assert (await office.ask(path)).status_code == 404
    assert (await office.ask("/inboxes/parcels/parked/1/skip", {"reason": WHY})).status_code == 404


async def test_what_operators_decide_leaves_a_line_without_their_words(office: Office) -> None:
    with structlog.testing.capture_logs() as lines:
        assert (await office.ask(f"{PARKED}/1/retry", {"reason": WHY})).status_code == 200
        key = str(uuid4())
        for _ in range(2):
            assert (await office.ask(f"{PARKED}/1/skip", {"reason": WHY}, key=key)).status_code == 200
    said = [line for line in lines if line["event"] in ("inbox.retried", "inbox.skipped")]
    assert [(line["event"], line["position"], line["role"]) for line in said] == [
        ("inbox.retried", 1, "follow-up-office"),
        ("inbox.skipped", 1, "follow-up-office"),
    ]
    assert WHY["en"] not in str(lines) and "clerk-7" not in str(said)


async def test_what_was_changed_in_the_table_is_told_as_the_log_knows_it(office: Office) -> None:
    store = office.frame.store
    before = (await office.ask(PARKED)).json()["items"]
    deep = "[" * 300 + "]" * 300
    for position, change in (
        (1, "meta = 'x'"),
        (2, "data = convert_to('{\"text\":\"forged\"}', 'utf8'), stream = 'letter.z'"),
        (3, "failure = 'x', meta = convert_to('{}', 'utf8')"),
        (4, f"data = convert_to('{deep}', 'utf8')"),
    ):
        await store.pool.execute(f"UPDATE inbox_parked SET {change} WHERE position = {position}")
    await store.pool.execute(
        "INSERT INTO inbox_parked SELECT source, 9, log_id, leaf_log, stream, type, data, meta,"
        " sealed_digest, previous, parked_at, 0, NULL, NULL FROM inbox_parked WHERE position = 1"
    )

    answer = await office.ask(PARKED)

    *items, stranger = answer.json()["items"]
    assert [item["changed"] for item in before] == [False] * 4
    assert items[:2] + items[3:] == [
        item | {"changed": True, "recorded_at": None} for item in before[:2] + before[3:]
    ]
    assert (items[2]["code"], items[2]["event"]) == (None, before[2]["event"])
    assert (stranger["position"], stranger["event"], stranger["changed"]) == (9, None, True)
    shown = [(await office.ask(f"{PARKED}/{position}")).json() for position in (1, 2, 3, 4)]
    assert [one["changed"] for one in shown] == [True] * 4
    assert (shown[0]["meta"], shown[1]["data"], shown[2]["failure"]) == ("x", {"text": "forged"}, None)
    assert shown[3]["data"] == deep
