"""What a service says about itself: health, metrics, OpenAPI, AsyncAPI."""

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.contracts.event import CATALOGUE
from shared.contracts.registry import RegistryEvent
from shared.web import health
from shared.web.asyncapi import asyncapi
from shared.web.health import NotReady, readiness


async def test_alive_and_ready(client):
    assert (await client.get("/livez")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "checks": {"store": "ok"}})


async def test_not_ready_names_what_is_missing(client, well):
    well["store"] = "recovering"
    response = await client.get("/readyz")
    assert response.status_code == 503
    assert "retry-after" in response.headers
    assert response.json()["checks"] == {"store": "recovering"}
    assert (await client.get("/livez")).status_code == 200


async def test_a_check_that_fails_or_hangs_counts_as_not_ready(monkeypatch):
    monkeypatch.setattr(health, "PATIENCE_S", 0.01)

    async def failing():
        raise RuntimeError("postgresql://user:password@host")

    async def hanging():
        await asyncio.Event().wait()

    async def fine():
        return None

    try:
        await readiness({"a": failing, "b": hanging, "c": fine})
    except NotReady as refusal:
        assert refusal.facts["checks"] == {"a": "RuntimeError", "b": "no answer within 0.01 s", "c": "ok"}
        assert refusal.facts["waiting"] == "a, b"
    else:
        raise AssertionError("two checks were not well")


async def test_metrics_count_answers_by_template_and_keep_labels_few(client):
    for id in ("a", "b", "c"):
        await client.get(f"/letters/{id}")
    for path in ("/x1", "/x2"):
        await client.get(path)
    await client.request("BREW", "/letters/a")
    text = (await client.get("/metrics")).text
    assert 'tanfidh_http_answers_total{method="GET",route="/letters/{id}",status="2xx"} 3.0' in text
    assert 'tanfidh_http_answers_total{method="GET",route="unmatched",status="4xx"} 2.0' in text
    assert 'tanfidh_http_answers_total{method="other",route="unmatched",status="4xx"} 1.0' in text
    assert 'tanfidh_http_seconds_count{method="GET",route="/letters/{id}"} 3.0' in text
    assert "/x1" not in text and "BREW" not in text


async def test_openapi_tells_headers_security_and_problems(client):
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    register = document["paths"]["/letters"]["post"]
    names = [parameter["$ref"].rsplit("/", 1)[1] for parameter in register["parameters"]]
    assert names == ["AcceptLanguage", "IdempotencyKey", "IfMatch", "EffectiveAt", "TraceParent"]
    assert register["security"] == [{"bearer": []}]
    assert register["responses"]["201"]["headers"].keys() == {
        "ETag",
        "Tanfidh-Position",
        "Idempotency-Replayed",
    }
    assert register["responses"]["422"] == {"$ref": "#/components/responses/Problem"}
    replace = document["paths"]["/letters/{id}"]["put"]
    assert {"$ref": "#/components/parameters/IfMatchRequired"} in replace["parameters"]
    assert "428" in replace["responses"] and "428" not in register["responses"]
    assert "security" not in document["paths"]["/livez"]["get"]
    assert "HTTPValidationError" not in str(document)


async def test_every_reference_of_the_openapi_document_leads_somewhere(client):
    document = (await client.get("/openapi.json")).json()
    references = list(found(document, "$ref"))
    assert references
    for reference in references:
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


async def test_a_mounted_service_says_where_it_is(app):
    outer = Starlette(routes=[Mount("/letters-service", app)])
    transport = httpx.ASGITransport(app=outer)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        document = (await client.get("/letters-service/openapi.json")).json()
        assert document["servers"] == [{"url": "/letters-service"}]
        missing = await client.get("/letters-service/nowhere")
        assert missing.headers["content-type"] == "application/problem+json"


async def test_a_command_is_the_same_one_mounted_and_alone(app, client, book, letter):
    await client.post("/letters", json=letter(), headers={"Idempotency-Key": "k"})
    transport = httpx.ASGITransport(app=Starlette(routes=[Mount("/m", app)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://x", headers=client.headers) as mounted:
        again = await mounted.post("/m/letters", json=letter(), headers={"Idempotency-Key": "k"})
    assert again.headers["idempotency-replayed"] == "true"


def test_asyncapi_has_every_event_of_the_service_with_its_payload():
    document = asyncapi("registry", "Registry", "1")
    declared = {name for name, kind in CATALOGUE.items() if issubclass(kind, RegistryEvent)}
    assert declared and document["channels"].keys() == declared
    for name in declared:
        service, aggregate, event = name.split(".", 2)
        assert document["channels"][name]["address"] == f"evt.{service}.{aggregate}.{{id}}.{event}"
        assert document["components"]["schemas"][name]["type"] == "object"
    for reference in found(document, "$ref"):
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def found(value, name):
    if isinstance(value, dict):
        if isinstance(value.get(name), str):
            yield value[name]
        for inner in value.values():
            yield from found(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from found(inner, name)
