"""Whether a stream is led, by what a server of the cluster tells of it."""

from typing import Any

import pytest

from shared.messaging.vigil import is_led

SECOND = 1_000_000_000


def group(leader: str | None, *active: float) -> dict[str, Any]:
    """What a server tells: the leader, and how many seconds ago it heard of each other replica."""
    replicas = [{"current": True, "active": int(seconds * SECOND)} for seconds in active]
    return {"name": "tests", "replicas": replicas} | ({} if leader is None else {"leader": leader})


@pytest.mark.parametrize(
    "told",
    [
        None,
        {"leader": "n1"},
        group("n1", 0.3, 0.9),
        group("n1", 0.3, 60),
    ],
    ids=["single server", "one replica", "all well", "one of three away"],
)
def test_it_is_led(told: dict[str, Any] | None) -> None:
    assert is_led(told)


@pytest.mark.parametrize(
    "told", [group(None, 0.3, 0.9), group("n1", 6, 60)], ids=["no leader", "a leader that hears nobody"]
)
def test_it_is_not_led(told: dict[str, Any]) -> None:
    assert not is_led(told)
