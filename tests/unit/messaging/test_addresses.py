"""What is made of the addresses of NATS: how many replicas are asked for, and whose credentials count."""

import pytest
from nats.aio.client import Client

from shared.messaging.connection import broker_for
from shared.service import EngineSettings

DATABASE = "postgresql://db/tanfidh"
THREE = "nats://n1:4222,nats://n2:4222, nats://n3:4222"


@pytest.mark.parametrize(
    ("url", "asked", "replicas"),
    [
        ("nats://n1:4222", None, 1),
        ("nats://n1:4222,nats://n2:4222", None, 1),
        (THREE, None, 3),
        (THREE, 1, 1),
        ("nats://cluster:4222", 3, 3),
    ],
)
def test_as_many_replicas_as_servers_allow(url: str, asked: int | None, replicas: int) -> None:
    settings = EngineSettings(database_url=DATABASE, nats_url=url, nats_replicas=asked)

    assert settings.replicas == replicas


async def test_credentials_count_for_servers_that_the_cluster_tells_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = await connecting(monkeypatch, ["nats://u:p%40ss@n1:4222", "nats://u:p%40ss@n2:4222"])

    assert given["servers"] == ["nats://n1:4222", "nats://n2:4222"]
    assert (given["user"], given["password"]) == ("u", "p@ss")


async def test_credentials_that_differ_stay_with_their_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    given = await connecting(monkeypatch, ["nats://u:p@n1:4222", "nats://v:p@n2:4222"])

    assert given["servers"] == ["nats://u:p@n1:4222", "nats://v:p@n2:4222"]
    assert given.get("user") is None


async def connecting(monkeypatch: pytest.MonkeyPatch, servers: list[str]) -> dict[str, object]:
    """What the client is given when a broker connects."""
    seen: dict[str, object] = {}

    async def connect(self: Client, servers: list[str], **given: object) -> None:
        seen.update(given, servers=servers)

    monkeypatch.setattr(Client, "connect", connect)
    await broker_for(servers, "tests").connect()
    return seen
