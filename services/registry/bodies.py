"""The bodies and parameters that the registry's endpoints read; unknown fields are refused.

Reasons are free text and are published as they are: no personal data belongs in them.
"""

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import Field

from shared.contracts.identity import TOKEN_PATTERN, Token
from shared.contracts.registry import Confidence, Feasibility, Target
from shared.contracts.text import Text
from shared.dossier.form import STAFF_PATTERN
from shared.web import RequestModel

Id = Annotated[str, Path(pattern=TOKEN_PATTERN)]
"""An identifier in a path."""

Filter = Annotated[str | None, Query(pattern=TOKEN_PATTERN)]
"""A filter of a list: an identifier, or nothing."""

YesNo = Literal["true", "false"] | None
"""A filter of a list by whether something is so, or nothing."""

StaffId = Annotated[str, Path(pattern=STAFF_PATTERN)]
"""The random id of a person in a path."""

Reference = Annotated[str, Field(max_length=64, pattern=r"^[\p{L}\p{Nd}/.\-]*\p{Nd}[\p{L}\p{Nd}/.\-]*$")]
"""The number of a letter or decision: letters, digits, ``/ . -``, at least one digit, no space.

References are public for good, so that they have no room for names.
"""


class IdentificationBody(RequestModel):
    """What a row left unknown, and the source that tells it."""

    mission: Token | None = None
    receiver: Token | None = None
    target: Target | None = None
    confidence: Confidence
    source: Reference


class AssessmentBody(RequestModel):
    """Whether law and custom let a measure be carried out, and why that is said."""

    feasibility: Feasibility
    note: Text


class ExecutionBody(RequestModel):
    """What shows that a measure is executed."""

    evidence: tuple[Reference, ...] = Field(min_length=1, max_length=50)
