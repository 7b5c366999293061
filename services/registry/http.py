"""The endpoints of the registry: parse, call, render."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.registry.answers.imports import DepartmentsImported, DossierForeseen, DossierImported
from services.registry.answers.measures import MeasureStands
from services.registry.application import Registry
from services.registry.bodies import (
    AssessmentBody,
    ExecutionBody,
    Id,
    IdentificationBody,
)
from services.registry.http_decrees import decrees
from services.registry.http_departments import departments
from services.registry.http_handovers import handovers
from services.registry.http_missions import missions
from services.registry.http_reads import reads
from services.registry.http_staff import staff
from shared.contracts.identity import Token
from shared.dossier.form import Day, DepartmentsForm, Dossier
from shared.web import Caller, Instruct, Said, answered, json_response
from shared.web.joining import joined

DOSSIER_LIMIT = 4_000_000
"""Bytes of a dossier: ten thousand postings fit."""

FoundOn = Annotated[
    Day | None,
    Query(
        description="The announcement of the decree that finds them, which has come: they are of that day."
    ),
]

SentAlong = Annotated[
    tuple[Token, ...],
    Query(
        max_length=50,
        description="Procedures that are sent along, to `tasks`: they need not be adopted yet.",
    ),
]


def router(registry: Registry) -> APIRouter:
    """Build every endpoint of the service."""
    commands = (_imports, decrees, _measures, missions, handovers, departments, staff)
    return joined((*(part(registry) for part in commands), reads(registry.inquiries)))


def _imports(registry: Registry) -> APIRouter:
    routes = APIRouter(tags=["imports"])

    @routes.post("/imports", response_model=DossierImported, max_body_size=DOSSIER_LIMIT)
    async def import_dossier(by: Instruct, body: Dossier) -> Response:
        """Import a dossier; repeating it changes nothing."""
        return json_response(await registry.imports.dossier(by, body))

    @routes.post("/imports/check", response_model=DossierForeseen, max_body_size=DOSSIER_LIMIT)
    async def check_dossier(
        reader: Caller, said: Said, body: Dossier, sent_along: SentAlong = ()
    ) -> Response:
        """Tell every problem of a dossier, and what importing it would do now; store nothing."""
        return json_response(await registry.imports.check(reader, body, said, sent_along))

    @routes.post("/imports/departments", response_model=DepartmentsImported)
    async def import_departments(by: Instruct, body: DepartmentsForm, found_on: FoundOn = None) -> Response:
        """Register departments; repeating it changes nothing."""
        return json_response(await registry.imports.departments(by, body, found_on))

    return routes


def _measures(registry: Registry) -> APIRouter:
    routes = APIRouter(tags=["measures"])

    @routes.post("/measures/{measure}/order", response_model=MeasureStands)
    async def order(by: Instruct, measure: Id) -> Response:
        """Order a measure, or block it with the reason."""
        return answered(await registry.measures.order(by, measure))

    @routes.post("/measures/{measure}/identify", response_model=MeasureStands)
    async def identify(by: Instruct, measure: Id, body: IdentificationBody) -> Response:
        """Name what the row left unknown, with its source."""
        outcome = await registry.measures.identify(
            by, measure, body.mission, body.receiver, body.confidence, body.source, body.target
        )
        return answered(outcome)

    @routes.post("/measures/{measure}/assess", response_model=MeasureStands)
    async def assess(by: Instruct, measure: Id, body: AssessmentBody) -> Response:
        """Say whether law and custom let a measure be carried out; doubt warns and stops nothing."""
        return answered(await registry.measures.assess(by, measure, body.feasibility, body.note))

    @routes.post("/measures/{measure}/execute", response_model=MeasureStands)
    async def execute(by: Instruct, measure: Id, body: ExecutionBody) -> Response:
        """Declare a measure executed that closes no mission."""
        return answered(await registry.measures.execute(by, measure, body.evidence))

    return routes
