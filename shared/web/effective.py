"""`effective_at`: a moment by the clock of law and fact, for the facts that are named as answering by it."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from shared.contracts.text import Text
from shared.web.as_of import BadAsOf, read_as_of
from shared.web.refusals import BadRequest


class BadEffectiveAt(BadRequest):
    """`effective_at` is neither a moment nor a date."""

    slug = "bad-effective-at"
    title = Text(en="effective_at cannot be read", ar="تعذّرت قراءة effective_at")
    detail = Text(
        en="effective_at must be a moment of RFC 3339 with its offset, for example 2025-05-05T10:00:00Z, or "
        "a date, which counts to its end in UTC.",
        ar="يجب أن تكون effective_at وقتًا بصيغة RFC 3339 مع فرق التوقيت، مثل 2025-05-05T10:00:00Z، أو "
        "تاريخًا يُحسب إلى نهايته بالتوقيت العالمي.",
    )


async def effective_at_asked(
    effective_at: Annotated[
        str | None,
        Query(
            max_length=64,
            description="Answer with what was so in law or fact then, as it is known now (or as of the other "
            "clock, with as_of): an RFC 3339 moment or a date (to its end in UTC).",
            examples=["2025-05-05T10:00:00+02:00", "2025-05-05"],
        ),
    ] = None,
) -> datetime | None:
    """Read the moment at which a reader asks what was so; None where he does not ask."""
    if effective_at is None:
        return None
    try:
        moment = read_as_of(effective_at)
    except BadAsOf as error:
        raise BadEffectiveAt() from error
    if isinstance(moment, int):
        raise BadEffectiveAt()
    return moment


EffectiveQuery = Annotated[datetime | None, Depends(effective_at_asked)]
"""The moment in law or fact that is asked about, or None."""
