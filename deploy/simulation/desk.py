"""The desk: requests go from here to the services' HTTP applications, each with a token of its moment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
from joserfc.jwk import OKPKey

from deploy.simulation.agenda import Request
from deploy.simulation.clock import VirtualTime
from deploy.simulation.form import ActorForm
from shared.web.signing import LIFETIME, issue_token

BASE = "http://simulation"


class Unexpected(Exception):
    """A service answered otherwise than is expected; the message tells both, and every error listed."""

    def __init__(self, request: Request, response: httpx.Response) -> None:
        wanted = "success" if request.expect is None else request.expect
        super().__init__(
            f"{request}: expected {wanted}, and was answered {response.status_code} {_said(response)}"
        )


class NotAnswered(Exception):
    """A service does not answer; the message names the request."""

    def __init__(self, what: object, patience: float) -> None:
        super().__init__(f"{what} was not answered within {patience:g} seconds.")


class Desk:
    """Sends requests one by one, each when everything before it has had its consequences.

    Requests to one service that follow each other at once share that wait: they do not depend on what
    travels between services, and the service itself takes them in order.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        time: VirtualTime,
        key: OKPKey,
        rest: Callable[[], Awaitable[None]],
        patience: float,
    ) -> None:
        self._patience = patience
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE, timeout=None)
        self._time = time
        self._key = key
        self._rest = rest
        self._tokens: dict[ActorForm, tuple[datetime, str]] = {}
        self._last: str | None = None

    async def close(self) -> None:
        """Let go of the client."""
        await self._client.aclose()

    def rested(self) -> None:
        """Note that everything is at rest: the next request need not wait."""
        self._last = None

    async def send(self, request: Request) -> httpx.Response:
        """Send a request and return its answer.

        Raises:
            Unexpected: the scenario expects another answer.
            NotAnswered: there is none in time, by the machine's clock.
        """
        if self._last is not None and self._last != request.service:
            await self._rest()
        self._last = request.service
        headers = self._headers(request.actor) | {"Idempotency-Key": request.key}
        if request.effective_at is not None:
            headers["Tanfidh-Effective-At"] = request.effective_at.astimezone(UTC).isoformat()
        content = b"" if request.body is None else orjson.dumps(request.body)
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        sending = self._client.request(request.method, request.path, content=content, headers=headers)
        response = await _answer(sending, request, self._patience)
        if not _expected(request, response):
            raise Unexpected(request, response)
        return response

    async def read(self, path: str, actor: ActorForm, **query: str) -> httpx.Response:
        """Read something, at rest; the answer may be any."""
        await self._rest()
        return await self._client.get(path, params=query, headers=self._headers(actor))

    def token(self, actor: ActorForm) -> str:
        """Return a token of an actor that is good now."""
        now = self._time()
        issued = self._tokens.get(actor)
        if issued is None or now >= issued[0] + LIFETIME:
            issued = now, self._issue(actor, now)
            self._tokens[actor] = issued
        return issued[1]

    def _issue(self, actor: ActorForm, now: datetime) -> str:
        return issue_token(
            self._key,
            actor.subject,
            actor.role,
            actor.department,
            now=now,
            on_behalf_of=actor.on_behalf_of,
            mission=actor.mission,
        )

    def _headers(self, actor: ActorForm) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(actor)}"}


class Settled(httpx.AsyncBaseTransport):
    """Lets everything come to rest before each request; for a sender that knows of no rest."""

    def __init__(
        self, inner: httpx.AsyncBaseTransport, rest: Callable[[], Awaitable[None]], patience: float
    ) -> None:
        self._inner = inner
        self._rest = rest
        self._patience = patience

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait, then pass it on."""
        await self._rest()
        sending = self._inner.handle_async_request(request)
        return await _answer(sending, f"{request.method} {request.url.path}", self._patience)


async def _answer(sending: Awaitable[httpx.Response], what: object, patience: float) -> httpx.Response:
    """Wait for an answer; applications in this process know no timeout of their own."""
    try:
        async with asyncio.timeout(patience):
            return await sending
    except TimeoutError as error:
        raise NotAnswered(what, patience) from error


def _expected(request: Request, response: httpx.Response) -> bool:
    match request.expect:
        case None:
            return response.is_success
        case int(status):
            return response.status_code == status
        case slug:
            return not response.is_success and str(_problem(response).get("type", "")).endswith(f"/{slug}")


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        content = response.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _said(response: httpx.Response) -> str:
    problem = _problem(response)
    slug = str(problem.get("type", "")).rpartition("/")[2]
    said = ": ".join(each for each in (slug, problem.get("detail")) if each) or response.text[:300]
    return "\n".join([said, *_errors(problem)])


def _errors(problem: dict[str, Any]) -> list[str]:
    """Tell every error of the values that were sent, as `shared.web.validation` lists them."""
    errors = problem.get("errors")
    return [
        f"  {error.get('in')} {error.get('pointer')}: {(error.get('what') or {}).get('en')}"
        for error in (errors if isinstance(errors, list) else ())
    ]
