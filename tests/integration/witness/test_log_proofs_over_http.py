"""The proofs that a service answers with: they verify, at every signed size, and nothing mutated does."""

import asyncio
import base64
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from nats.aio.client import Client

from shared.eventstore.log.note import Checkpoint, Verifier
from shared.eventstore.log.proof import BadProof, verify_consistency, verify_inclusion
from shared.eventstore.migrate import migrate
from shared.messaging.asking import RefusedThere, ask_service
from shared.messaging.connection import broker_for
from shared.service.frame import Frame
from tests.integration.witness.services import a_token, settings_of
from tests.sample import command_id, passing, toggling

COUNT = 700
"""More than two tiles, and a tile that is not full."""


@dataclass
class Served:
    """A service with a log of COUNT events, asked over HTTP."""

    client: httpx.AsyncClient
    verifier: Verifier
    nats_url: str
    sizes: list[int]

    async def read(self, path: str, **query: Any) -> Any:
        answer = await self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def opened(self, told: dict[str, Any]) -> Checkpoint:
        checkpoint = Checkpoint.parse(self.verifier.open(told["note"]))
        assert checkpoint.size == told["size"]
        return checkpoint


async def _counts() -> dict[str, Any]:
    return {}


@pytest.fixture
async def served(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    await migrate(database_url, "sample")
    frame = Frame("sample", settings_of(database_url, nats_url, tmp_path), (), {})
    app: FastAPI = frame.app("Sample", APIRouter(), _counts)
    headers = {"Authorization": f"Bearer {a_token(tmp_path)}"}
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://sample", headers=headers) as client,
    ):
        await frame.store.execute(toggling("h", command_id("first")))
        await frame.store.execute(toggling("h", command_id("second")))
        for part in range(0, COUNT - 2, 117):
            commands = [
                passing(f"gate-{number % 9}", id=command_id(str(number)))
                for number in range(part, min(part + 117, COUNT - 2))
            ]
            await asyncio.gather(*map(frame.store.execute, commands))
        rows = await frame.store.pool.fetch("SELECT size FROM checkpoints ORDER BY size")
        sizes = [row["size"] for row in rows]
        yield Served(client, Verifier(frame.store.verifier_key), nats_url, sizes)


async def test_every_inclusion_proof_verifies_and_its_size_is_the_newest_by_default(served: Served) -> None:
    for position in (1, 2, 255, 256, 257, 512, 513, COUNT):
        for size in [None, *(size for size in served.sizes if size >= position)]:
            told = await served.read(
                "/log/proofs/inclusion", position=position, **({"size": size} if size else {})
            )
            checkpoint = served.opened(told["checkpoint"])
            assert checkpoint.size == (size or COUNT)
            verify_inclusion(*_inclusion(told, checkpoint))


async def test_every_consistency_proof_verifies(served: Served) -> None:
    for earlier in served.sizes:
        for later in (size for size in served.sizes if size >= earlier):
            told = await served.read("/log/proofs/consistency", **{"from": earlier, "to": later})
            verify_consistency(*_consistency(told, served))
    told = await served.read("/log/proofs/consistency", **{"from": 1})
    assert served.opened(told["to"]).size == COUNT


async def test_nothing_mutated_that_the_endpoints_answered_is_accepted(served: Served) -> None:
    """Bits of leaf, path and roots, hashes too many, too few and elsewhere; 20,000 of each kind of proof."""
    chance = random.Random(298)
    inclusion = await served.read("/log/proofs/inclusion", position=300)
    proof = _inclusion(inclusion, served.opened(inclusion["checkpoint"]))
    assert len(proof[3]) > 8
    consistency = await served.read("/log/proofs/consistency", **{"from": served.sizes[-2]})
    growth = _consistency(consistency, served)
    assert growth[4]
    for _ in range(20_000):
        with pytest.raises(BadProof):
            verify_inclusion(*_mutated(proof, (0, 1, 3, 4), chance))
        with pytest.raises(BadProof):
            verify_consistency(*_mutated(growth, (1, 3, 4), chance))


@pytest.mark.parametrize(
    ("path", "query", "status", "slug"),
    [
        ("/log/checkpoints/3000", {}, 404, "no-such-checkpoint"),
        ("/log/proofs/inclusion", {"position": 1, "size": COUNT + 1}, 404, "no-such-checkpoint"),
        ("/log/proofs/inclusion", {"position": 2, "size": 1}, 409, "not-in-checkpoint"),
        ("/log/proofs/inclusion", {"position": COUNT + 1}, 409, "not-in-checkpoint"),
        ("/log/proofs/inclusion", {"position": 0}, 422, "validation-failed"),
        ("/log/proofs/inclusion", {"position": 1, "size": 2**63}, 422, "validation-failed"),
        ("/log/proofs/consistency", {"from": COUNT, "to": 1}, 422, "shrinking-sizes"),
        ("/log/proofs/consistency", {"from": COUNT + 1}, 404, "no-such-checkpoint"),
        ("/log/proofs/consistency", {"earlier": 1}, 400, "unknown-parameter"),
    ],
)
async def test_sizes_that_were_not_signed_are_refused(
    served: Served, path: str, query: dict[str, int], status: int, slug: str
) -> None:
    answer = await served.client.get(path, params=query)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, slug)


async def test_a_checkpoint_is_given_by_its_size(served: Served) -> None:
    assert served.opened(await served.read("/log/checkpoints/1")).size == 1


async def test_another_service_is_answered_over_nats(served: Served) -> None:
    broker = broker_for(served.nats_url, "asker")
    nc: Client = await broker.connect()
    try:
        newest = await ask_service(nc, "sample", "checkpoint", {})
        assert served.opened(newest).size == COUNT
        assert [span["first"] for span in newest["logs"]] == [1]
        bounded = await ask_service(nc, "sample", "checkpoint", {"upto": COUNT - 1})
        assert bounded["size"] == served.sizes[-2]
        told = await ask_service(nc, "sample", "consistency", {"from": bounded["size"], "to": COUNT})
        verify_consistency(*_consistency(told, served))
        told = await ask_service(nc, "sample", "inclusion", {"position": 7, "size": COUNT})
        verify_inclusion(*_inclusion(told, served.opened(told["checkpoint"])))
        with pytest.raises(RefusedThere, match="no checkpoint of 3000"):
            await ask_service(nc, "sample", "consistency", {"from": 1, "to": 3000})
    finally:
        await broker.stop()


def _inclusion(told: dict[str, Any], checkpoint: Checkpoint) -> list[Any]:
    path = [base64.b64decode(node) for node in told["path"]]
    return [base64.b64decode(told["leaf"]), told["index"], checkpoint.size, path, checkpoint.root]


def _consistency(told: dict[str, Any], served: Served) -> list[Any]:
    old, new = served.opened(told["from"]), served.opened(told["to"])
    return [old.size, old.root, new.size, new.root, [base64.b64decode(node) for node in told["path"]]]


def _mutated(arguments: list[Any], places: tuple[int, ...], chance: random.Random) -> list[Any]:
    """Change one of the arguments into another value: a bit, a number, a step more, less or elsewhere."""
    changed = list(arguments)
    place = chance.choice(places)
    value = changed[place]
    if isinstance(value, bytes):
        changed[place] = _flipped(value, chance)
    elif isinstance(value, int):
        changed[place] = chance.choice([n for n in range(COUNT) if n != value])
    else:
        at, kind = chance.randrange(len(value)), chance.randrange(3)
        put = [[], [_flipped(value[at], chance)], [chance.randbytes(32), value[at]]][kind]
        changed[place] = [*value[:at], *put, *value[at + 1 :]]
    return changed


def _flipped(value: bytes, chance: random.Random) -> bytes:
    bit = chance.randrange(len(value) * 8)
    return bytes(byte ^ (1 << (bit % 8)) if n == bit // 8 else byte for n, byte in enumerate(value))
