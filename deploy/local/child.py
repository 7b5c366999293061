"""One engine process: started through the launcher, watched by its pidfd."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.local import launch
from deploy.local.account import Account

PATIENCE = 20.0
"""Seconds that an engine gets to stop before it is killed."""


class Child:
    """A running process. Make it inside a running event loop, in the thread that lives longest:

    the kernel sends the parent-death signal when the *thread* that started the child ends.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        account: Account | None,
        holds: Sequence[int],
        on_parent_death: signal.Signals,
    ) -> None:
        uid, gid = (account.uid, account.gid) if account else (-1, -1)
        tie = [str(os.getpid()), str(int(on_parent_death)), str(uid), str(gid), "--"]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", launch.__file__, *tie, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                pass_fds=tuple(holds),
                start_new_session=True,  # Ctrl-C at the terminal is for us; we stop engines last
            )
        self.pid = self._process.pid
        self._gone = asyncio.Event()
        self._pidfd = os.pidfd_open(self.pid)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._pidfd, self._reap)

    def _reap(self) -> None:
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        self._process.wait()
        self._gone.set()

    @property
    def returncode(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._process.returncode

    async def gone(self) -> int:
        """Wait until the process has ended; return its exit status."""
        await self._gone.wait()
        assert self._process.returncode is not None
        return self._process.returncode

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens when it is gone already."""
        self._process.send_signal(number)

    async def stop(self, number: signal.Signals) -> None:
        """Ask it to end with `number`, kill it when it takes too long, and wait for its end."""
        self.send(number)
        try:
            await asyncio.wait_for(self._gone.wait(), PATIENCE)
        except TimeoutError:
            self.send(signal.SIGKILL)
            await self._gone.wait()
