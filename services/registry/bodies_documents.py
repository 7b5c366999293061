"""The bodies that the endpoints of documents read; unknown fields are refused."""

from typing import Annotated

from pydantic import Field

from services.registry.bodies import Reference
from services.registry.bodies_missions import ReferenceBody
from shared.contracts.identity import Token
from shared.contracts.reason import Reason
from shared.contracts.registry import DocumentKind, DocumentRegistered
from shared.contracts.text import Text
from shared.documents import Described
from shared.dossier.form import Day
from shared.web import RequestModel


class DocumentBody(RequestModel):
    """A document whose bytes were sent before; title and sender are published: offices, and no people."""

    document_kind: DocumentKind
    title: Text
    sender: Text
    dated: Day
    incoming: Reference | None = None
    outgoing: Reference | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    decree: Token | None = None
    mission: Token | None = None

    def described(self, content: Described) -> DocumentRegistered:
        """The document, with what its bytes are."""
        told = {name: getattr(self, name) for name in type(self).model_fields}
        return DocumentRegistered(**told, size=content.size, media_type=content.media_type)


class WithdrawalBody(ReferenceBody):
    """Why a document counts no longer; the reason is published as it is."""

    reason: Reason
