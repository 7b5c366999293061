"""The endpoints that take lists of missions and staff, as CSV or XLSX."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.registry.answers.imports import Imported, ImportForeseen, StaffForeseen, StaffImported
from services.registry.application.lists import Lists
from shared.contracts.registry import Provenance
from shared.dossier.lists import CSV, XLSX, MissionList, StaffList, read_missions, read_staff
from shared.dossier.lists.sheets import MOST_BYTES
from shared.web import Caller, Instruct, Said, json_response
from shared.web.refusals import UnsupportedMediaType
from shared.web.request import LimitedRequest

From = Annotated[
    Provenance, Query(description="Where the rows come from that do not say so in their column provenance.")
]

_SHEETS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (CSV, XLSX)},
    }
}


def list_routes(lists: Lists) -> APIRouter:
    """Build every endpoint that takes a list."""
    routes = APIRouter(tags=["imports"])

    @routes.post(
        "/imports/missions", response_model=Imported, max_body_size=MOST_BYTES, openapi_extra=_SHEETS
    )
    async def import_missions(
        by: Instruct, request: LimitedRequest, provenance: From = Provenance.SOURCED
    ) -> Response:
        """Register the missions of a list; repeating it changes nothing."""
        return json_response(await lists.missions(by, await _missions(request, provenance)))

    @routes.post(
        "/imports/missions/check",
        response_model=ImportForeseen,
        max_body_size=MOST_BYTES,
        openapi_extra=_SHEETS,
    )
    async def check_missions(
        reader: Caller, said: Said, request: LimitedRequest, provenance: From = Provenance.SOURCED
    ) -> Response:
        """Tell every problem of a list of missions by row, and what importing it would do; store nothing."""
        return json_response(await lists.check_missions(reader, await _missions(request, provenance), said))

    @routes.post(
        "/imports/staff", response_model=StaffImported, max_body_size=MOST_BYTES, openapi_extra=_SHEETS
    )
    async def import_staff(
        by: Instruct, request: LimitedRequest, provenance: From = Provenance.SOURCED
    ) -> Response:
        """Post the people of a list, and record their personal data encrypted; repeating changes nothing."""
        return json_response(await lists.staff(by, await _staff(request, provenance)))

    @routes.post(
        "/imports/staff/check", response_model=StaffForeseen, max_body_size=MOST_BYTES, openapi_extra=_SHEETS
    )
    async def check_staff(
        reader: Caller, said: Said, request: LimitedRequest, provenance: From = Provenance.SOURCED
    ) -> Response:
        """Tell every problem of a list of staff by row, and what importing it would do; store nothing."""
        return json_response(await lists.check_staff(reader, await _staff(request, provenance), said))

    return routes


async def _missions(request: LimitedRequest, provenance: Provenance) -> MissionList:
    return await asyncio.to_thread(read_missions, await request.body(), _media_type(request), provenance)


async def _staff(request: LimitedRequest, provenance: Provenance) -> StaffList:
    return await asyncio.to_thread(read_staff, await request.body(), _media_type(request), provenance)


def _media_type(request: LimitedRequest) -> str:
    given = request.header(b"content-type") or ""
    media_type = given.partition(";")[0].strip().lower()
    if media_type not in (CSV, XLSX):
        raise UnsupportedMediaType(expected=f"{CSV}, {XLSX}", given=given[:100])
    return media_type
