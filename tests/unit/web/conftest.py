"""A small service with a store that is a dictionary: what HTTP does, without any engine."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Query, Request
from joserfc.jwk import OKPKey
from pydantic import BaseModel
from starlette.responses import Response

from shared.domain import Conflicting, Refusal, Text, Token
from shared.eventstore.command import Instruction, Outcome
from shared.eventstore.errors import IdempotencyMismatch, PreconditionFailed, StoreUnavailable
from shared.web import (
    Caller,
    Instruct,
    InstructOnVersion,
    PageQuery,
    RequestModel,
    answered,
    json_response,
    page,
)
from shared.web.app import create_app
from shared.web.identity import Identity
from shared.web.signing import AUDIENCE, LOCAL_ISSUER, issue_token, new_signing_key, write_jwks

NOW = datetime(2025, 5, 5, 8, tzinfo=UTC)


class LetterKnown(Conflicting):
    slug = "test-letter-known"
    title = Text(en="Letter already registered", ar="الكتاب مسجل من قبل")
    detail = Text(en="Letter {letter} is registered.", ar="الكتاب {letter} مسجل.")


class Sender(RequestModel):
    name: Text
    department: Token | None = None


class NewLetter(RequestModel):
    number: int
    sent_on: date
    sender: Sender
    copies: tuple[Token, ...] = ()


@dataclass
class Book:
    """Letters by number, with the answers kept by command id."""

    letters: dict[str, int] = field(default_factory=dict)
    answers: dict[UUID, tuple[bytes, bytes]] = field(default_factory=dict)
    down: bool = False
    failing: bool = False
    seen: list[Instruction] = field(default_factory=list)

    async def execute(self, by: Instruction, id: str, create: bool = False) -> Outcome[dict[str, Any]]:
        self.seen.append(by)
        if self.failing:
            raise RuntimeError("the book is torn")
        if self.down:
            raise StoreUnavailable()
        if by.id in self.answers:
            stored, fingerprint = self.answers[by.id]
            if fingerprint != by.fingerprint:
                raise IdempotencyMismatch()
            return Outcome(value=None, position=0, events=0, answer=stored, repeated=True)
        version = self.letters.get(id, 0)
        if create and version:
            raise LetterKnown(letter=id)
        if by.expected is not None and by.expected != version:
            raise PreconditionFailed(stream=f"letter.{id}", version=version, expected=by.expected)
        self.letters[id] = version + 1
        outcome = Outcome({"letter": id}, position=7, events=1, versions={f"letter.{id}": version + 1})
        outcome.created = version == 0
        assert by.answer is not None
        stored = by.answer(outcome)
        self.answers[by.id] = stored, by.fingerprint
        return Outcome(outcome.value, 7, 1, outcome.versions, answer=stored)


def letters(book: Book) -> APIRouter:
    router = APIRouter(prefix="/letters", tags=["letters"])

    @router.post("")
    async def register(letter: NewLetter, by: Instruct) -> Response:
        return answered(await book.execute(by, str(letter.number), create=True))

    @router.put("/{id}")
    async def replace(id: Token, letter: NewLetter, by: InstructOnVersion) -> Response:
        return answered(await book.execute(by, id))

    @router.get("")
    async def listed(
        query: PageQuery, caller: Caller, sender: Annotated[str | None, Query(max_length=10)] = None
    ) -> Response:
        keys = sorted(key for key in book.letters if query.after is None or key > query.after)
        return page([(key, {"number": key, "for": sender}) for key in keys[: query.limit]], query)

    @router.post("/{id}/sign")
    async def sign(id: Token, by: Instruct, letter: NewLetter | None = None) -> Response:
        return answered(await book.execute(by, id if letter is None else str(letter.number)))

    @router.get("/{id}")
    async def one(id: Token, caller: Caller) -> dict[str, Any]:
        return {"letter": id, "by": caller.model_dump()}

    @router.post("/import", max_body_size=5_000_000)
    async def take(request: Request, by: Instruct) -> Response:
        return json_response({"bytes": len(await request.body())})

    @router.get("/broken/now")
    async def broken() -> Response:
        raise RuntimeError("a secret of the inside")

    @router.get("/refused/{slug}")
    async def refused(slug: str) -> Response:
        raise Refusal(letter=slug, type="never over the standard member")

    return router


@pytest.fixture
def key() -> OKPKey:
    return new_signing_key()


@pytest.fixture
def jwks(tmp_path: Path, key: OKPKey) -> Path:
    write_jwks(tmp_path / "jwks.json", [key])
    return tmp_path / "jwks.json"


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def well() -> dict[str, str | None]:
    return {"store": None}


@pytest.fixture
def app(book: Book, identity: Identity, well: dict[str, str | None]) -> FastAPI:
    async def store() -> str | None:
        return well["store"]

    return create_app("letters", "Letters", [letters(book)], {"store": store}, identity)


@pytest.fixture
async def client(app: FastAPI, token: Callable[..., str]) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    headers = {"Authorization": f"Bearer {token()}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://letters", headers=headers) as client:
        yield client


@pytest.fixture
def letter() -> Callable[..., dict[str, Any]]:
    def made(number: int = 5, **changes: Any) -> dict[str, Any]:
        return {"number": number, "sent_on": "2025-05-05", "sender": {"name": {"en": "Office"}}} | changes

    return made


@pytest.fixture
def token(key: OKPKey) -> Callable[..., str]:
    return lambda subject="tester", role="admin": issue_token(key, subject, role, now=NOW)


@pytest.fixture
def now() -> datetime:
    return NOW


class Careless(BaseModel):
    number: int


@pytest.fixture
def open_body_router() -> APIRouter:
    router = APIRouter()

    @router.post("/open")
    async def take(body: Careless, by: Instruct) -> Response:
        return json_response({})

    return router


@pytest.fixture
def identity(jwks: Path) -> Identity:
    return Identity(jwks, LOCAL_ISSUER, AUDIENCE, lambda: NOW)
