"""`Prefer: wait` (RFC 7240): a reader who waits until the service has come as far as he has seen already.

`Tanfidh-Position` names a position of this service's log, `Tanfidh-After` positions of those it takes in.
"""

import asyncio
import re
from contextlib import nullcontext

from shared.contracts.text import Text
from shared.web.context import context_of
from shared.web.horizon import Horizon
from shared.web.leaving import leaving_of
from shared.web.refusals import BadHeader, BadRequest
from shared.web.request import LimitedRequest

LONGEST = 30
"""Seconds; whoever prefers to wait longer waits so long."""

_SECONDS = re.compile(r'"?([0-9]{1,9})"?')
_POSITION = re.compile(r"[0-9]{1,18}")
_AFTER = re.compile(r"([a-z][a-z0-9-]{0,63})=([0-9]{1,18})")


class UnknownSource(BadRequest):
    """`Tanfidh-After` names a service whose events do not come here."""

    slug = "unknown-source"
    title = Text(en="Nothing comes from this service", ar="لا يصل شيء من هذه الخدمة")
    detail = Text(
        en="Tanfidh-After names {source}, whose events are not taken in here; known are: {known}.",
        ar="تذكر الترويسة Tanfidh-After الخدمة {source} التي لا تُستقبل أحداثها هنا؛ المعروفة: {known}.",
    )


def preferred_wait(value: str | None) -> float | None:
    """Read how many seconds Prefer asks to wait, None where it does not.

    What is not ours, or cannot be read, counts as none, and of several waits the first (RFC 7240, 2).
    """
    for preference in (value or "").split(","):
        name, _, seconds = preference.partition(";")[0].partition("=")
        if name.strip().lower() != "wait":
            continue
        match = _SECONDS.fullmatch(seconds.strip())
        return None if match is None else min(int(match[1]), LONGEST)
    return None


def seen_position(value: str | None) -> int | None:
    """Read Tanfidh-Position: a position of this service's log."""
    if value is None:
        return None
    if _POSITION.fullmatch(value.strip()) is None:
        expected = Text(en="a position, for example 277", ar="موضعًا في السجل، مثل 277")
        raise BadHeader(header="Tanfidh-Position", expected=expected)
    return int(value)


def seen_elsewhere(value: str | None) -> dict[str, int]:
    """Read Tanfidh-After: positions by service, for example ``registry=277, tasks=12``."""
    if value is None:
        return {}
    matches = [_AFTER.fullmatch(part.strip()) for part in value.split(",")]
    found = {match[1]: int(match[2]) for match in matches if match is not None}
    if len(found) < len(matches):
        expected = Text(
            en="positions by service, each once, for example registry=277, tasks=12",
            ar="مواضع بحسب الخدمة، كل منها مرة واحدة، مثل registry=277, tasks=12",
        )
        raise BadHeader(header="Tanfidh-After", expected=expected)
    return found


async def waited(request: LimitedRequest) -> bool:
    """Wait as the reader prefers; tell whether he did and it came so far in time. A process that ends lets
    nobody wait longer.

    Refuses headers that cannot be read, also where nobody waits, and lets nobody wait without a token.
    """
    seconds = preferred_wait(request.header(b"prefer"))
    position = seen_position(request.header(b"tanfidh-position"))
    elsewhere = seen_elsewhere(request.header(b"tanfidh-after"))
    if seconds is None:
        return False
    context = context_of(request)
    context.identity.authenticate(request.header(b"authorization"))
    for source in elsewhere:
        if source not in context.horizon.sources:
            known = ", ".join(sorted(context.horizon.sources)) or "—"
            raise UnknownSource(source=source, known=known)
    leaving = leaving_of(request.scope)
    try:
        async with asyncio.timeout(seconds) as wait:
            with leaving.shortens(wait) if leaving is not None else nullcontext():
                await _come_so_far(context.horizon, position, elsewhere)
    except TimeoutError:
        return False
    return True


async def _come_so_far(horizon: Horizon, position: int | None, elsewhere: dict[str, int]) -> None:
    wanted = await horizon.head() if position is None else position
    if elsewhere:
        await asyncio.gather(*(horizon.taken_in(source, upto) for source, upto in elsewhere.items()))
        wanted = max(wanted, await horizon.head())
    await horizon.folded(wanted)
