"""The bodies and parameters that the registry's endpoints read; unknown fields are refused."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from shared.contracts.identity import TOKEN_PATTERN, Token
from shared.contracts.registry import Confidence, HoldCondition, MetCondition, Provenance
from shared.contracts.text import Text
from shared.dossier.form import Day
from shared.web import RequestModel

Id = Annotated[str, Path(pattern=TOKEN_PATTERN)]
"""An identifier in a path."""

Filter = Annotated[str | None, Query(pattern=TOKEN_PATTERN)]
"""A filter of a list: an identifier, or nothing."""

Reference = Annotated[str, Field(min_length=1, max_length=200)]
"""A letter number, or another reference that finds a document again."""


class HoldBody(RequestModel):
    """A hold on a decree, or on one article or measure of it, by an authority (a department's key)."""

    hold: Token
    by: Token
    reason: Text
    conditions: tuple[HoldCondition, ...] = Field(default=(), max_length=50)
    article: Token | None = None
    measure: Token | None = None


class LiftBody(RequestModel):
    """Evidence for every condition of the hold."""

    reason: Text
    met: tuple[MetCondition, ...] = Field(default=(), max_length=50)


class IdentificationBody(RequestModel):
    """What a row left unknown, and the source that tells it."""

    mission: Token | None = None
    receiver: Token | None = None
    confidence: Confidence
    source: Reference


class ExecutionBody(RequestModel):
    """What shows that a measure is executed."""

    evidence: tuple[Reference, ...] = Field(min_length=1, max_length=50)


class DatesBody(RequestModel):
    """The day on which a mission closes to the public, and its official closing date T."""

    public_on: Day
    official_on: Day


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
