"""What read models refuse, and what it looks like when PostgreSQL is away."""

import asyncpg

from shared.contracts.text import Text
from shared.domain.refusal import Conflicting, Refusal

DOWN = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InternalClientError,  # what its pool says when it takes back a connection that broke off
)
"""PostgreSQL is away, starting, stopping or full."""


def is_down(error: BaseException) -> bool:
    """Whether PostgreSQL is away; a value that cannot be sent asyncpg calls the same, and it is not."""
    return isinstance(error, DOWN) and not isinstance(error, ValueError)


def is_full(error: BaseException) -> bool:
    """Whether PostgreSQL has no room, on its disk or in memory: it passes only if somebody sees to it."""
    too_many = isinstance(error, asyncpg.TooManyConnectionsError)
    return isinstance(error, asyncpg.InsufficientResourcesError) and not too_many


class Lost(Exception):
    """What was worked on is no longer ours: it was retired or cancelled, or somebody else goes on with it."""


class ViewUnfolded(Refusal):
    """The view is not folded so far that it could answer; what there is of it would be wrong."""

    slug = "view-being-folded"
    status = 503
    title = Text(en="The view is being folded", ar="العرض قيد البناء")
    detail = Text(
        en="The view {view} is being folded from the log and does not answer yet: ask again.",
        ar="العرض {view} قيد البناء من السجل ولا يجيب بعد: أعد السؤال.",
    )


class SteppedBack(Exception):
    """PostgreSQL crashed and lost what was folded last: the view stands before where it was said to stand."""

    def __init__(self, folded: int) -> None:
        super().__init__(f"folded up to {folded} only")
        self.folded = folded


class RebuildUnderWay(Conflicting):
    """The view is being rebuilt already."""

    slug = "rebuild-under-way"
    title = Text(en="A rebuild is under way", ar="إعادة البناء جارية")
    detail = Text(
        en="The view {view} is being rebuilt already ({stage}), asked for by {asked_by}.",
        ar="تجري إعادة بناء العرض {view} بالفعل ({stage})، بطلب من {asked_by}.",
    )
