"""Every error is a problem document, in the reader's language, with nothing of the inside."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.language import language_of
from shared.web.problems import known_problems
from shared.web.validation import nul_in, pointer

KEY = {"Idempotency-Key": "k-1"}
JSON = {"Content-Type": "application/json"}


def slug(response):
    assert response.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= response.json().keys()
    assert response.json()["status"] == response.status_code
    return response.json()["type"].rsplit("/", 1)[1]


async def test_arabic_when_the_reader_asks_for_it(client):
    response = await client.get("/nowhere", headers={"Accept-Language": "ar-LY,en;q=0.5"})
    assert (response.status_code, slug(response)) == (404, "no-such-path")
    assert response.headers["content-language"] == "ar"
    assert "accept-language" in response.headers["vary"].lower()
    assert response.json()["title"] == "لا يوجد عنوان كهذا"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ar", "ar"),
        ("AR-ly", "ar"),
        ("fr, ar;q=0.1", "ar"),
        ("en;q=0.4, ar;q=0.5", "ar"),
        ("ar;q=0, *", "en"),
        ("en;q=0, *;q=0.1", "ar"),
        ("ar;q=nonsense", "en"),
        ("ar;q=2, en;q=0.1", "en"),
    ],
)
def test_language_by_weight(accepted, language):
    assert language_of(accepted) == language


@given(st.text())
def test_any_accept_language_gives_one_of_the_two(accepted):
    assert language_of(accepted) in ("ar", "en")


async def test_wrong_values_are_listed_with_where_and_what_in_both_languages(client, letter, book):
    body = letter(number="five", extra=1, sender={"name": {"en": "Office"}, "dept/x": 1})
    response = await client.post("/letters", json=body, headers=KEY)
    assert (response.status_code, slug(response)) == (422, "validation-failed")
    errors = {error["pointer"]: error for error in response.json()["errors"]}
    assert errors.keys() == {"/number", "/extra", "/sender/dept~1x"}
    assert errors["/number"]["in"] == "body"
    assert errors["/number"]["code"] == "int_type"
    assert errors["/extra"]["what"] == {"en": "Extra inputs are not permitted", "ar": "حقل غير معروف"}
    assert response.json()["count"] == 3
    assert book.seen == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("number", "5", "int_type"),
        ("number", 5.5, "int_type"),
        ("number", True, "int_type"),
        ("sent_on", 5, "date_type"),
        ("sent_on", "2025-02-30", "date_parsing"),
        ("copies", "emb-va", "tuple_type"),
        ("copies", ["a.b"], "string_pattern_mismatch"),
        ("sender", None, "model_type"),
    ],
)
async def test_nothing_is_made_into_what_was_not_sent(client, letter, name, value, code):
    response = await client.post("/letters", json=letter(**{name: value}), headers=KEY)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["code"]) == (422, code)
    assert error["what"]["ar"] != error["what"]["en"]


async def test_wrong_values_are_not_repeated_in_the_answer(client, letter):
    response = await client.post("/letters", json=letter(number="a private thing"), headers=KEY)
    assert "a private thing" not in response.text


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a":\n}', b"[" * 100_000, b'{"a":"\\ud800"}'])
async def test_what_is_not_json_is_400(client, body):
    response = await client.post("/letters", content=body, headers=KEY | JSON)
    assert (response.status_code, slug(response)) == (400, "malformed-json")


async def test_nul_in_a_text_is_named(client, letter, book):
    body = letter(sender={"name": {"en": "a\0b"}})
    response = await client.post("/letters", json=body, headers=KEY)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/sender/name/en"
    assert book.seen == []


async def test_an_escaped_backslash_before_u0000_is_text(client, letter, book):
    response = await client.post("/letters", json=letter(sender={"name": {"en": "\\u0000"}}), headers=KEY)
    assert response.status_code == 201


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/xml", "multipart/form-data"])
async def test_another_media_type_is_415(client, letter, content_type):
    headers = KEY | ({} if content_type is None else {"Content-Type": content_type})
    response = await client.post("/letters", content=json.dumps(letter()), headers=headers)
    assert (response.status_code, slug(response)) == (415, "unsupported-media-type")


async def test_a_method_that_is_not_there_names_those_that_are(client):
    response = await client.delete("/letters/5")
    assert (response.status_code, slug(response)) == (405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD, PUT"


async def test_a_fault_shows_nothing_of_the_inside(client):
    response = await client.get("/letters/broken/now")
    assert (response.status_code, slug(response)) == (500, "internal-fault")
    assert "secret" not in response.text and "RuntimeError" not in response.text


async def test_facts_never_replace_standard_members(client):
    response = await client.get("/letters/refused/x")
    assert (response.status_code, slug(response)) == (409, "refused")
    assert response.json()["letter"] == "x"


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=", "sender=12345678901"])
async def test_wrong_query_values_are_422(client, query):
    response = await client.get(f"/letters?{query}")
    assert (response.status_code, slug(response)) == (422, "validation-failed")
    assert response.json()["errors"][0]["in"] == "query"


async def test_an_unknown_query_parameter_is_refused_and_the_known_are_named(client):
    response = await client.get("/letters?limt=5")
    assert (response.status_code, slug(response)) == (400, "unknown-parameter")
    assert response.json()["known"] == "cursor, limit, sender"


@pytest.mark.parametrize("id", ["*", ">", "a.b", "a%20b", "x" * 65, "%D8%A3"])
async def test_ids_that_are_no_identifiers_are_422(client, id):
    response = await client.get(f"/letters/{id}")
    assert (response.status_code, slug(response)) == (422, "validation-failed")
    assert response.json()["errors"][0] | {"what": 0} == {
        "in": "path",
        "pointer": "/id",
        "code": "string_pattern_mismatch",
        "what": 0,
    }


async def test_the_registry_lists_every_type_in_both_languages(client):
    items = (await client.get("/problems")).json()["items"]
    assert items == known_problems()
    assert all(item["title"]["ar"] and item["title"]["en"] for item in items)
    types = [item["type"] for item in items]
    assert len(set(types)) == len(types)
    assert "https://tanfidh.org/problems/test-letter-known" in types


async def test_one_type_by_its_slug(client):
    known = await client.get("/problems/not-permitted")
    assert known.json()["status"] == 403
    assert (await client.get("/problems/never-heard-of")).status_code == 404


@given(st.lists(st.text() | st.integers(0, 9)))
def test_a_pointer_can_be_read_back(path):
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer(path).split("/")[1:]]
    assert steps == [str(step) for step in path]


values = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(values)
def test_nul_is_found_wherever_it_is(value):
    assert (nul_in(value) is not None) == ("\\u0000" in json.dumps(value).replace("\\\\", ""))
