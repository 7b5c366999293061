"""Several services behind one address, each under a path of its own."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.answers import json_response
from shared.web.limits import Gate
from shared.web.operations import links
from shared.web.refusals import MethodNotAllowed, NoSuchPath


class Mounted(Starlette):
    """``/registry/…`` is the registry's, and so on; the root tells what is where.

    Starlette's own mounts answer in plain text where no path matches, and match none with a line break.
    """

    def __init__(self, services: Mapping[str, FastAPI]) -> None:
        super().__init__(lifespan=self._lifespan)
        self._services = dict(services)
        self._root = Gate(self._answer)

    def build_middleware_stack(self) -> ASGIApp:
        """Go to the services at once; each has a gate of its own."""
        return self._pass_on

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        opened: list[AbstractAsyncContextManager[Any]] = []
        try:
            for service in self._services.values():
                lifespan = service.router.lifespan_context(service)
                await lifespan.__aenter__()
                opened.append(lifespan)
            yield
        finally:
            # All at once: a process that ends has the time of one.
            partings = (lifespan.__aexit__(None, None, None) for lifespan in reversed(opened))
            outcomes = await asyncio.gather(*partings, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.router(scope, receive, send)
            return
        name = scope["path"][1:].partition("/")[0]
        service = self._services.get(name)
        if service is None:
            await self._root(scope, receive, send)
            return
        scope["root_path"] = f"{scope.get('root_path', '')}/{name}"
        await service(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/":
            raise NoSuchPath(path=scope["path"])
        if scope["method"] not in ("GET", "HEAD"):
            raise MethodNotAllowed(
                headers={"Allow": "GET, HEAD"}, method=scope["method"], allowed="GET, HEAD"
            )
        response: Response = json_response(
            {"services": {name: {"index": f"/{name}/", **links(f"/{name}")} for name in self._services}}
        )
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)
