"""What is answered, compared with what the OpenAPI documents describe."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import orjson
import pytest
from jsonschema_rs import Draft202012Validator

from deploy.catalogue import SERVICES, build, settings_of
from deploy.local.secrets import Secrets
from shared.web.app import ServiceApp

JSON = "application/json"
UNDESCRIBED = ("/", "/openapi.json", "/asyncapi.json")
"""What describes a service is not described in it."""


class NotAsDescribed(AssertionError):
    """An answer that its document does not describe."""


@dataclass
class Described:
    """The OpenAPI document of a service."""

    document: Mapping[str, Any]

    def __post_init__(self) -> None:
        self._validators: dict[bytes, Draft202012Validator] = {}

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], str]]:
        # What is named comes before what any name fits.
        paths = sorted(self.document["paths"], key=lambda path: [part[0] == "{" for part in _parts(path)])
        return [(_pattern(path), path) for path in paths]

    def operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        """The operation that a request asks for, None where there is none."""
        for pattern, template in self._templates:
            if pattern.fullmatch(path) and method.lower() in self.document["paths"][template]:
                found: Mapping[str, Any] = self.document["paths"][template][method.lower()]
                return found
        return None

    def check(self, method: str, path: str, status: int, media_type: str, content: bytes) -> None:
        """Refuse an answer whose status, media type or body is not described."""
        operation = self.operation(method, path)
        if operation is None:
            if status not in (400, 404, 405, 413, 414, 431) and path not in UNDESCRIBED:
                raise NotAsDescribed(f"{method} {path} is not described and answers {status}")
            return
        responses = operation["responses"]
        response = self._resolved(responses.get(str(status)) or responses["default"])
        if media_type not in response["content"]:
            raise NotAsDescribed(f"{method} {path} answers {status} with {media_type}")
        if media_type.endswith("json"):
            self._validate(f"{method} {path} {status}", response["content"][media_type]["schema"], content)

    def _validate(self, what: str, schema: Mapping[str, Any], content: bytes) -> None:
        key = orjson.dumps(schema)
        if key not in self._validators:
            whole = {**schema, "components": self.document["components"]}
            self._validators[key] = Draft202012Validator(whole, validate_formats=True)
        wrong = [
            f"/{'/'.join(map(str, error.instance_path))}: {error.message}"
            for error in self._validators[key].iter_errors(orjson.loads(content))
        ]
        if wrong:
            raise NotAsDescribed(f"{what} is not as described: " + "\n".join(wrong[:10]))

    def _resolved(self, response: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in response:
            return response
        found: Any = self.document
        for part in response["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found


@lru_cache
def described() -> Mapping[str, Described]:
    """The documents of all services, by name."""
    with TemporaryDirectory() as folder:
        secrets = Secrets(Path(folder))
        return {name: Described(build(name, _settings(name, secrets)).openapi()) for name in SERVICES}


def _settings(name: str, secrets: Secrets) -> Any:
    kind = settings_of(name)
    return kind(
        database_url="postgresql://nobody/asks",
        nats_url="nats://nobody",
        signing_key=secrets.signing_key(name),
        jwks=secrets.jwks(),
        **{field: secrets.random_key(field) for field in kind.drawn},
        **{field: secrets.folder_beside(field) for field in kind.folders},
    )


@contextmanager
def every_answer_checked() -> Iterator[None]:
    """Let every client of the services raise `NotAsDescribed` where an answer is not as described.

    A service stands at an address of its name, or under a path of its name, or is asked directly; a service
    that there is in tests only has a document of its own.
    """
    ask, ask_async = httpx.Client.send, httpx.AsyncClient.send

    def send(self: httpx.Client, request: httpx.Request, **how: Any) -> httpx.Response:
        response = ask(self, request, **how)
        _check(self._transport, request, response)
        return response

    async def send_async(self: httpx.AsyncClient, request: httpx.Request, **how: Any) -> httpx.Response:
        response = await ask_async(self, request, **how)
        _check(self._transport, request, response)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.Client, "send", send)
        patch.setattr(httpx.AsyncClient, "send", send_async)
        yield


def _check(transport: Any, request: httpx.Request, response: httpx.Response) -> None:
    if isinstance(transport, httpx.MockTransport) or request.method == "HEAD" or not response.is_closed:
        return  # nobody's answer, none, or one that is read as a stream
    by, path = _place(transport, request.url)
    if by is not None:
        media_type = response.headers.get("content-type", "").partition(";")[0]
        by.check(request.method, path, response.status_code, media_type, response.content)


def _place(transport: Any, url: httpx.URL) -> tuple[Described | None, str]:
    """Find the document of whoever answers, and the path in it."""
    if url.host in SERVICES:
        return described()[url.host], url.path
    service, _, path = url.path[1:].partition("/")
    if service in SERVICES:
        return described()[service], f"/{path}"
    app = getattr(transport, "app", None)
    if not isinstance(app, ServiceApp):
        return None, url.path
    if app.state.web.service in SERVICES:
        return described()[app.state.web.service], url.path
    if not hasattr(app.state, "described"):
        app.state.described = Described(app.openapi())
    return app.state.described, url.path


def _parts(path: str) -> list[str]:
    return path[1:].split("/") if path != "/" else ["/"]


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]+\}", template)))
