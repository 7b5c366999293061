"""The endpoints that give what is stored in the forms in which it is imported."""

import asyncio
from typing import Annotated, Any, Literal

import yaml
from fastapi import APIRouter, Query
from starlette.responses import Response

from services.registry.application.exports import Exports
from services.registry.bodies import Filter, Id
from shared.dossier.lists import CSV, XLSX, write
from shared.dossier.lists.missions import COLUMNS
from shared.dossier.lists.staff import PERSONAL, POSTING
from shared.dossier.lists.tables import Column
from shared.service.inquiries import standing
from shared.web import AsOf, AsOfQuery, Caller, json_response
from shared.web.joining import joined

YAML = "application/yaml"
PRIVATE = {"Cache-Control": "no-store"}

Format = Annotated[Literal["json", "yaml"], Query(description="JSON, or YAML as people write dossiers.")]
Names = Annotated[Literal["en", "ar"], Query(description="The language in which columns are named.")]
Personal = Annotated[
    Literal["true", "false"], Query(description="Whether it tells who people are; for whoever may read that.")
]

_DOSSIER: dict[int | str, Any] = {
    200: {
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Dossier"}},  # as it is imported
            YAML: {"schema": {"type": "string"}},
        }
    }
}


def export_routes(exports: Exports) -> APIRouter:
    """Build every endpoint that exports."""
    parts = _lists(exports, CSV, "csv"), _lists(exports, XLSX, "xlsx"), _dossiers(exports)
    return joined(parts, "exports")


def _dossiers(exports: Exports) -> APIRouter:
    routes = APIRouter()

    @routes.get("/exports/dossier/{decree}", responses=_DOSSIER)
    async def dossier(_: Caller, when: AsOfQuery, decree: Id, format: Format = "json") -> Response:
        """Export a decree as a dossier: as it was issued, with the people who are posted now.

        Procedures are named by their keys: where it is imported, `tasks` must have adopted them.
        """
        content, position = await exports.dossier(decree, when)
        headers = standing(position, when)
        if format == "json":
            return json_response(content, headers=headers)
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
        return Response(text, headers=headers, media_type=YAML)

    return routes


def _lists(exports: Exports, media_type: str, suffix: str) -> APIRouter:
    routes = APIRouter()
    declared: dict[int | str, Any] = {
        200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}
    }

    @routes.get(f"/exports/missions.{suffix}", responses=declared, response_class=Response)
    async def missions(
        _: Caller, when: AsOfQuery, state: Filter = None, decree: Filter = None, names: Names = "en"
    ) -> Response:
        """Export missions as they are, as a list that can be imported."""
        rows, position = await exports.missions({"state": state, "decree": decree}, when)
        return await _file(f"missions.{suffix}", COLUMNS, rows, media_type, names, position, when)

    @routes.get(f"/exports/staff.{suffix}", responses=declared, response_class=Response)
    async def staff(
        reader: Caller,
        when: AsOfQuery,
        mission: Filter = None,
        category: Filter = None,
        authority: Filter = None,
        personal: Personal = "false",
        names: Names = "en",
    ) -> Response:
        """Export who is posted, as a list that can be imported; personal data only where it is asked for."""
        where = {"mission": mission, "category": category, "authority": authority}
        rows, position = await exports.staff(reader, where, personal == "true", when)
        columns = (*POSTING, *PERSONAL) if personal == "true" else POSTING
        return await _file(f"staff.{suffix}", columns, rows, media_type, names, position, when)

    return routes


async def _file(
    name: str,
    columns: tuple[Column, ...],
    rows: list[dict[str, str]],
    media_type: str,
    names: str,
    position: int,
    when: AsOf | None,
) -> Response:
    shown = tuple(column for column in columns if not column.ignored)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        **PRIVATE,
        **standing(position, when),
    }
    content = await asyncio.to_thread(write, shown, rows, media_type, names == "ar")
    return Response(content, headers=headers, media_type=media_type)
