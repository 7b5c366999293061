"""The endpoints of a witness."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from shared.contracts.identity import TOKEN_PATTERN
from shared.contracts.reason import Reason
from shared.web import Caller, Instruct, RequestModel, answered, json_response
from shared.witness.answers import LossAcknowledged, WatchedLogs
from shared.witness.rounds import Rounds
from shared.witness.statement import LARGEST
from shared.witness.witness import Witness

Source = Annotated[str, Path(pattern=TOKEN_PATTERN)]


class AcknowledgementBody(RequestModel):
    """The loss, as the finding names it, and why it is in order. The reason is published as it is."""

    log_id: UUID
    known_size: int = Field(ge=1, le=LARGEST)
    reason: Reason


def witness_routes(rounds: Rounds) -> APIRouter:
    """Build the endpoints."""
    routes, acknowledged = APIRouter(tags=["witness"]), rounds.recording.acknowledge

    @routes.get("/witness", response_model=WatchedLogs)
    async def witness(_: Caller) -> Response:
        """Tell of each watched log the last checkpoint that was witnessed, cosigned, and what was found.

        `verifier_key` verifies the cosignatures (C2SP tlog-cosignature). `losses` are the findings of events
        lost in restores that nobody has acknowledged. `alarm` is what is wrong with the log or its
        witnessing, and `examined_at` when it was last examined to the end, if the replica that answers held
        the rounds. `cosigned_age` is in seconds.
        """
        now = rounds.now()
        told = [_told(await rounds.known(source), rounds, now) for source in rounds.watched]
        return json_response({"verifier_key": rounds.cosigner.verifier_key, "items": told})

    @routes.post("/witness/{source}/acknowledge", response_model=LossAcknowledged)
    async def acknowledge(by: Instruct, source: Source, body: AcknowledgementBody) -> Response:
        """Take note of events that a log lost in a restore; for auditors and controllers."""
        return answered(await acknowledged(by, source, body.log_id, body.known_size, body.reason))

    return routes


def _told(witness: Witness, rounds: Rounds, now: datetime) -> dict[str, Any]:
    last, examined = witness.last, rounds.alarms.examined.get(witness.id)
    return {
        "source": witness.id,
        "witnessed": last.model_dump(mode="json") if last is not None else None,
        "cosigned_age": (now - last.witnessed_at).total_seconds() if last is not None else None,
        "examined_at": examined.isoformat() if examined is not None else None,
        "findings": [found.model_dump(mode="json") for found in witness.findings],
        "losses": [found.model_dump(mode="json") for found in witness.losses],
        "alarm": rounds.alarms.of(witness.id),
    }
