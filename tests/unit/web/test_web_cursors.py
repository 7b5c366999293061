"""Pages: cursors that lead on, and cursors that nobody gave."""

import contextlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.web.cursors import BadCursor, cursor_to, key_of_cursor

keys = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(keys)
def test_a_cursor_gives_back_its_key(key):
    assert key_of_cursor(cursor_to(key)) == key


@given(st.text())
def test_any_other_text_is_refused_or_is_exactly_a_cursor(text):
    try:
        key = key_of_cursor(text)
    except BadCursor:
        return
    assert cursor_to(key) == text


@given(keys, st.integers(0), st.characters(codec="ascii"))
def test_a_changed_cursor_never_means_the_same_key(key, place, character):
    cursor = cursor_to(key)
    place %= len(cursor)
    changed = cursor[:place] + character + cursor[place + 1 :]
    assume(changed != cursor)
    with contextlib.suppress(BadCursor):
        assert key_of_cursor(changed) != key


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


@pytest.mark.parametrize("cursor", ["", "x", "azE6NQ==", "é", "bm9uZQ", "azE6AA", "azE6_w"])
async def test_a_cursor_that_nobody_gave_is_400(client, cursor):
    response = await client.get("/letters", params={"cursor": cursor})
    assert response.status_code == 400
    assert response.json()["type"].endswith("/bad-cursor")
