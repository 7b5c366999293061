"""The endpoints of documents: registered, found by letter number, read with their bytes, withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.registry.answers.documents import DocumentRow, DocumentStands, Letter
from services.registry.application import Registry
from services.registry.application.documents import Documents
from services.registry.bodies import Filter, Id
from services.registry.bodies_documents import DocumentBody, WithdrawalBody
from services.registry.inquiries import RegistryInquiries
from shared.contracts.registry import DocumentKind
from shared.documents.routes import BYTES, attachment
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, answered
from shared.web.joining import joined

Number = Annotated[str | None, Query(min_length=1, max_length=64)]
"""A letter number, or how it begins; a filter of a list."""


def documents(registry: Registry, asked: Documents) -> APIRouter:
    """Build every endpoint of documents."""
    return joined((_asked(registry, asked), _reads(registry.inquiries)), "documents")


def _asked(registry: Registry, asked: Documents) -> APIRouter:
    routes = APIRouter()

    @routes.put("/documents/{document}", response_model=DocumentStands)
    async def register(by: Instruct, document: Id, body: DocumentBody) -> Response:
        """Register a document; its bytes are sent before, with PUT /contents/{sha256}."""
        return answered(await asked.register(by, document, body.sha256, body.described))

    @routes.post("/documents/{document}/withdraw", response_model=DocumentStands)
    async def withdraw(by: Instruct, document: Id, body: WithdrawalBody) -> Response:
        """Let a document count no longer; it stays, with its bytes."""
        return answered(await asked.withdraw(by, document, body.reason, body.reference))

    @routes.get(
        "/documents/{document}/content",
        response_class=Response,
        responses={200: {"description": "The bytes.", "content": BYTES}},
    )
    async def content(reader: Caller, document: Id) -> Response:
        """Get the bytes of a document, checked against their digest."""
        return attachment(*await asked.content(reader, document))

    return routes


def _reads(inquiries: RegistryInquiries) -> APIRouter:
    routes = APIRouter()

    @routes.get("/documents", response_model=Items[DocumentRow])
    async def listed(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        state: Filter = None,
        document_kind: DocumentKind | None = None,
        incoming: Number = None,
        outgoing: Number = None,
        decree: Filter = None,
        mission: Filter = None,
        sha256: Filter = None,
    ) -> Response:
        """List documents, filtered by what is given; letter numbers exactly as they were registered."""
        where: dict[str, str | None] = {
            "state": state,
            "document_kind": document_kind,
            "incoming": incoming,
            "outgoing": outgoing,
            "decree": decree,
            "mission": mission,
            "sha256": sha256,
        }
        return await inquiries.listed("documents", query, where, when)

    @routes.get("/documents/{document}", response_model=DocumentRow)
    async def document(_: Caller, when: AsOfQuery, document: Id) -> Response:
        """Read a document."""
        return await inquiries.item("documents", document, when)

    @routes.get("/letters", response_model=Items[Letter])
    async def letters(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        begins: Annotated[str, Query(min_length=1, max_length=64, pattern=r"^\S+$")],
    ) -> Response:
        """Find documents by how their letter numbers begin, incoming or outgoing, in any case of letters."""
        return await inquiries.letters(query, begins, when)

    return routes
