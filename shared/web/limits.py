"""The outer gate: what no endpoint has to see, and the last resort when something fails.

Pure ASGI; it reads no body: endpoints read theirs within a limit, and where one stopped early the
connection is closed with the answer.
"""

import re
from asyncio import CancelledError
from contextvars import ContextVar
from itertools import chain
from urllib.parse import unquote_to_bytes

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.contracts.text import Text
from shared.domain.refusal import Refusal
from shared.eventstore.errors import StoreNotRead
from shared.eventstore.line import is_away
from shared.web.leaving import ShuttingDown, is_leaving
from shared.web.problems import problem
from shared.web.refusals import BadRequest, WebRefusal
from shared.web.unread import may_still_come

PATH_LIMIT = 4_000
"""Bytes of path and query: the longest name is 64 characters, the longest cursor 1,024."""

HEADERS_LIMIT = 32_000
"""Bytes of all header names and values."""

CLOSE = (b"connection", b"close")

REQUEST: ContextVar[Scope | None] = ContextVar("request", default=None)
"""The request being answered; logging takes its correlation from it only when a line is written."""

_FORBIDDEN = re.compile("[\x00-\x1f\x7f]")

log = structlog.get_logger("web")


class BadPath(BadRequest):
    """The path holds bytes that no name here can have."""

    slug = "bad-path"
    title = Text(en="The path cannot be read", ar="تعذّرت قراءة المسار")
    detail = Text(
        en="The path or query holds control characters or bytes that are not UTF-8.",
        ar="يحتوي المسار أو الاستعلام على محارف تحكم أو بايتات ليست UTF-8.",
    )


class PathTooLong(WebRefusal):
    """The path is longer than any name here can be."""

    slug = "path-too-long"
    status = 414
    title = Text(en="Address too long", ar="العنوان طويل جدًا")
    detail = Text(en="The path and query have more than {limit} bytes.", ar="يتجاوز العنوان {limit} بايت.")


class HeadersTooLarge(WebRefusal):
    """The headers are larger than anything that is asked for."""

    slug = "headers-too-large"
    status = 431
    title = Text(en="Headers too large", ar="الترويسات كبيرة جدًا")
    detail = Text(en="The headers have more than {limit} bytes.", ar="تتجاوز الترويسات {limit} بايت.")


class InternalFault(WebRefusal):
    """A fault of the service; the log has it under the correlation id."""

    slug = "internal-fault"
    status = 500
    title = Text(en="The service failed", ar="حدث خلل في الخدمة")
    detail = Text(
        en="The fault is on our side and has been logged. Repeat a command with the same Idempotency-Key.",
        ar="الخلل من جهتنا وقد سُجّل. أعد إرسال الأمر بمفتاح التكرار نفسه.",
    )


class Gate:
    """ASGI: refuses malformed paths and swollen headers, and turns any failure into a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = REQUEST.set(scope)
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start" and (may_still_come(scope) or is_leaving(scope)):
                message["headers"] = [*message["headers"], CLOSE]
            await send(message)

        try:
            refuse_malformed(scope)
            await self._app(scope, receive, send_on)
        except ClientDisconnect:
            log.info("request.client-left")
        except CancelledError:
            # The server cancels what is still under way when its time to leave is up.
            if started or not is_leaving(scope):
                raise
            await self._told(ShuttingDown(), scope, receive, send_on)
        except Exception as error:
            if started:
                raise
            await self._told(error, scope, receive, send_on)
        finally:
            REQUEST.reset(token)

    async def _told(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        refusal: Refusal = InternalFault()
        if isinstance(error, Refusal):
            refusal = error
        elif is_away(error):
            refusal = StoreNotRead()
            log.warning("request.store-not-read", exc_info=error)
        else:
            log.error("request.failed", exc_info=error)
        accepted = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
        instance = None if isinstance(refusal, BadPath | PathTooLong) else scope["path"]
        await problem(refusal, accepted, instance)(scope, receive, send)


def refuse_malformed(scope: Scope) -> None:
    """Refuse paths and queries with control characters or broken UTF-8, and anything much too long."""
    path, query = scope["path"], scope["query_string"]
    raw: bytes = scope.get("raw_path") or b""
    if max(len(path), len(raw)) + len(query) > PATH_LIMIT:
        raise PathTooLong(limit=PATH_LIMIT)
    if len(b"".join(chain.from_iterable(scope["headers"]))) > HEADERS_LIMIT:
        raise HeadersTooLarge(limit=HEADERS_LIMIT)
    if not path.isascii() or b"%" in raw or _FORBIDDEN.search(path):
        _refuse_unreadable(raw or path.encode("utf-8", "replace"))
    if query and (b"%" in query or not query.isascii()):
        _refuse_unreadable(query)


def _refuse_unreadable(part: bytes) -> None:
    try:
        text = unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        raise BadPath() from None
    if _FORBIDDEN.search(text):
        raise BadPath()
