"""The endpoints of bytes: sent under their digest, and given back as a file to be saved, never to be run."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from shared.documents.keeping import Keeping
from shared.domain import Actor
from shared.web import AnswerModel, Caller, json_response

LIMIT = 16_000_000
"""Bytes of one document; a scan of some hundred pages fits."""

Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hex in a path."""

Permit = Callable[[Actor, str], None]
"""Refuses whoever may not do an action with bytes: ``document.upload`` or ``document.download``."""

BYTES: dict[str, Any] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


class ContentKept(AnswerModel):
    """What the bytes are that are kept under their digest."""

    sha256: str
    size: int
    media_type: str


def attachment(content: bytes, sha256: str) -> Response:
    """Answer with bytes that no browser opens by itself; their digest is their name and their ETag."""
    headers = {
        "Content-Disposition": f'attachment; filename="{sha256}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "ETag": f'"{sha256}"',
    }
    return Response(content, headers=headers, media_type="application/octet-stream")


def contents_routes(keeping: Keeping, permit: Permit) -> APIRouter:
    """Build the endpoints of bytes; both are harmless to repeat and record nothing."""
    routes = APIRouter(tags=["documents"])

    @routes.put(
        "/contents/{sha256}",
        response_model=ContentKept,
        responses={201: {"model": ContentKept, "description": "Kept, and new here."}},
        max_body_size=LIMIT,
        openapi_extra={"requestBody": {"required": True, "content": BYTES}},
    )
    async def keep(sender: Caller, request: Request, sha256: Digest) -> Response:
        """Send the bytes of a document under their SHA-256; their kind is found out."""
        permit(sender, "document.upload")
        declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        told, new = await keeping.keep(sha256, await request.body(), declared)
        body = {"sha256": told.sha256, "size": told.size, "media_type": told.media_type}
        return json_response(body, status=201 if new else 200)

    @routes.get(
        "/contents/{sha256}",
        response_class=Response,
        responses={200: {"description": "The bytes.", "content": BYTES}},
    )
    async def read(reader: Caller, sha256: Digest) -> Response:
        """Get bytes back, checked against their digest, as a file to be saved."""
        permit(reader, "document.download")
        return attachment(await keeping.read(sha256), sha256)

    return routes
