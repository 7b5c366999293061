"""From a path to its endpoint, found by the path's shape instead of by trying one after another."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette._utils import get_route_path
from starlette.convertors import CONVERTOR_TYPES as CONVERTORS
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.domain.refusal import Refusal
from shared.web.answers import json_response
from shared.web.as_of import EffectiveAtNotAnswered
from shared.web.caller import caller
from shared.web.endpoint import Call
from shared.web.problems import problem
from shared.web.refusals import MethodNotAllowed, RepeatedParameter, UnknownParameter
from shared.web.request import DEFAULT_LIMIT, LimitedRequest
from shared.web.waiting import waited

APPLIED = (b"preference-applied", b"wait")
PATH_CONVERTER = type(CONVERTORS["path"])


class Endpoint:
    """One path with one or more methods, ready to answer."""

    def __init__(self, declared: RouteContext) -> None:
        self.template: str = declared.path_format or ""
        if self.template.startswith("/{") or PATH_CONVERTER in map(type, declared.param_convertors.values()):
            raise TypeError(f"{self.template} begins with a parameter or has one that takes slashes")
        self.methods = frozenset(declared.methods or {"GET"})
        self._pattern = declared.path_regex
        self._converters: dict[str, Any] = declared.param_convertors
        self.call = Call(declared.dependant)
        self._limit: int = declared.max_body_size or DEFAULT_LIMIT
        self._status: int = declared.status_code or 200
        self._query = self.call.names_in_query()
        self._repeated = self.call.repeated_in_query()
        self._reads = self.methods == {"GET"} and caller in self.call.functions()

    def match(self, path: str) -> dict[str, Any] | None:
        """Return the path's parameters, or None where the path is another's."""
        found = self._pattern.match(path)
        if found is None:
            return None
        return {name: self._converters[name].convert(value) for name, value in found.groupdict().items()}

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """Answer a request that matched; a refusal becomes its problem document."""
        request = LimitedRequest(scope, receive, self._limit)
        applied = False
        try:
            if scope["query_string"]:
                self._check_query(request)
            if self._reads:
                applied = await waited(request)
            value = await self.call(request)
            response = value if isinstance(value, Response) else json_response(value, self._status)
        except Refusal as refusal:
            response = problem(refusal, request.headers.get("accept-language"), scope["path"])
        if applied:
            response.raw_headers.append(APPLIED)
        return response

    def _check_query(self, request: LimitedRequest) -> None:
        given = [name for name, _ in request.query_params.multi_items()]
        unknown = [name for name in given if name not in self._query]
        if "effective_at" in unknown:
            raise EffectiveAtNotAnswered()
        if unknown:
            raise UnknownParameter(parameter=unknown[0], known=", ".join(sorted(self._query)) or "—")
        for name in given:
            if given.count(name) > 1 and name not in self._repeated:
                raise RepeatedParameter(parameter=name)


class Dispatch:
    """ASGI: answers what has an endpoint, and passes the rest on (mounts, unknown paths)."""

    def __init__(self, routes: Iterable[BaseRoute], otherwise: ASGIApp) -> None:
        self._otherwise = otherwise
        self._shapes: defaultdict[tuple[str, int], list[Endpoint]] = defaultdict(list)
        for declared in iter_route_contexts(list(routes)):
            if isinstance(declared.original_route, APIRoute):
                endpoint = Endpoint(declared)
                self._shapes[_shape(endpoint.template)].append(endpoint)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._otherwise(scope, receive, send)
            return
        path = get_route_path(scope) or "/"  # a mount without a slash after it
        method = scope["method"]
        allowed: set[str] = set()
        for endpoint in self._shapes.get(_shape(path), ()):
            parameters = endpoint.match(path)
            if parameters is None:
                continue
            if method in endpoint.methods or (method == "HEAD" and "GET" in endpoint.methods):
                scope["path_params"] = parameters
                scope["tanfidh.route"] = endpoint.template
                response = await endpoint.answer(scope, receive)
                await response(scope, receive, _without_body(send) if method == "HEAD" else send)
                return
            allowed |= endpoint.methods
        if allowed:
            raise _not_allowed(method, allowed)
        await self._otherwise(scope, receive, send)


def _shape(path: str) -> tuple[str, int]:
    """The first segment and the number of segments; a first segment is never a parameter here."""
    return path[1 : path.find("/", 1) if "/" in path[1:] else None], path.count("/")


def _not_allowed(method: str, allowed: set[str]) -> MethodNotAllowed:
    if "GET" in allowed:
        allowed = allowed | {"HEAD"}
    listed = ", ".join(sorted(allowed))
    return MethodNotAllowed(headers={"Allow": listed}, method=method, allowed=listed)


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
