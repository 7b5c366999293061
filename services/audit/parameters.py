"""The parameters that audit's endpoints read."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query
from pydantic import AfterValidator, AwareDatetime

from services.audit.owners import FILED
from services.audit.trail.asked import Asked
from shared.contracts.identity import TOKEN_PATTERN
from shared.contracts.text import Text, WrongValue
from shared.web.refusals import BadRequest

_TOKEN = TOKEN_PATTERN.strip("^$")
FIRST_YEAR, LAST_YEAR = 1900, 9000


class NoOrder(BadRequest):
    """The trail is asked for in an order that it does not have."""

    slug = "no-such-order"
    title = Text(en="No such order", ar="ترتيب غير معروف")
    detail = Text(
        en="order is asc (the oldest first) or desc (the newest first).",
        ar="قيمة order هي asc (الأقدم أولًا) أو desc (الأحدث أولًا).",
    )


class NoSuchService(BadRequest):
    """The trail is asked for events of a service that files none."""

    slug = "no-such-service"
    title = Text(en="No such service", ar="خدمة غير معروفة")
    detail = Text(
        en="There is no service {service} whose events are filed; known are: {known}.",
        ar="لا توجد خدمة باسم {service} تُحفظ أحداثها؛ المعروفة: {known}.",
    )


def _within_years(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise WrongValue(
            en=f"the year must be between {FIRST_YEAR} and {LAST_YEAR}",
            ar=f"يجب أن تقع السنة بين {FIRST_YEAR} و{LAST_YEAR}",
        )
    return moment.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_within_years)]
"""A moment with its time zone, in UTC."""

Id = Annotated[str, Path(pattern=TOKEN_PATTERN)]
"""An identifier in a path."""

EventId = Annotated[UUID, Path()]
"""The id of an event."""

Key = Annotated[str | None, Query(pattern=TOKEN_PATTERN)]
"""A query key: an identifier, or nothing."""

Stream = Annotated[
    str | None, Query(pattern=rf"^{_TOKEN}\.{_TOKEN}$", description="An aggregate, as `mission.emb-va`.")
]
Type = Annotated[
    str | None,
    Query(
        pattern=rf"^{_TOKEN}\.(\*|{_TOKEN}\.(\*|{_TOKEN}))$",
        description="An event type, as `tasks.deadline.missed`, or its beginning, as `tasks.deadline.*`.",
    ),
]
Subject = Annotated[str | None, Query(min_length=1, max_length=256, description="Who acted, by its subject.")]
Correlation = Annotated[UUID | None, Query(description="The command with which a chain began.")]
Causation = Annotated[UUID | None, Query(description="The event that was reacted to.")]
Begin = Annotated[Instant | None, Query(alias="from", description="Recorded at this moment or later.")]
End = Annotated[Instant | None, Query(alias="to", description="Recorded before this moment.")]


class Wanted:
    """What the trail is asked for, with types still as they were wanted."""

    def __init__(self, asked: Asked, types: tuple[str, ...]) -> None:
        self.asked = asked
        self.types = types


async def wanted(
    decree: Key = None,
    article: Key = None,
    measure: Key = None,
    mission: Key = None,
    staff: Key = None,
    task: Key = None,
    plan: Key = None,
    department: Key = None,
    stream: Stream = None,
    actor: Subject = None,
    correlation: Correlation = None,
    causation: Causation = None,
    type: Type = None,
    service: Key = None,
    begin: Begin = None,
    end: End = None,
    order: Annotated[str, Query(description="asc or desc.")] = "asc",
) -> Wanted:
    """Read which events are asked for."""
    if order not in ("asc", "desc"):
        raise NoOrder()
    if service is not None and service not in FILED:
        raise NoSuchService(service=service, known=", ".join(FILED))
    given: dict[str, object | None] = {
        "decree": decree,
        "article": article,
        "measure": measure,
        "mission": mission,
        "staff": staff,
        "task": task,
        "plan": plan,
        "department": department,
        "stream": stream,
        "actor": actor,
        "correlation": correlation,
        "causation": causation,
    }
    filters = {name: value for name, value in given.items() if value is not None}
    types = tuple(each for each in (type, service and f"{service}.*") if each)
    return Wanted(Asked(filters, None, begin, end, descending=order == "desc"), types)


WantedQuery = Annotated[Wanted, Depends(wanted)]
"""The events that are asked for."""
