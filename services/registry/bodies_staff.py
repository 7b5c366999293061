"""The bodies that the endpoints of postings read; unknown fields are refused."""

from services.registry.bodies import Reference
from shared.contracts.identity import Token
from shared.contracts.registry import Provenance
from shared.dossier.form import Day
from shared.web import RequestModel


class PostingBody(RequestModel):
    """A posting; `authority` (a department's key) is the one competent for the category."""

    mission: Token
    category: Token
    authority: Token
    provenance: Provenance = Provenance.SOURCED


class OutcomeBody(RequestModel):
    """The end of a posting by decision of the competent authority."""

    by: Token
    reference: Reference | None = None


class ReassignmentBody(OutcomeBody):
    """The end of a posting by another one."""

    mission: Token


class ExtensionBody(RequestModel):
    """The later last day of a posting, by decision of the competent authority."""

    by: Token
    until: Day
    reference: Reference
