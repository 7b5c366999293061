"""The endpoint of a witness."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from shared.web import Caller, json_response
from shared.witness.rounds import Rounds
from shared.witness.witness import Witness


def witness_routes(rounds: Rounds) -> APIRouter:
    """Build the endpoint."""
    routes = APIRouter(tags=["witness"])

    @routes.get("/witness")
    async def witness(_: Caller) -> Response:
        """Tell of each watched log the last checkpoint that was witnessed, cosigned, and what was found.

        `verifier_key` verifies the cosignatures (C2SP tlog-cosignature). `alarm` is what the last round of
        the replica that answers found, if it held it.
        """
        told = [_told(await rounds.known(source), rounds.alarms.get(source)) for source in rounds.watched]
        return json_response({"verifier_key": rounds.cosigner.verifier_key, "items": told})

    return routes


def _told(witness: Witness, alarm: str | None) -> dict[str, Any]:
    return {
        "source": witness.id,
        "witnessed": witness.last.model_dump(mode="json") if witness.last is not None else None,
        "findings": [found.model_dump(mode="json") for found in witness.findings],
        "alarm": alarm,
    }
