"""A name that stands twice in a JSON object is refused, wherever it is; all else passes."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.duplicates import duplicate_in

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), inner, max_size=4)
    ),
)


@given(values)
def test_what_a_writer_makes_holds_none(value: Any) -> None:
    assert duplicate_in(orjson.dumps(value).decode()) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": 1, "a": 1}', ("a",)),
        ('{"a": 1, "\\u0061": 2}', ("a",)),
        ('{"x": {"a": 1, "b": 2, "a": 3}}', ("x", "a")),
        ('[{}, {"a": [{"b": 1, "b": []}]}]', (1, "a", 0, "b")),
        ('[{"a": 1}, {"a": 2}]', None),
        ('{"a": {"a": 1}}', None),
        ("9" * 5_000, None),
    ],
)
def test_a_name_counts_in_its_own_object(text: str, place: tuple[object, ...] | None) -> None:
    assert duplicate_in(text) == place


async def test_a_command_with_a_name_twice_is_422_and_not_done(
    client: httpx.AsyncClient, letter: Callable[..., dict[str, Any]], book: Any
) -> None:
    body = orjson.dumps(letter()).replace(b'"name":', b'"name":{"en":"Other"},"name":')
    answer = await client.post(
        "/letters", content=body, headers={"Idempotency-Key": "k", "Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "in": "body",
            "pointer": "/sender/name",
            "code": "duplicate_name",
            "what": {
                "en": "The name name stands twice in one object",
                "ar": "الاسم name مكرر في كائن واحد",
            },
        }
    ]
    assert not book.letters
