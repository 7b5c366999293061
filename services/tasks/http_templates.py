"""The endpoints of procedures: their versions, and what differs between two of them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.tasks.answers.templates import Adopted, TemplateDifference, TemplateRow, TemplateVersionRow
from services.tasks.application import Tasks
from services.tasks.requests import Adoption, Id
from shared.service.answers import EventTold
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, answered

Version = Annotated[int, Path(ge=1, le=1_000_000)]
Earlier = Annotated[int | None, Query(alias="from", ge=1, le=1_000_000)]


def templates(tasks: Tasks) -> APIRouter:
    """Build the endpoints of procedures."""
    routes, inquiries = APIRouter(tags=["declarations"]), tasks.inquiries

    @routes.post("/templates/{template}", response_model=Adopted, status_code=201)
    async def adopt(by: Instruct, template: Id, body: Adoption) -> Response:
        """Adopt the next version of a procedure; what is read of one can be sent again, under a new label."""
        return answered(await tasks.adopt_template(by, template, body))

    @routes.get("/templates", response_model=Items[TemplateRow])
    async def listed(_: Caller, query: PageQuery, when: AsOfQuery) -> Response:
        """List procedures, each in its newest version."""
        return await inquiries.listed("templates", query, {}, when)

    @routes.get("/templates/{template}", response_model=TemplateRow)
    async def template(_: Caller, when: AsOfQuery, template: Id) -> Response:
        """Read the newest version of a procedure."""
        return await inquiries.item("templates", template, when)

    @routes.get("/templates/{template}/versions", response_model=Items[TemplateVersionRow])
    async def versions(_: Caller, query: PageQuery, when: AsOfQuery, template: Id) -> Response:
        """List the versions of a procedure, the oldest first."""
        return await inquiries.listed("template_versions", query, {"template": template}, when)

    @routes.get("/templates/{template}/versions/{version}", response_model=EventTold)
    async def version(_: Caller, when: AsOfQuery, template: Id, version: Version) -> Response:
        """Read a version of a procedure as it was adopted."""
        return await inquiries.declared_version("template", template, version, when)

    @routes.get("/templates/{template}/versions/{version}/difference", response_model=TemplateDifference)
    async def difference(
        _: Caller, when: AsOfQuery, template: Id, version: Version, earlier: Earlier = None
    ) -> Response:
        """Tell what a version has otherwise than another: than the one before it, where none is named."""
        return await inquiries.template_difference(template, earlier, version, when)

    return routes
