"""The same endpoint as a service of Tanfidh has it: identity, idempotency, store, log, relay, a view."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from benchmarks.letters import File, Files, filing
from shared.contracts.identity import Token
from shared.contracts.text import Text
from shared.eventstore.command import Command
from shared.service import ServiceSettings, from_environment
from shared.service.frame import Frame
from shared.web import Instruct, RequestModel, answered

frame = Frame("bench", from_environment(ServiceSettings), [Files()], {})
router = APIRouter()


class Letter(RequestModel):
    """The request's body."""

    subject: Text
    sha256: str


@router.post("/files/{file}/letters")
async def receive(file: Token, letter: Letter, by: Instruct) -> Response:
    """File a letter."""
    decide = filing(file, letter.subject, letter.sha256)
    return answered(await frame.store.execute(Command("file-letter", by, decide, ((File, file),))))


async def counts() -> Mapping[str, Mapping[str, Any]]:
    """Count nothing by decree."""
    return {}


app = frame.app("Benchmark", router, counts)
