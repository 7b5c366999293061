"""Audit asks the owner of an aggregate for its state, over NATS, and passes on what it answers."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from faststream.nats import NatsBroker

from services.audit.service import build
from shared.domain import NotFound
from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrate
from shared.messaging.asking import Answering
from shared.service import ServiceSettings
from shared.web.signing import issue_token, new_signing_key, write_jwks
from tests.integration.audit.conftest import OWN

ANSWER = {"kind": "mission", "id": "emb-va", "version": 3, "position": 9, "as_of": None, "state": {"a": 1}}


@pytest.fixture
async def client(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    await migrate(database_url, "audit", own=OWN)
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
    app = build(settings)
    token = issue_token(key, "auditor-1", "auditor", now=system_clock())
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://audit", headers=headers) as client,
    ):
        yield client


async def test_the_owners_answer_is_passed_on_as_it_is(client: httpx.AsyncClient, broker: NatsBroker) -> None:
    asked: list[dict[str, Any]] = []

    async def answer(question: dict[str, Any]) -> Any:
        asked.append(question)
        return ANSWER

    nc = await broker.connect()
    async with Answering(nc, "registry", {"state": answer}):
        await nc.flush()  # the server knows who answers
        now = await client.get("/trail/state/registry/mission/emb-va")
        then = await client.get("/trail/state/registry/mission/emb-va?as_of=2025-05-05")

    assert (now.status_code, now.json(), then.json()) == (200, ANSWER, ANSWER)
    about = {"kind": "mission", "id": "emb-va"}
    assert asked == [about, {**about, "as_of": "2025-05-05"}]


async def test_the_owners_refusal_is_passed_on_as_its_own(
    client: httpx.AsyncClient, broker: NatsBroker
) -> None:
    async def refuse(question: dict[str, Any]) -> Any:
        raise NotFound(kind=question["kind"], id=question["id"])

    nc = await broker.connect()
    async with Answering(nc, "registry", {"state": refuse}):
        await nc.flush()
        answer = await client.get("/trail/state/registry/mission/emb-va", headers={"Accept-Language": "ar"})

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    problem = answer.json()
    assert problem["type"].endswith("/not-found")
    assert problem["detail"] == "لا يوجد شيء من نوع «بعثة» باسم emb-va."


async def test_where_nobody_answers_it_is_told_and_may_be_asked_again(client: httpx.AsyncClient) -> None:
    answer = await client.get("/trail/state/tasks/task/t-1")

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "not-answered")


async def test_the_overview_tells_what_is_filed_and_that_nobody_says_what_is_to_come(
    client: httpx.AsyncClient,
) -> None:
    overview = (await client.get("/overview")).json()

    unknown = {"events": 0, "behind": None}
    assert overview["filed"] == {
        "registry": unknown,
        "tasks": unknown,
        "notifier": unknown,
        "audit": {"events": 0, "behind": 0},
    }
