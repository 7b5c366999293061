"""A command follows the rebuild that it asked for, whoever else rebuilds, whatever is restarted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy import rebuilds
from deploy.client import RequestRefused

PATH = "/registry/projections/missions/rebuild"
BUSY = {"type": "https://tanfidh.org/problems/rebuild-under-way"}
FOLDING = {"type": "https://tanfidh.org/problems/view-being-folded", "title": "The view is being folded"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilds, "LOOK", 0)


class Service:
    """Answers from a script; an answer that is None is a connection that breaks off."""

    def __init__(self, *script: tuple[int, Any] | None) -> None:
        self.asked: list[tuple[str, str, str | None]] = []
        self._script = list(script)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method, str(request.url.path), request.headers.get("idempotency-key")))
        answer = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if answer is None:
            raise httpx.ConnectError("refused")
        return httpx.Response(answer[0], json=answer[1])


def told(id: int, ended: bool = True) -> dict[str, Any]:
    return {"id": str(UUID(int=id)), "view": "missions", "ended_at": "2025-05-05" if ended else None}


async def rebuilt(service: Callable[[httpx.Request], httpx.Response]) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(service), base_url="http://ministry"
    ) as client:
        return await rebuilds.rebuilt(client, "token", "registry", ["missions"], False, lambda _: None)


async def test_it_waits_for_the_rebuild_of_another_and_then_asks_for_its_own() -> None:
    service = Service((409, BUSY), (409, BUSY), (202, told(7, False)), (200, told(7, False)), (200, told(7)))
    assert await rebuilt(service) == [told(7)]
    own = f"/registry/projections/missions/rebuilds/{UUID(int=7)}"
    assert [path for _, path, _ in service.asked] == [PATH] * 3 + [own] * 2
    assert len({key for method, _, key in service.asked if method == "POST"}) == 1


async def test_a_service_that_is_restarted_is_followed_on() -> None:
    service = Service(None, (503, {}), (202, told(7, False)), None, (502, ["no problem"]), (200, told(7)))
    assert await rebuilt(service) == [told(7)]


@pytest.mark.parametrize("away", [None, (503, {})])
async def test_one_that_stays_away_is_not_taken_for_a_failed_rebuild(
    away: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "AWAY", 0.01)
    with pytest.raises(rebuilds.Unfollowed):
        await rebuilt(Service((202, told(7, False)), away))


@pytest.mark.parametrize("refusal", [(403, {}), (404, {}), (503, FOLDING), (409, {"type": "other"})])
async def test_what_is_refused_is_told_at_once(refusal: Any) -> None:
    service = Service(refusal)
    with pytest.raises(RequestRefused):
        await rebuilt(service)
    assert len(service.asked) == 1


async def test_what_is_under_way_is_cancelled_by_its_id() -> None:
    items = [
        {"name": "missions", "rebuild": told(7, False)},
        {"name": "staff", "rebuild": told(8)},
        {"name": "decrees", "rebuild": None},
        {"name": "measures", "rebuild": told(9, False)},
    ]
    service = Service((200, {"items": items}), (200, told(7) | {"outcome": "cancelled"}))
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(service), base_url="http://ministry"
    ) as client:
        names = ["missions", "staff", "decrees"]
        assert await rebuilds.cancelled(client, "token", "registry", names) == ["missions"]
    assert [asked[:2] for asked in service.asked[1:]] == [
        ("POST", f"/registry/projections/missions/rebuilds/{UUID(int=7)}/cancel")
    ]
