"""Pages: cursors that lead on, and cursors that nobody gave."""

import contextlib

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.web.cursors import BadCursor, cursor_to, key_of_cursor

keys = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
HERE = "letters /letters"


@given(keys)
def test_a_cursor_gives_back_its_key(key):
    assert key_of_cursor(cursor_to(key, HERE), HERE) == key


@given(st.text())
def test_any_other_text_is_refused_or_is_exactly_a_cursor(text):
    try:
        key = key_of_cursor(text, HERE)
    except BadCursor:
        return
    assert cursor_to(key, HERE) == text


@given(keys, st.integers(0), st.characters(codec="ascii"))
def test_a_changed_cursor_never_means_the_same_key(key, place, character):
    cursor = cursor_to(key, HERE)
    place %= len(cursor)
    changed = cursor[:place] + character + cursor[place + 1 :]
    assume(changed != cursor)
    with contextlib.suppress(BadCursor):
        assert key_of_cursor(changed, HERE) != key


async def test_the_link_leads_through_the_whole_list_with_its_filters(client, book):
    book.letters.update({f"{number:03}": 1 for number in range(7)})
    seen, url = [], "/letters?limit=3&sender=a%26b"
    while url:
        response = await client.get(url)
        items = response.json()["items"]
        assert all(item["for"] == "a&b" for item in items)
        seen += [item["number"] for item in items]
        following = response.links.get("next")
        url = following and f"/letters{following['url']}"
    assert seen == sorted(book.letters)


async def test_a_page_that_is_not_full_is_the_last(client, book):
    book.letters["1"] = 1
    assert "link" not in (await client.get("/letters?limit=2")).headers


@pytest.mark.parametrize("elsewhere", ["letters /senders", "archive /letters", "letters /letters/5/letters"])
async def test_a_cursor_of_another_list_is_400(client, elsewhere):
    response = await client.get("/letters", params={"cursor": cursor_to("5", elsewhere)})
    assert response.status_code == 400
    assert response.json()["type"].endswith("/bad-cursor")
    assert (await client.get("/letters", params={"cursor": cursor_to("5", HERE)})).status_code == 200


async def test_a_cursor_is_good_behind_a_mount_too(app, client, book):
    book.letters.update({"1": 1, "2": 1})
    following = (await client.get("/letters?limit=1")).links["next"]["url"]
    transport = httpx.ASGITransport(app=Starlette(routes=[Mount("/m", app)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://x", headers=client.headers) as mounted:
        assert (await mounted.get(f"/m/letters{following}")).json()["items"] == [{"number": "2", "for": None}]


@pytest.mark.parametrize("query", ["limit=1&limit=2", "limit=1&limit=1", "sender=a&sender=b"])
async def test_a_parameter_sent_twice_is_400(client, query):
    response = await client.get(f"/letters?{query}")
    assert response.status_code == 400
    assert response.json()["type"].endswith("/repeated-parameter")
    assert response.json()["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize("cursor", ["", "x", "azE6NQ==", "é", "bm9uZQ", "azE6AA", "azE6_w", "azI6NQ"])
async def test_a_cursor_that_nobody_gave_is_400(client, cursor):
    response = await client.get("/letters", params={"cursor": cursor})
    assert response.status_code == 400
    assert response.json()["type"].endswith("/bad-cursor")
