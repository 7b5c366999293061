"""Commands over HTTP: identity of the command, conditions, answers kept and given again."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from shared.domain import Moment
from shared.domain.moment import EffectiveAhead

KEY = {"Idempotency-Key": "k-1"}


def slug(response):
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == response.status_code
    return response.json()["type"].rsplit("/", 1)[1]


async def test_a_command_that_creates_answers_201_with_version_and_position(client, letter):
    response = await client.post("/letters", json=letter(), headers=KEY)
    assert response.status_code == 201
    assert response.json() == {"letter": "5"}
    assert response.headers["etag"] == '"1"'
    assert response.headers["tanfidh-position"] == "7"
    assert "idempotency-replayed" not in response.headers


async def test_a_repetition_gets_the_stored_answer_byte_for_byte(client, letter):
    first = await client.post("/letters", json=letter(), headers=KEY)
    again = await client.post("/letters", json=letter(), headers=KEY)
    assert again.headers.pop("idempotency-replayed") == "true"
    assert (again.status_code, again.content, again.headers) == (201, first.content, first.headers)


async def test_the_same_key_with_another_body_is_refused(client, letter):
    await client.post("/letters", json=letter(), headers=KEY)
    response = await client.post("/letters", json=letter(6), headers=KEY)
    assert (response.status_code, slug(response)) == (422, "idempotency-mismatch")


@pytest.mark.parametrize(
    "change",
    [
        {"headers": {"If-Match": '"1"'}},
        {"headers": {"Tanfidh-Effective-At": "2025-05-05"}},
        {"url": "/letters/6"},
        {"json": {"number": 7}},
    ],
)
async def test_conditions_path_and_body_make_the_fingerprint(client, book, letter, change):
    first = {"url": "/letters/5", "json": letter(), "headers": KEY | {"If-Match": "*"}}
    second = first | change
    second["headers"] = first["headers"] | change.get("headers", {})
    second["json"] = letter() | change.get("json", {})
    for request in (first, first, second):
        await client.put(**request)
    one, same, other = book.seen
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert one.id == same.id == other.id


async def test_a_command_id_differs_by_subject_and_by_key(client, book, letter, token):
    await client.post("/letters", json=letter(), headers=KEY)
    await client.post("/letters", json=letter(6), headers={"Idempotency-Key": "k-2"})
    other = {"Authorization": f"Bearer {token('another')}"}
    await client.post("/letters", json=letter(7), headers=KEY | other)
    assert len({by.id for by in book.seen}) == 3


@pytest.mark.parametrize("given", [None, "", "a b", "é", "x" * 129, "tab\there"])
async def test_a_key_that_is_missing_or_malformed_is_refused(client, book, letter, given):
    headers = {} if given is None else {"Idempotency-Key": given.encode()}
    response = await client.post("/letters", json=letter(), headers=headers)
    assert response.status_code == 400
    assert slug(response) == ("bad-header" if given else "idempotency-key-missing")
    assert book.seen == []


async def test_a_key_that_was_sent_twice_is_refused(client, letter):
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    response = await client.post("/letters", json=letter(), headers=headers)
    assert (response.status_code, slug(response)) == (400, "bad-header")


async def test_if_match_reaches_the_store(client, book, letter):
    book.letters["5"] = 4
    headers = KEY | {"If-Match": '"4"'}
    response = await client.put("/letters/5", json=letter(), headers=headers)
    assert response.status_code == 200
    assert response.headers["etag"] == '"5"'
    assert book.seen[0].expected == 4


async def test_a_stale_version_is_412_and_says_which_there_is(client, book, letter):
    book.letters["5"] = 4
    response = await client.put("/letters/5", json=letter(), headers=KEY | {"If-Match": '"3"'})
    assert (response.status_code, slug(response)) == (412, "precondition-failed")
    assert response.json()["version"] == 4


async def test_an_endpoint_may_require_if_match(client, book, letter):
    response = await client.put("/letters/5", json=letter(), headers=KEY)
    assert (response.status_code, slug(response)) == (428, "precondition-required")
    assert book.seen == []


async def test_effective_at_and_traceparent_reach_the_store(client, book, letter):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = {"Tanfidh-Effective-At": "2025-05-01T02:00:00+02:00", "traceparent": trace}
    await client.post("/letters", json=letter(), headers=KEY | headers)
    assert book.seen[0].effective_at == datetime(2025, 5, 1, tzinfo=UTC)
    assert book.seen[0].traceparent == trace


async def test_what_is_still_to_come_is_refused_in_the_turn_of_every_command(client, book, letter):
    headers = KEY | {"Tanfidh-Effective-At": "2025-05-01"}
    await client.post("/letters", json=letter(), headers=headers)
    told = datetime(2025, 5, 1, tzinfo=UTC)
    asked = book.seen[0].condition
    asked(SimpleNamespace(moment=Moment(told, told)))
    with pytest.raises(EffectiveAhead):
        asked(SimpleNamespace(moment=Moment(told - timedelta(microseconds=1), told)))


async def test_who_says_nothing_of_the_moment_has_no_condition(client, book, letter):
    await client.post("/letters", json=letter(), headers=KEY)
    assert book.seen[0].condition is None


async def test_an_effective_moment_out_of_range_is_422(client, letter):
    headers = KEY | {"Tanfidh-Effective-At": "1899-12-31"}
    response = await client.post("/letters", json=letter(), headers=headers)
    assert (response.status_code, slug(response)) == (422, "effective-at-out-of-range")


async def test_a_store_that_is_down_says_when_to_come_back(client, book, letter):
    book.down = True
    response = await client.post("/letters", json=letter(), headers=KEY)
    assert (response.status_code, slug(response)) == (503, "store-unavailable")
    assert int(response.headers["retry-after"]) > 0


async def test_a_refusal_of_the_domain_carries_its_facts(client, letter):
    await client.post("/letters", json=letter(), headers=KEY)
    response = await client.post("/letters", json=letter(), headers={"Idempotency-Key": "k-2"})
    assert (response.status_code, slug(response)) == (409, "test-letter-known")
    assert response.json()["letter"] == "5"
    assert response.json()["detail"] == "Letter 5 is registered."


async def test_a_body_that_may_be_left_out_is_left_out_or_read(client, book, letter):
    assert (await client.post("/letters/5/sign", headers=KEY)).json() == {"letter": "5"}
    read = await client.post("/letters/5/sign", json=letter(6), headers={"Idempotency-Key": "k2"})
    assert read.json() == {"letter": "6"}
    typed = {"Idempotency-Key": "k4", "Content-Type": "application/json"}
    assert (await client.post("/letters/5/sign", content=b"", headers=typed)).json() == {"letter": "5"}
    for content, kind in ((b" ", "application/json"), (b"{}", "application/json"), (b"x", "text/plain")):
        headers = {"Idempotency-Key": "k3", "Content-Type": kind}
        refused = await client.post("/letters/5/sign", content=content, headers=headers)
        assert refused.status_code in (400, 415, 422), (content, kind)
    assert book.letters == {"5": 2, "6": 1}
