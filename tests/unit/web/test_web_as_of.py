"""`as_of`: what can be asked, to which position it comes, and what the answer says about it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest
from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from shared.web import AsOf, AsOfQuery, Caller, PageQuery, json_response, page
from shared.web.app import create_app
from shared.web.as_of import BadAsOf, read_as_of
from shared.web.horizon import NoLog
from shared.web.identity import Identity

RECORDED = datetime(2025, 5, 5, 8, 0, 0, 250_000, tzinfo=UTC)


class Log(NoLog):
    """A log of nine events that were recorded at one moment."""

    def __init__(self) -> None:
        self.asked: list[int | datetime] = []

    async def resolve(self, asked: int | datetime) -> AsOf:
        self.asked.append(asked)
        counts = min(asked, 9) if isinstance(asked, int) else 9 if asked >= RECORDED else 0
        return AsOf(counts, RECORDED if counts else None)


def numbers() -> APIRouter:
    router = APIRouter()

    @router.get("/numbers")
    async def listed(_: Caller, query: PageQuery, when: AsOfQuery, colour: str = "red") -> Response:
        rows = [(f"{number}", number) for number in range(query.limit)]
        return page(rows, query, position=20, when=when)

    @router.get("/plain")
    async def plain(_: Caller, query: PageQuery) -> Response:
        return json_response({})

    return router


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def reader(log: Log, identity: Identity, token: Callable[..., str]) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("numbers", "Numbers", [numbers()], {}, identity, horizon=log)
    headers = {"Authorization": f"Bearer {token()}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://numbers", headers=headers) as client:
        yield client


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("277", 277),
        ("0", 0),
        ("2025-05-05", datetime(2025, 5, 5, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("9999-12-31", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2025-05-05T10:00:00+02:00", datetime(2025, 5, 5, 8, tzinfo=UTC)),
        ("2025-05-05T10:00:00 02:00", datetime(2025, 5, 5, 8, tzinfo=UTC)),
        ("2025-05-05t08:00:00.25z", RECORDED),
    ],
)
def test_moments_dates_and_positions_are_read(text: str, asked: int | datetime) -> None:
    assert read_as_of(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "1.5",
        "٢٧٧",
        "1" * 19,
        "yesterday",
        "2025-05",
        "2025-02-30",
        "2025-05-05T10:00:00",
        "2025-05-05 10:00:00Z",
        "2025-05-05T25:00:00Z",
        "0001-01-01T00:00:00+02:00",
        "2025-05-05T10:00:00Z 02:00",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadAsOf):
        read_as_of(text)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_every_moment_is_read_as_the_same_in_any_offset(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    assert read_as_of(there.isoformat(timespec="microseconds")) == moment.replace(tzinfo=UTC)


async def test_an_answer_says_what_it_is_as_of_and_the_next_page_holds_on_to_it(
    reader: httpx.AsyncClient, log: Log
) -> None:
    answer = await reader.get("/numbers?limit=2&as_of=2025-05-05&colour=blue")
    assert answer.headers["tanfidh-position"] == "9"
    assert answer.headers["tanfidh-as-of"] == "2025-05-05T08:00:00.250000Z"
    following = await reader.get(f"/numbers{answer.links['next']['url']}")
    assert log.asked[1:] == [9]
    assert dict(following.request.url.params) | {"cursor": ""} == {
        "as_of": "9",
        "colour": "blue",
        "limit": "2",
        "cursor": "",
    }


async def test_before_the_first_event_there_is_no_moment(reader: httpx.AsyncClient) -> None:
    answer = await reader.get("/numbers?as_of=2025-05-04")
    assert answer.headers["tanfidh-position"] == "0"
    assert "tanfidh-as-of" not in answer.headers


async def test_what_is_now_says_nothing_of_the_past(reader: httpx.AsyncClient, log: Log) -> None:
    answer = await reader.get("/numbers?limit=2")
    assert answer.headers["tanfidh-position"] == "20"
    assert "tanfidh-as-of" not in answer.headers and "as_of" not in answer.links["next"]["url"]
    assert log.asked == []


async def test_nobody_is_answered_about_the_past_without_a_token(reader: httpx.AsyncClient, log: Log) -> None:
    answer = await reader.get("/numbers?as_of=5", headers={"Authorization": ""})
    assert answer.status_code == 401
    assert log.asked == []


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/numbers?as_of=soon", "bad-as-of"),
        ("/numbers?as_of=1&as_of=1", "repeated-parameter"),
        ("/plain?as_of=1", "unknown-parameter"),
        ("/numbers?effective_at=2025-05-05", "effective-at-not-answered"),
        ("/plain?colour=red&effective_at=1", "effective-at-not-answered"),
    ],
)
async def test_what_cannot_be_asked_is_400(reader: httpx.AsyncClient, path: str, slug: str) -> None:
    answer = await reader.get(path, headers={"Accept-Language": "ar"})
    assert (answer.status_code, answer.json()["type"]) == (400, f"https://tanfidh.org/problems/{slug}")


async def test_the_document_tells_of_as_of_and_of_waiting(reader: httpx.AsyncClient) -> None:
    operation = (await reader.get("/openapi.json")).json()["paths"]["/numbers"]["get"]
    told = {parameter.get("name", parameter.get("$ref", "")) for parameter in operation["parameters"]}
    assert "as_of" in told
    assert {f"#/components/parameters/{name}" for name in ("Prefer", "SeenPosition", "SeenElsewhere")} <= told
    headers = {"Tanfidh-Position", "Tanfidh-As-Of", "Preference-Applied"}
    assert operation["responses"]["200"]["headers"].keys() == headers
    assert "503" in operation["responses"]
