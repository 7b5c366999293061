"""From an HTTP request to the `Instruction` of a command."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import Depends

from shared.eventstore.command import Instruction, Turn
from shared.web import headers
from shared.web.answers import render_answer
from shared.web.context import context_of
from shared.web.refusals import PreconditionRequired
from shared.web.request import LimitedRequest


def command_id(namespace: UUID, subject: str, key: str) -> UUID:
    """Name the command that `subject` means by `key`: the same in every replica and for ever."""
    return uuid5(namespace, f"{subject}\n{key}")


def fingerprint(request: LimitedRequest, body: bytes, *conditions: str | None) -> bytes:
    """Digest what makes two requests the same command: 32 bytes.

    The path counts without the mount, so that a service means the same alone and beside others.
    """
    scope = request.scope
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    said = "\n".join((scope["method"], path, scope["query_string"].decode("latin-1"), *map(repr, conditions)))
    digest = sha256(said.encode("utf-8", "surrogatepass"))
    digest.update(b"\n")
    digest.update(body)
    return digest.digest()


async def instruct(request: LimitedRequest) -> Instruction:
    """Read who asks, under which id and on what condition.

    Refuses with 401 without valid credentials, 400 for headers that are missing or malformed, 422
    for an effective moment out of range. One that is still to come is refused when the command decides.
    """
    header = request.header
    context = context_of(request)
    actor = context.identity.authenticate(header(b"authorization"))
    key = headers.idempotency_key(header(b"idempotency-key"))
    matched, effective = header(b"if-match"), header(b"tanfidh-effective-at")
    id = command_id(context.namespace, actor.subject, key)
    request.scope["tanfidh.command"] = id
    return Instruction(
        id=id,
        actor=actor,
        effective_at=headers.effective_moment(effective),
        traceparent=headers.trace_context(header(b"traceparent")),
        expected=headers.expected_version(matched),
        fingerprint=fingerprint(request, await request.body(), matched, effective),
        answer=render_answer,
        condition=None if effective is None else _must_not_be_ahead,
    )


def _must_not_be_ahead(turn: Turn) -> None:
    """Refuse what is said to be effective after it is recorded: what is told has happened.

    It is asked of everybody, here, so that no command of any service can forget it.
    """
    turn.moment.must_not_be_ahead()


async def effective_said(request: LimitedRequest) -> datetime | None:
    """Read what a command that is only tried would be said to be of; None where nothing is said."""
    return headers.effective_moment(request.header(b"tanfidh-effective-at"))


async def instruct_on_version(request: LimitedRequest) -> Instruction:
    """Read an instruction whose If-Match is required (428 without)."""
    instruction = await instruct(request)
    if request.header(b"if-match") is None:
        raise PreconditionRequired()
    return instruction


Instruct = Annotated[Instruction, Depends(instruct)]
"""The instruction of a command."""

InstructOnVersion = Annotated[Instruction, Depends(instruct_on_version)]
"""The instruction of a command that changes only what its caller has seen."""

Said = Annotated[datetime | None, Depends(effective_said)]
"""The effective moment that is said of a command which is only tried, or None."""
