"""Requests to the services, as the commands send them."""

from types import TracebackType
from typing import Any, Self

import httpx
import orjson

from deploy.dossier import Piece


class RequestRefused(Exception):
    """A service answered with a problem document; its detail is the message."""

    def __init__(self, response: httpx.Response) -> None:
        self.problem = _problem(response)
        lines = [f"{response.request.method} {response.url.path} was refused ({response.status_code})."]
        lines += [str(self.problem[name]) for name in ("title", "detail") if self.problem.get(name)]
        lines += [f"  {error}" for error in self.problem.get("errors", [])]
        super().__init__("\n".join(lines))


class Client:
    """A connection to one address with one token."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False
        )

    async def get(self, path: str) -> Any:
        """Read JSON. Raises RequestRefused."""
        return _accepted(await self._http.get(path))

    async def send(self, piece: Piece) -> Any:
        """Send a piece of a dossier; what was sent before is answered as it was then."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": piece.key}
        return _accepted(await self._http.post(piece.path, content=piece.body, headers=headers))

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, trace)


def _accepted(response: httpx.Response) -> Any:
    if not response.is_success:
        raise RequestRefused(response)
    return orjson.loads(response.content)


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        content = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {"detail": response.text[:500]}
    return content if isinstance(content, dict) else {"detail": response.text[:500]}
