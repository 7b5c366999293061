"""The way out: what a process does after a signal, and by when."""

import asyncio
import os
import signal
import threading
from contextlib import suppress

import structlog
import uvicorn

from shared.web.leaving import Leaving

WITHIN = 9.5
"""Seconds after a signal within which the process ends, whatever hangs."""

DRAIN = 4
"""Seconds that requests get to finish once the port is closed; what is left is told to come again."""

HASTE = 1.0
"""Seconds that requests get to finish after a second signal."""

LINGER = 0.5
"""Seconds that threads get at the very end."""

log = structlog.get_logger()


class Departure:
    """Takes the signals of a process that serves.

    Args:
        leaving: what the requests see.
        server: closes the port and waits for requests.
        notice: seconds between SIGTERM and the closing of the port.
    """

    def __init__(self, leaving: Leaving, server: uvicorn.Server, notice: float) -> None:
        self._leaving = leaving
        self._server = server
        self._notice = notice
        self._hastened: asyncio.TimerHandle | None = None
        self._last = threading.Timer(WITHIN, _end_at_once)
        self._last.daemon = True

    def on_signals(self) -> None:
        """Begin with the first signal; make haste with a second one."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._signalled, number)

    def over(self) -> None:
        """Everything is closed that was to be closed in time."""
        self._last.cancel()
        if self._hastened is not None:
            self._hastened.cancel()

    def _signalled(self, number: signal.Signals) -> None:
        if self._leaving.began:
            self._make_haste()
            return
        log.info("leaving.begins", signal=number.name)
        self._last.start()
        self._leaving.begin()
        notice = self._notice if number is signal.SIGTERM else 0.0
        asyncio.get_running_loop().call_later(notice, self._close)

    def _close(self) -> None:
        self._server.should_exit = True

    def _make_haste(self) -> None:
        """Close the port now, and wait no longer for clients than `HASTE`."""
        if self._hastened is None:
            log.info("leaving.hastens")
            self._close()
            self._hastened = asyncio.get_running_loop().call_later(HASTE, self._cut)

    def _cut(self) -> None:
        """Tell what is still under way to come again."""
        self._server.force_exit = True
        for task in self._server.server_state.tasks:
            task.cancel()


def end_soon() -> None:
    """Let a process end that has closed everything, though a thread may hang; the last thing that it does.

    Such a thread looks up the name of a webhook's receiver, and Python would wait for it.
    """
    last = threading.Timer(LINGER, os._exit, (0,))
    last.daemon = True
    last.start()


def _end_at_once() -> None:
    """End the process though something hangs, and nothing here may wait for it.

    All that was answered is committed, and whoever comes next takes up the rest from there, as after a
    kill.
    """
    with suppress(Exception):
        log.critical("leaving.cut", seconds=WITHIN)
    os._exit(0)
