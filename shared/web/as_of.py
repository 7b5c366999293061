"""`as_of`: a moment, a date or a position of the log, everything up to which counts and nothing after it."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Depends, Query

from shared.contracts.text import Text
from shared.web.context import context_of
from shared.web.headers import DATE, rfc3339_moment
from shared.web.horizon import AsOf
from shared.web.refusals import BadRequest
from shared.web.request import LimitedRequest

_POSITION = re.compile(r"[0-9]{1,18}")
_PLUS_LOST = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")
"""A query turns an unescaped plus sign into a space, which can stand nowhere else in a moment."""


class BadAsOf(BadRequest):
    """`as_of` is neither a moment nor a date nor a position."""

    slug = "bad-as-of"
    title = Text(en="as_of cannot be read", ar="تعذّرت قراءة as_of")
    detail = Text(
        en="as_of must be a moment of RFC 3339 with its offset, for example 2025-05-05T10:00:00Z, a date, "
        "which counts to its end in UTC, or a position of the log.",
        ar="يجب أن تكون as_of وقتًا بصيغة RFC 3339 مع فرق التوقيت، مثل 2025-05-05T10:00:00Z، أو تاريخًا "
        "يُحسب إلى نهايته بالتوقيت العالمي، أو موضعًا في السجل.",
    )


class EffectiveAtNotAnswered(BadRequest):
    """A question by the clock of law and fact, which only named facts answer."""

    slug = "effective-at-not-answered"
    title = Text(en="Not answered by effective date", ar="لا جواب بحسب تاريخ النفاذ")
    detail = Text(
        en="There are two clocks. What was recorded by a moment is asked with as_of. When it was so in law "
        "or fact is told with each event (effective_at in its history); this here is not answered by it. "
        "A command says it in the header Tanfidh-Effective-At.",
        ar="هناك ساعتان. ما كان مسجلًا حتى وقت ما يُسأل عنه بالمعامل as_of. أما وقت النفاذ قانونًا أو واقعًا "
        "فيُذكر مع كل حدث (effective_at في تاريخه)، ولا يُجاب عن هذا بحسبه. "
        "ويذكره الأمر في الترويسة Tanfidh-Effective-At.",
    )


def read_as_of(value: str) -> int | datetime:
    """Read a position, or the last moment that counts; refuse what is neither."""
    if _POSITION.fullmatch(value):
        return int(value)
    try:
        if DATE.fullmatch(value):
            return datetime.combine(date.fromisoformat(value), time.max, UTC)
        return rfc3339_moment(_PLUS_LOST.sub("+", value))
    except ValueError as error:
        raise BadAsOf() from error


async def as_of_asked(
    request: LimitedRequest,
    as_of: Annotated[
        str | None,
        Query(
            max_length=64,
            description="Answer with what was recorded by then: an RFC 3339 moment, a date (to its end in "
            "UTC) or a position of the log.",
            examples=["2025-05-05T10:00:00+02:00", "2025-05-05", "277"],
        ),
    ] = None,
) -> AsOf | None:
    """Resolve what a reader asks as of; None where he asks for what is now."""
    return None if as_of is None else await context_of(request).horizon.resolve(read_as_of(as_of))


AsOfQuery = Annotated[AsOf | None, Depends(as_of_asked)]
"""The position as of which is asked, or None for now."""
