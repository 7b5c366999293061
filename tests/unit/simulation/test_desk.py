"""Given a request of a scenario, when it is sent, then with a token of its moment; its answer is judged."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from joserfc import jwt

from deploy.simulation.agenda import Request
from deploy.simulation.clock import VirtualTime
from deploy.simulation.desk import Desk, NotAnswered, Unexpected
from deploy.simulation.form import ActorForm
from shared.web.signing import LIFETIME, new_signing_key

BEGINNING = datetime(2025, 4, 30, 7, tzinfo=UTC)
OFFICE = ActorForm(role="follow-up-office", subject="office-1")
PROBLEM = {"type": "https://tanfidh.org/problems/decree-on-hold", "detail": "It is held."}


def request(
    path: str = "/registry/x", expect: int | str | None = None, at: datetime | None = None
) -> Request:
    return Request(
        step=3,
        actor=OFFICE,
        method="POST",
        path=path,
        body={"a": 1},
        key="sample/3/0",
        effective_at=at,
        expect=expect,
    )


class Services:
    """Answer as they are told, and remember what was asked."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response] | None = None) -> None:
        self.time = VirtualTime(BEGINNING)
        self.asked: list[httpx.Request] = []
        self.rests = 0
        self.key = new_signing_key()
        self._answer = answer or (lambda _: httpx.Response(200, json={}))
        self.desk = Desk(httpx.MockTransport(self._take), self.time, self.key, self._rest, patience=0.2)

    async def _take(self, sent: httpx.Request) -> httpx.Response:
        self.asked.append(sent)
        return self._answer(sent)

    async def _rest(self) -> None:
        self.rests += 1


async def test_tokens_are_issued_and_renewed_under_the_virtual_clock() -> None:
    services = Services()
    await services.desk.send(request())
    await services.desk.send(request())
    services.time.advance(BEGINNING + LIFETIME + timedelta(seconds=1))
    await services.desk.send(request())
    tokens = [sent.headers["authorization"].removeprefix("Bearer ") for sent in services.asked]
    assert tokens[0] == tokens[1] != tokens[2]
    claims = jwt.decode(tokens[2], services.key, algorithms=["Ed25519"]).claims
    assert (claims["sub"], claims["role"]) == ("office-1", "follow-up-office")
    assert claims["iat"] == int((BEGINNING + LIFETIME).timestamp()) + 1


async def test_keys_and_effective_moments_go_with_the_request() -> None:
    services = Services()
    await services.desk.send(request(at=BEGINNING - timedelta(days=1)))
    headers = services.asked[0].headers
    assert headers["idempotency-key"] == "sample/3/0"
    assert headers["tanfidh-effective-at"] == "2025-04-29T07:00:00+00:00"


async def test_everything_rests_before_another_service_is_asked() -> None:
    services = Services()
    for path in ("/registry/a", "/registry/b", "/tasks/a", "/tasks/b", "/registry/c"):
        await services.desk.send(request(path))
    assert services.rests == 2


@pytest.mark.parametrize(
    ("status", "expect", "fits"),
    [
        (200, None, True),
        (201, None, True),
        (409, None, False),
        (409, 409, True),
        (200, 201, False),
        (409, "decree-on-hold", True),
        (409, "on-hold", False),
        (200, "decree-on-hold", False),
    ],
)
async def test_answers_are_compared_with_what_is_expected(
    status: int, expect: int | str | None, fits: bool
) -> None:
    services = Services(lambda _: httpx.Response(status, json=PROBLEM))
    if fits:
        assert (await services.desk.send(request(expect=expect))).status_code == status
        return
    with pytest.raises(Unexpected, match=f"^POST /registry/x as office-1: .* answered {status}"):
        await services.desk.send(request(expect=expect))


async def test_every_error_of_the_values_is_told() -> None:
    errors = [
        {"in": "body", "pointer": "/reason", "what": {"en": "Field required", "ar": "هذا الحقل مطلوب"}},
        {"in": "path", "pointer": "/mission", "what": {"en": "no token", "ar": "قيمة غير صالحة"}},
    ]
    refused = {"type": "https://tanfidh.org/problems/validation-failed", "detail": "Two.", "errors": errors}
    services = Services(lambda _: httpx.Response(422, json=refused))
    with pytest.raises(Unexpected) as failed:
        await services.desk.send(request())
    assert str(failed.value).splitlines() == [
        "POST /registry/x as office-1: expected success, and was answered 422 validation-failed: Two.",
        "  body /reason: Field required",
        "  path /mission: no token",
    ]


async def test_a_service_that_does_not_answer_ends_it() -> None:
    services = Services()

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody wakes it")

    desk = Desk(httpx.MockTransport(never), services.time, services.key, services._rest, patience=0.05)
    with pytest.raises(NotAnswered, match=r"^POST /registry/x .* within 0\.05 seconds"):
        await desk.send(request())
