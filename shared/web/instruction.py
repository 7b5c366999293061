"""From an HTTP request to the `Instruction` of a command."""

from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import Depends, Request

from shared.eventstore.command import Instruction
from shared.web import headers
from shared.web.answers import render_answer
from shared.web.context import context_of
from shared.web.refusals import PreconditionRequired


def command_id(namespace: UUID, subject: str, key: str) -> UUID:
    """Name the command that `subject` means by `key`: the same in every replica and for ever."""
    return uuid5(namespace, f"{subject}\n{key}")


def fingerprint(request: Request, body: bytes) -> bytes:
    """Digest what makes two requests the same command: 32 bytes.

    The path counts without the mount, so that a service means the same alone and beside others.
    """
    scope, given = request.scope, request.headers
    digest = sha256()
    for part in (
        scope["method"].encode(),
        scope["path"].removeprefix(scope.get("root_path", "")).encode(),
        scope["query_string"],
        given.get("if-match", "").encode(),
        given.get("tanfidh-effective-at", "").encode(),
        body,
    ):
        digest.update(b"%d:%b" % (len(part), part))
    return digest.digest()


async def instruct(request: Request) -> Instruction:
    """Read who asks, under which id and on what condition.

    Refuses with 401 without valid credentials, 400 for headers that are missing or malformed, 422
    for an effective moment out of range.
    """
    given = request.headers
    context = context_of(request)
    actor = context.identity.authenticate(given.get("authorization"))
    key = headers.idempotency_key(given.get("idempotency-key"))
    return Instruction(
        id=command_id(context.namespace, actor.subject, key),
        actor=actor,
        effective_at=headers.effective_moment(given.get("tanfidh-effective-at")),
        traceparent=headers.trace_context(given.get("traceparent")),
        expected=headers.expected_version(given.get("if-match")),
        fingerprint=fingerprint(request, await request.body()),
        answer=render_answer,
    )


async def instruct_on_version(request: Request) -> Instruction:
    """Read an instruction whose If-Match is required (428 without)."""
    instruction = await instruct(request)
    if "if-match" not in request.headers:
        raise PreconditionRequired()
    return instruction


Instruct = Annotated[Instruction, Depends(instruct)]
"""The instruction of a command."""

InstructOnVersion = Annotated[Instruction, Depends(instruct_on_version)]
"""The instruction of a command that changes only what its caller has seen."""
