"""Whether the services of local mode are ready, and what is told while they are not."""

import asyncio
from collections.abc import Callable, Sequence

import httpx

GRACE = 5.0
"""Seconds in which a start may be on its way: what is not ready after them is told."""

BETWEEN = 0.2
"""Seconds between two questions."""


async def unready(client: httpx.AsyncClient, services: Sequence[str]) -> dict[str, str]:
    """Ask every service; return why those that are not ready are not, by service."""
    told = await asyncio.gather(*(_asked(client, service) for service in services))
    return {service: why for service, why in zip(services, told, strict=True) if why is not None}


async def all_ready(
    client: httpx.AsyncClient, services: Sequence[str], tell: Callable[[str], None], grace: float = GRACE
) -> None:
    """Return once all services are ready; after `grace` seconds tell which are not, and why."""
    loop = asyncio.get_running_loop()
    patience, told = loop.time() + grace, dict[str, str]()
    while waiting := await unready(client, services):
        if loop.time() >= patience and waiting != told:
            for service, why in waiting.items():
                if told.get(service) != why:
                    where = client.base_url.join(f"/{service}/readyz")
                    tell(f"{service} is not ready ({where}): {why}")
            told = waiting
        await asyncio.sleep(BETWEEN)


async def _asked(client: httpx.AsyncClient, service: str) -> str | None:
    answer = await client.get(f"/{service}/readyz")
    if answer.is_success:
        return None
    problem = answer.json()
    checks = problem.get("checks", {})
    failing = [f"{name}: {why}" for name, why in checks.items() if why != "ok"]
    return "; ".join(failing) or str(problem.get("detail"))
