"""Every endpoint says in OpenAPI what it answers, and what is answered otherwise is found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import httpx
import pytest
from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.responses import Response

from deploy.catalogue import SERVICES
from shared.domain import Actor
from shared.web import AnswerModel, Items, json_response, shows, sometimes
from shared.web.answer_model import describing
from shared.web.app import create_app
from tests.described import Described, NotAsDescribed, described

OPEN = {
    *(f"{told}.data" for told in ("EventTold", "CalendarVersionTold", "Entry", "EntryInFull", "Effect")),
    "StateTold.state",
    "SupposedEvent.data",
    "ParkedInFull.data",
    "ParkedInFull.meta",
    "Pair_Any_.from",
    "Pair_Any_.to",
}
"""What may have anything in it: payloads, which AsyncAPI describes, states, and values of any field."""


NOT_AS_OF = {
    "/livez": "how the process is now",
    "/readyz": "how the process is now",
    "/metrics": "how the process is now",
    "/problems": "what this release knows, and nothing of the log",
    "/log": "the log's own proofs name their size",
    "/inboxes": "how far what comes in is taken in now",
    "/overview": "how far the service is now",
    "/projections": "how far read models are folded now",
    "/witness": "how far logs are witnessed now",
    "/contents/{sha256}": "bytes under their digest, which are never others",
    "/documents/{document}/content": "the same, under the document that names the digest",
    "/subscriptions/{subscription}/secret": "follows from a key, and only the present one is told",
}
"""Paths, with all under them, that answer nothing of the log, and why: everything else takes `as_of`."""


class Stamp(AnswerModel):
    number: int
    by: str | None = None
    note: str | None = sometimes()


class Seal(AnswerModel, frozen=True):
    number: int
    broken: bool = False


@dataclass
class Ledger:
    entries: dict[str, date]
    closed: bool = False


@shows(Ledger)
@shows(Seal, ("number", "broken"), renamed={"broken": "spoilt"})
class Register(AnswerModel):
    closed: Literal["yes", "no"]


class Nobody:
    def authenticate(self, authorization: str | None) -> Actor:
        return Actor(subject="nobody", role="admin")


def app_of(answer: Any) -> Any:
    routes = APIRouter()

    @routes.get("/stamps", response_model=Items[Stamp])
    async def stamps() -> Response:
        return json_response(answer)

    return create_app("stamps", "Stamps", [routes], {}, Nobody())


def answers(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every answer that is no problem: what it is of, its media type, and what is said of it."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            good = {status: told for status, told in operation["responses"].items() if status.startswith("2")}
            assert good, f"{method} {path} never succeeds"
            for status, told in good.items():
                for media_type, content in told.get("content", {"nothing": {}}).items():
                    yield f"{method.upper()} {path} {status}", media_type, content.get("schema", {})


def references(schema: Any) -> Iterator[str]:
    """The names of the schemas that a schema refers to."""
    if isinstance(schema, dict):
        if isinstance(reference := schema.get("$ref"), str):
            yield reference.rsplit("/", 1)[1]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from references(part)


def says_nothing(schema: Mapping[str, Any]) -> bool:
    return not schema.keys() - {"title", "description"} or schema.get("additionalProperties") is True


@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_has_a_schema(service: str) -> None:
    told = list(answers(described()[service].document))
    assert [f"{what} {media_type}" for what, media_type, schema in told if not schema] == []
    assert len(told) > 20


@pytest.mark.parametrize("service", SERVICES)
def test_what_may_have_anything_in_it_is_named(service: str) -> None:
    document = described()[service].document
    schemas, shown = document["components"]["schemas"], [schema for _, _, schema in answers(document)]
    reached = dict.fromkeys(reference for schema in shown for reference in references(schema))
    for name in (waiting := list(reached)):
        waiting += [one for one in references(schemas[name]) if one not in waiting]
    members = [(name, *member) for name in waiting for member in schemas[name].get("properties", {}).items()]
    said = {f"{name}.{member}" for name, member, schema in members if says_nothing(schema)}
    assert said <= OPEN and "EventTold.data" in said
    open_too = [name for name in waiting if schemas[name].get("additionalProperties") is not False]
    assert [name for name in open_too if "properties" in schemas[name]] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_two_models_have_one_name(service: str) -> None:
    names = described()[service].document["components"]["schemas"]
    assert [name for name in names if "__answers__" in name] == []


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({"items": [{"number": 1, "by": None, "secret": 2}]}, "secret"),
        ({"items": [{"number": 1}]}, "by"),
        ({"items": [{"number": "1", "by": None}]}, "integer"),
        ({"items": [], "next": 2}, "next"),
    ],
)
def test_what_is_answered_otherwise_is_found(answer: Any, wrong: str) -> None:
    stamps = Described(app_of(answer).openapi())
    with pytest.raises(NotAsDescribed, match=wrong):
        stamps.check("GET", "/stamps", 200, "application/json", json_response(answer).body)


def test_so_are_undescribed_paths_statuses_and_media_types() -> None:
    stamps = Described(app_of(None).openapi())
    stamps.check("GET", "/stamps", 200, "application/json", b'{"items":[{"number":1,"by":"b","note":"n"}]}')
    for method, path, status, media_type in (
        ("PUT", "/stamps", 200, "application/json"),
        ("GET", "/elsewhere", 200, "application/json"),
        ("GET", "/stamps", 207, "application/json"),
        ("GET", "/stamps", 200, "text/plain"),
    ):
        with pytest.raises(NotAsDescribed):
            stamps.check(method, path, status, media_type, b'{"items":[]}')


def test_a_model_shows_members_of_others_beside_its_own() -> None:
    with describing():
        told = TypeAdapter(Register).json_schema(mode="serialization")
    assert told["required"] == list(told["properties"]) == ["closed", "number", "spoilt", "entries"]
    assert told["properties"]["closed"]["enum"] == ["yes", "no"]
    assert told["properties"]["entries"]["additionalProperties"] == {"type": "string", "format": "date"}
    with pytest.raises(KeyError):
        shows(Seal, ("colour",))


@pytest.mark.parametrize("answer", [{"items": [{"number": "seven", "and": [1.50]}]}, "no list", None])
async def test_an_answer_goes_out_as_it_is_whatever_its_model_says(answer: Any) -> None:
    """The model is for the document: nothing is validated or rendered by it (decision 0006)."""
    asked = httpx.Request("GET", "http://stamps/stamps")
    given = await httpx.ASGITransport(app_of(answer)).handle_async_request(asked)
    assert (given.status_code, await given.aread()) == (200, json_response(answer).body)


async def test_clients_in_tests_are_told_of_it() -> None:
    transport = httpx.ASGITransport(app_of({"items": [{"number": 1, "by": None, "secret": 2}]}))
    async with httpx.AsyncClient(transport=transport, base_url="http://stamps") as client:
        with pytest.raises(NotAsDescribed, match="secret"):
            await client.get("/stamps")


@pytest.mark.parametrize("service", ["registry", "tasks", "notifier"])
def test_whatever_is_answered_of_the_log_is_answered_as_of_a_moment(service: str) -> None:
    lacking = [
        path
        for path, operations in described()[service].document["paths"].items()
        if "get" in operations
        and "as_of" not in [one.get("name") for one in operations["get"].get("parameters", ())]
    ]
    excepted = [
        path for path in lacking if any(path == one or path.startswith(f"{one}/") for one in NOT_AS_OF)
    ]
    assert lacking == excepted, "take as_of there, or say why not"


def test_every_exception_from_as_of_is_one_of_some_service() -> None:
    paths = {path for one in described().values() for path in one.document["paths"]}
    assert set(NOT_AS_OF) <= paths
