"""For services that run in the process of a test."""

import pytest
import structlog


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """Show log lines without colours, and exceptions as Python does.

    Drawn for a terminal, with the source and all local variables, an exception takes a tenth of a second.
    """
    if not structlog.is_configured():
        told = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        structlog.configure(processors=[*structlog.get_config()["processors"][:-1], told])
