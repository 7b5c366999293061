"""Rebuilds of read models, as commands ask for them and follow them: each by its own id, to its end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx

from deploy.client import RequestRefused, read, send

LOOK = 0.2
"""Seconds between looks at how far a rebuild is."""

AWAY = 60.0
"""Seconds for which the service may be away, to be restarted, until its rebuilds are followed no longer."""

UNDER_WAY = "/rebuild-under-way"
UNFOLDED = "/view-being-folded"

Tell = Callable[[dict[str, Any]], None]


class Unfollowed(Exception):
    """The service stayed away while a rebuild was followed."""


async def rebuilt(
    client: httpx.AsyncClient, token: str, service: str, names: Sequence[str], check: bool, tell: Tell
) -> list[dict[str, Any]]:
    """Rebuild views, each by a request of its own, and follow these very rebuilds to their ends.

    Raises:
        RequestRefused: the service will not.
        Unfollowed: it stayed away; what was asked for goes on once it is back.
    """
    keys = {name: str(uuid4()) for name in names}
    ids = {name: await _ask(client, service, name, token, keys[name], check) for name in names}
    ended = []
    for name in names:
        while (id := ids[name]) is None:
            await asyncio.sleep(LOOK)
            ids[name] = await _ask(client, service, name, token, keys[name], check)
        ended.append(await _ended(client, f"/{service}/projections/{name}/rebuilds/{id}", token, tell))
    return ended


async def cancelled(client: httpx.AsyncClient, token: str, service: str, names: Sequence[str]) -> list[str]:
    """Cancel the rebuilds of views that are under way; return the views whose rebuild was."""
    done = []
    items = (await read(client, f"/{service}/projections", token))["items"]
    for rebuild in [item["rebuild"] for item in items if item["name"] in names]:
        if rebuild is not None and rebuild["ended_at"] is None:
            path = f"/{service}/projections/{rebuild['view']}/rebuilds/{rebuild['id']}/cancel"
            told = await send(client, path, token, None, str(uuid4()))
            done += [rebuild["view"]] if told["outcome"] == "cancelled" else []
    return done


async def _ask(
    client: httpx.AsyncClient, service: str, name: str, token: str, key: str, check: bool
) -> str | None:
    """Ask for a rebuild and return its id; None while another one of the same view is under way."""

    async def ask() -> httpx.Response:
        return await client.post(
            f"/{service}/projections/{name}/rebuild",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
            params={"check": "true"} if check else None,
        )

    response = await _answered(ask)
    if response.is_success:
        return str(response.json()["id"])
    if _says(response, UNDER_WAY):
        return None
    raise RequestRefused(response)


async def _ended(client: httpx.AsyncClient, path: str, token: str, tell: Tell) -> dict[str, Any]:
    while True:
        response = await _answered(lambda: client.get(path, headers={"Authorization": f"Bearer {token}"}))
        if not response.is_success:
            raise RequestRefused(response)
        found: dict[str, Any] = response.json()
        tell(found)
        if found["ended_at"] is not None:
            return found
        await asyncio.sleep(LOOK)


async def _answered(request: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Send a request until there is an answer: a service that is restarted is back in a moment.

    Raises:
        Unfollowed: there was none for too long.
    """
    deadline = monotonic() + AWAY
    while True:
        try:
            response = await request()
            if not response.is_server_error or _says(response, UNFOLDED):
                return response
            reason = f"it answers {response.status_code}"
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
        if monotonic() >= deadline:
            raise Unfollowed(
                f"The service stayed away ({reason}). Rebuilds that it took go on by themselves: see "
                "GET /projections there."
            )
        await asyncio.sleep(LOOK)


def _says(response: httpx.Response, problem: str) -> bool:
    try:
        return str(response.json().get("type")).endswith(problem)
    except (ValueError, AttributeError):
        return False
