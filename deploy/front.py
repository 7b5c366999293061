"""What clients meet first: a process that is still starting says so; requests know when it leaves."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.contracts.text import Text
from shared.service.awaiting import awaited
from shared.web.answers import json_response
from shared.web.leaving import Leaving
from shared.web.problems import problem
from shared.web.refusals import WebRefusal

EARLY = 2.0
"""Seconds for which a request that comes too early waits for the start, before it is told to come again."""


class StillStarting(WebRefusal):
    """The process has not begun to serve: an engine that it needs is away, or it takes up its log."""

    slug = "still-starting"
    status = 503
    title = Text(en="Still starting", ar="الخدمة في طور البدء")
    detail = Text(
        en="This process is not serving yet. Engines that it waits for: {engines}. Its log says more.",
        ar="لم تبدأ هذه العملية الخدمة بعد. المحركات التي تنتظرها: {engines}. وفي سجلها المزيد.",
    )


class Front:
    """ASGI: before the application."""

    def __init__(self, app: ASGIApp, leaving: Leaving) -> None:
        self._app = app
        self._leaving = leaving
        self._open = asyncio.Event()

    def open(self) -> None:
        """Let requests through, from now on."""
        self._open.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it where the application is not open yet."""
        self._leaving.mark(scope)
        if self._open.is_set():
            await self._app(scope, receive, send)
        else:
            await self._answer_early(scope, receive, send)

    async def _answer_early(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("/livez"):
            await json_response({"status": "ok"})(scope, receive, send)
            return
        if scope["path"].endswith("/metrics"):
            # Alerts must be able to tell a service that waits from one that is gone.
            await self._app(scope, receive, send)
            return
        if not scope["path"].endswith("/readyz"):
            try:
                async with asyncio.timeout(EARLY) as wait:
                    with self._leaving.shortens(wait):
                        await self._open.wait()
            except TimeoutError:
                pass  # and told so
            else:
                await self._app(scope, receive, send)
                return
        accepted = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
        waiting = awaited()
        refusal = StillStarting(engines=", ".join(waiting) or "—", waiting=waiting)
        await problem(refusal, accepted)(scope, receive, send)
