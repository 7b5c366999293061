"""The endpoints of every service's log: where it stands, checkpoints and proofs."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from shared.service.answers import Checkpoint, ConsistencyProof, InclusionProof, LogStanding
from shared.service.log_proofs import LogProofs
from shared.web import Caller, json_response

Size = Annotated[int, Query(ge=1, le=2**63 - 1)]


def log_routes(proofs: LogProofs) -> APIRouter:
    """Build the endpoints. Tree sizes are those of signed checkpoints: a proof alone does not bind them."""
    routes = APIRouter(tags=["log"])

    @routes.get("/log", response_model=LogStanding)
    async def log(_: Caller) -> Response:
        """Tell which log this is, its newest signed checkpoint, and the key that verifies it.

        Take the key from the operator once, not from here each time: who could change the log could
        also answer with another key.
        """
        return json_response(await proofs.standing())

    @routes.get("/log/checkpoints/{size}", response_model=Checkpoint)
    async def checkpoint(_: Caller, size: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Response:
        """Read the signed checkpoint of a size."""
        return json_response(await proofs.checkpoint(size))

    @routes.get("/log/proofs/inclusion", response_model=InclusionProof)
    async def inclusion(_: Caller, position: Size, size: Size | None = None) -> Response:
        """Prove that the event at a position is in the log, as of a signed size; the newest by default.

        `leaf` and `path` are hashes in base64, the lowest first (RFC 9162, section 2.1.3).
        """
        return json_response(await proofs.inclusion(position, size))

    @routes.get("/log/proofs/consistency", response_model=ConsistencyProof)
    async def consistency(
        _: Caller,
        earlier: Annotated[int, Query(alias="from", ge=1, le=2**63 - 1)],
        later: Annotated[int | None, Query(alias="to", ge=1, le=2**63 - 1)] = None,
    ) -> Response:
        """Prove that the log of one signed size begins with that of an earlier one; by default the newest.

        `path` is hashes in base64, in the order of RFC 9162, section 2.1.4.
        """
        return json_response(await proofs.consistency(earlier, later))

    return routes
