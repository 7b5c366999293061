"""The bodies that the endpoints of decrees read; unknown fields are refused."""

from typing import Annotated

from pydantic import Field, model_validator

from services.registry.amending import Amendment, ChangedRow, NewArticle, NewRow
from services.registry.bodies import Reference
from shared.contracts.identity import Token
from shared.contracts.reason import Reason
from shared.contracts.registry import Confidence, Feasibility, HoldCondition, MeasureKind, Target
from shared.contracts.text import Text, WrongValue
from shared.dossier.form import Day
from shared.web import RequestModel

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class HoldBody(RequestModel):
    """A hold on a decree, or on one article or measure of it, by an authority (a department's key)."""

    hold: Token
    by: Token
    reason: Text
    conditions: tuple[HoldCondition, ...] = Field(default=(), max_length=50)
    article: Token | None = None
    measure: Token | None = None


class MetBody(RequestModel):
    """How a condition of a hold was met."""

    key: Token
    evidence: tuple[Reference, ...] = Field(max_length=50)


class LiftBody(RequestModel):
    """Evidence for every condition of the hold."""

    reason: Text
    met: tuple[MetBody, ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _each_once(self) -> "LiftBody":
        if len(self.evidence) < len(self.met):
            raise WrongValue(en="give the evidence for a condition once", ar="اذكر إثبات كل شرط مرة واحدة")
        return self

    @property
    def evidence(self) -> dict[str, tuple[Reference, ...]]:
        """The evidence by the condition for which it is."""
        return {condition.key: condition.evidence for condition in self.met}


class FulfilmentBody(RequestModel):
    """What shows that a condition of a hold is fulfilled."""

    evidence: tuple[Reference, ...] = Field(min_length=1, max_length=50)


class WaiverBody(RequestModel):
    """Why the holder does without a condition."""

    reason: Reason


class ReportBody(RequestModel):
    """The final report: its letter number, and the SHA-256 of the document in hex."""

    reference: Reference
    sha256: Sha256


class ReturnBody(RequestModel):
    """Why the final report goes back."""

    reason: Reason


class RemovalBody(RequestModel):
    """The decision to remove a decree from control."""

    reference: Reference | None = None


class LaterDecreeBody(RequestModel):
    """The later decree, by its id, and the day from which it counts.

    `despite` names the holds of that day in spite of which it was enacted.
    """

    by: Token
    on: Day
    despite: tuple[Token, ...] = Field(default=(), max_length=50)


class ArticleBody(RequestModel):
    """An article and its text."""

    article: Token
    text: Text


class NewRowBody(RequestModel):
    """A row that is added; what no source tells is null."""

    article: Token
    row: int = Field(ge=1, le=999)
    kind: MeasureKind
    mission: Token | None
    receiver: Token | None = None
    target: Target | None = None
    feasibility: Feasibility = Feasibility.NOT_ASSESSED
    confidence: Confidence
    note: Text | None = None


class ChangedRowBody(RequestModel):
    """A row that says something else; what is not named stays as it is."""

    measure: Token
    mission: Token | None = None
    receiver: Token | None = None
    target: Target | None = None
    note: Text | None = None


class AmendmentBody(LaterDecreeBody):
    """What a later decree changes."""

    changed: tuple[ArticleBody, ...] = Field(default=(), max_length=500)
    added: tuple[ArticleBody, ...] = Field(default=(), max_length=500)
    dropped: tuple[Token, ...] = Field(default=(), max_length=500)
    rows_added: tuple[NewRowBody, ...] = Field(default=(), max_length=999)
    rows_changed: tuple[ChangedRowBody, ...] = Field(default=(), max_length=999)
    rows_dropped: tuple[Token, ...] = Field(default=(), max_length=999)

    def amendment(self) -> Amendment:
        """What it wants, in the words of the domain."""
        return Amendment(
            by=self.by,
            on=self.on,
            changed=tuple(NewArticle(one.article, one.text) for one in self.changed),
            added=tuple(NewArticle(one.article, one.text) for one in self.added),
            dropped=self.dropped,
            rows_added=tuple(NewRow(**dict(row)) for row in self.rows_added),
            rows_changed=tuple(ChangedRow(**dict(row)) for row in self.rows_changed),
            rows_dropped=self.rows_dropped,
            despite=self.despite,
        )
