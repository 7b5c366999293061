"""The bodies that this service's endpoints read; unknown fields are refused."""

from typing import Annotated, Literal

from fastapi import Depends, Path, Query
from pydantic import AwareDatetime, Field

from services.tasks.template import TemplateProposal
from shared.contracts.identity import TOKEN_PATTERN, Token
from shared.contracts.reason import WrittenReason
from shared.contracts.tasks import Evidence
from shared.dossier.form import Day
from shared.web import RequestModel

Id = Annotated[str, Path(pattern=TOKEN_PATTERN)]
"""An identifier in a path."""

Extendable = Annotated[str, Path(pattern=TOKEN_PATTERN, max_length=60)]
"""A task's identifier in a path, with room left for the numbers of its extensions: ``-x1``, ``-x2`` …"""

Filter = Annotated[str | None, Query(pattern=TOKEN_PATTERN)]
"""A filter of a list: an identifier, or nothing."""

Scope = dict[str, str | None]
"""What a list is about, by the names of its filters."""


async def about(
    decree: Filter = None, measure: Filter = None, mission: Filter = None, department: Filter = None
) -> Scope:
    """Read the filters of every list that hangs on tasks."""
    return {"decree": decree, "measure": measure, "mission": mission, "department": department}


About = Annotated[Scope, Depends(about)]
"""Of which decree, measure, mission and department."""

Missed = Literal["true", "false"] | None
"""A filter of a list: whether any due day was missed, or nothing."""

Subject = Annotated[str, Field(pattern=r"^[A-Za-z0-9:_-]{1,64}$")]
"""The subject of somebody's token: the pseudonym that `shared/web` takes, since events are public."""

Reason = WrittenReason
"""Why something is done: words, not blanks alone."""


class Assignment(RequestModel):
    """Who gets a task: what is left out stays as it is, but for the assignee."""

    lead: Token | None = None
    co_executors: tuple[Token, ...] | None = Field(default=None, max_length=50)
    assignee: Subject | None = None


class Adoption(TemplateProposal):
    """A proposal, or a procedure as it was read: name, version and `adopted_at` then say nothing new."""

    template: Token | None = None
    version: int | None = Field(default=None, ge=1)
    adopted_at: AwareDatetime | None = None


class Documents(RequestModel):
    """Documents to attach: at least one. Where their bytes `must_be_stored`, they were sent here before."""

    evidence: tuple[Evidence, ...] = Field(min_length=1, max_length=50)
    must_be_stored: bool = False


class Submission(RequestModel):
    """Work that is handed in; a document may follow before acceptance."""

    evidence: tuple[Evidence, ...] = Field(default=(), max_length=50)
    must_be_stored: bool = False


class Acceptance(RequestModel):
    """Acceptance; a waiver says why parts of co-executors that are missing are done without."""

    waiver: Reason | None = None


class Part(RequestModel):
    """Whether a co-executor's part is done; without a department it is that of whoever says so."""

    done: bool = True
    department: Token | None = None


class Comment(RequestModel):
    """What is said about a task; it is published as it is, so that nothing personal belongs in it."""

    text: Reason


class Refused(RequestModel):
    """Why a task is returned or cancelled, or more time is refused."""

    reason: Reason


class MoreTime(RequestModel):
    """A request for time until a day, with its reason."""

    until: Day
    reason: Reason


class Granting(RequestModel):
    """Time that is granted: until the day that was asked for where no other is named."""

    until: Day | None = None
    reason: Reason
