"""What is told of read models and their rebuilds."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.web import AnswerModel


class Digested(AnswerModel):
    """How many states a generation had, and the digest over them in hex."""

    states: int
    digest: str


class Difference(AnswerModel):
    """A state that both generations tell otherwise, by their digests, and in which parts.

    Of a tally, whose key are the values that it counts, the numbers are told, and the part `count`.
    """

    key: str
    since: int = Field(alias="from")
    live: str | None
    rebuilt: str | None
    parts: list[str]


class ComparisonTold(AnswerModel):
    """How a read model compares with its rebuild, as of a position, and the first differences.

    `differing` counts states and tallies, `differing_tallies` tallies alone; the digests are over states.
    """

    as_of: int
    live: Digested
    rebuilt: Digested
    differing: int
    differing_tallies: int | None
    first: list[Difference]


class RebuildTold(AnswerModel):
    """A rebuild; `position` is how far its copy is folded, while it is under way."""

    id: UUID
    view: str
    version: int
    check: bool
    asked_by: str
    asked_at: AwareDatetime
    stage: Literal["waiting", "folding", "comparing", "switching", "ended"]
    position: int | None
    head: int
    compared: int
    comparison: ComparisonTold | None
    outcome: Literal["switched", "checked", "failed", "cancelled"] | None
    failure: str | None
    ended_at: AwareDatetime | None


class Behind(AnswerModel):
    """How far a read model is behind the log."""

    positions: int
    seconds: float


class ProjectionTold(AnswerModel):
    """A read model: how far it is folded, its rows, and its last rebuild."""

    name: str
    version: int
    state: Literal["live", "being-folded"]
    generation: int | None
    position: int
    head: int
    behind: Behind
    rows: int
    other_versions: list[int]
    rebuild: RebuildTold | None
