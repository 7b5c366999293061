"""Whether the process lives, and whether it can serve."""

from asyncio import gather, timeout
from collections.abc import Awaitable, Callable, Mapping

import structlog

from shared.contracts.text import Text
from shared.web.refusals import WebRefusal

Check = Callable[[], Awaitable[str | None]]
"""Returns None when all is well, or says what is not; an exception counts as not well."""

PATIENCE_S = 2.0
"""How long one check may take."""

log = structlog.get_logger("web")


class NotReady(WebRefusal):
    """The service, or an engine that it needs, is not ready."""

    slug = "not-ready"
    status = 503
    title = Text(en="Not ready", ar="غير جاهز")
    detail = Text(en="Not ready: {waiting}.", ar="غير جاهز: {waiting}.")


async def _ask(name: str, check: Check) -> str | None:
    try:
        async with timeout(PATIENCE_S):
            return await check()
    except TimeoutError:
        return f"no answer within {PATIENCE_S:g} s"
    except Exception as error:
        log.warning("check.failed", check=name, exc_info=error)
        return type(error).__name__


async def readiness(checks: Mapping[str, Check]) -> dict[str, str]:
    """Ask every check at once: each name with ``ok``; refuse as not ready with what is wrong."""
    answers = await gather(*(_ask(name, check) for name, check in checks.items()))
    told = {name: answer or "ok" for name, answer in zip(checks, answers, strict=True)}
    waiting = [name for name, answer in zip(checks, answers, strict=True) if answer is not None]
    if waiting:
        raise NotReady(waiting=", ".join(waiting), checks=told)
    return told
