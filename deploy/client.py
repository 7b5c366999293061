"""Requests to the services, as the commands send them."""

from typing import Any
from urllib.parse import quote

import httpx

PATIENCE = 60.0
"""Seconds that an answer may take."""

LARGEST_PAGE = 200
"""Rows that a page of a list has, at most."""


class RequestRefused(Exception):
    """A service did not answer with success; the message is its problem document's."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        lines = [f"{response.request.method} {response.url.path} was refused ({response.status_code})."]
        problem = _problem(response)
        lines += [str(problem[name]) for name in ("title", "detail") if problem.get(name)]
        super().__init__("\n".join(lines))


def client_for(url: str) -> httpx.AsyncClient:
    """Open a client of the services at `url`; proxies in the environment are not for them."""
    return httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False)


def path_of(*segments: object) -> str:
    """Build a path of segments, each of which stays one segment whatever is in it."""
    return "".join(f"/{_segment(str(segment))}" for segment in segments)


async def read(client: httpx.AsyncClient, path: str, token: str) -> Any:
    """Read JSON. Raises RequestRefused."""
    response = await client.get(path, headers={"Authorization": f"Bearer {token}"})
    if not response.is_success:
        raise RequestRefused(response)
    return response.json()


async def send(client: httpx.AsyncClient, path: str, token: str, body: Any, key: str) -> Any:
    """Send a command under an idempotency key; return its answer. Raises RequestRefused."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    response = await client.post(path, json=body, headers=headers)
    if not response.is_success:
        raise RequestRefused(response)
    return response.json()


async def read_list(client: httpx.AsyncClient, path: str, token: str, limit: int) -> list[Any]:
    """Read a list page by page, `limit` rows at most. Raises RequestRefused."""
    url = httpx.URL(path)
    url = url.copy_set_param("limit", min(limit, LARGEST_PAGE))
    rows: list[Any] = []
    while True:
        response = await client.get(url, headers={"Authorization": f"Bearer {token}"})
        if not response.is_success:
            raise RequestRefused(response)
        rows += response.json()["items"]
        following = response.links.get("next")
        if following is None or len(rows) >= limit:
            return rows[:limit]
        url = url.join(following["url"])


def _segment(text: str) -> str:
    quoted = quote(text, safe="")
    return quoted.replace(".", "%2E") if quoted in (".", "..") else quoted  # else these would lead elsewhere


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        content = response.json()
    except ValueError:
        content = None
    return content if isinstance(content, dict) else {"detail": response.text[:500]}
