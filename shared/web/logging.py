"""Log lines as JSON, one object each, with the correlation of the request being answered.

There is no access log: metrics count answers, and the event store keeps what was done.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import orjson
import structlog

from shared.web.headers import trace_context
from shared.web.limits import REQUEST


def correlate(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add service, path, trace and command of the request being answered, where there is one."""
    scope = REQUEST.get()
    if scope is None:
        return line
    web = getattr(scope["app"].state, "web", None)
    if web is not None:  # else it is the root of several services
        line["service"] = web.service
    line["path"] = scope["path"]
    trace = dict(scope["headers"]).get(b"traceparent")
    if trace is not None and trace_context(trace.decode("latin-1")) is not None:
        line["traceparent"] = trace.decode()
    command = scope.get("tanfidh.command")
    if command is not None:
        line.setdefault("correlation", str(command))
    return line


def _render(line: Any, default: Any = None, **_options: Any) -> str:
    return orjson.dumps(line, default or str).decode()


COMMON: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    correlate,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)


EXCEPTIONS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Without local variables: a request's hold its token."""


def configure_logging(process: str, level: int = logging.INFO, to: TextIO = sys.stderr) -> None:
    """Send every log line of this process, the libraries' too, to `to` as JSON.

    Lines outside of requests name `process` as their service.
    """

    def named(_l: Any, _m: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line.setdefault("service", process)
        line.pop("color_message", None)  # uvicorn says everything twice, the second time for a terminal
        return line

    structlog.configure(
        processors=[
            *COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*COMMON, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                named,
                EXCEPTIONS,
                structlog.processors.JSONRenderer(_render),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells of every request that is sent
    logging.getLogger("opentelemetry").setLevel(logging.ERROR)  # it tells of every attempt to send again
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], name != "uvicorn.access"
