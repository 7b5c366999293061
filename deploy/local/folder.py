"""The data folder: its layout number, and the two locks that keep everybody else out."""

import asyncio
import fcntl
import os
from pathlib import Path
from typing import Self

from deploy.local.errors import FolderInUse, FolderUnknown

LAYOUT = 1
"""Number of the folder's layout, written to FORMAT. Raise it when an older release could not read it."""

SIMULATED = "SIMULATED"
"""The file that tells which scenario filled a folder: the moments in it are those of a virtual clock."""

_DYING = 0.5
"""Seconds that a process which was killed a moment ago may still hold its lock."""
_FINISHING = 30.0
"""Seconds that its engines get to finish."""


class DataFolder:
    """A folder that this process alone may use.

    Two locks. ``lock`` is held by this process and by nothing it starts, so that a second start is
    refused at once. ``lock.engines`` is inherited by the engines and held until the last of their processes
    is gone: after a kill -9 of their parent they need a moment, and that moment is waited for.
    """

    def __init__(self, path: Path, own: int, engines: int) -> None:
        self.path = path
        self.engines_lock = engines
        self._own = own

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Make or check the folder and lock it. Raises FolderInUse or FolderUnknown."""
        path = path.resolve()
        _check_or_mark(path)
        own = await _lock(path, "lock", _DYING)
        try:
            return cls(path, own, await _lock(path, "lock.engines", _FINISHING))
        except BaseException:
            os.close(own)
            raise

    def close(self) -> None:
        """Let go of the folder. Engines that still run keep their lock."""
        os.close(self.engines_lock)
        os.close(self._own)


def is_in_use(path: Path) -> bool:
    """Whether a process runs engines on this folder now."""
    lock = path / "lock"
    if not lock.exists():
        return False
    handle = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    try:
        return not _try_lock(handle)
    finally:
        os.close(handle)


def _check_or_mark(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise FolderUnknown(f"{path} is not a folder. Choose another one with --data (DATA=… for make).")
    path.mkdir(mode=0o755, parents=True, exist_ok=True)
    mark = path / "FORMAT"
    if mark.exists():
        found = mark.read_text().strip()
        if found != str(LAYOUT):
            raise FolderUnknown(
                f"The data folder {path} has layout {found[:40]!r}; this release knows layout {LAYOUT}. "
                "Use the release that made it, or choose another folder with --data (DATA=… for make)."
            )
    elif any(path.iterdir()):
        raise FolderUnknown(
            f"The folder {path} is not empty and was not made by Tanfidh (it has no FORMAT file). "
            "Choose an empty or new one with --data (DATA=… for make)."
        )
    else:
        unfinished = path / "FORMAT.new"
        unfinished.write_text(f"{LAYOUT}\n")
        unfinished.rename(mark)


async def _lock(path: Path, name: str, patience: float) -> int:
    """Open and lock a file; raise FolderInUse when it is not free within `patience` seconds."""
    handle = os.open(path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    clock = asyncio.get_running_loop().time
    deadline = clock() + patience
    try:
        while not _try_lock(handle):
            if clock() > deadline:
                raise FolderInUse(path)
            await asyncio.sleep(0.02)  # the kernel tells nobody that a lock became free
    except BaseException:
        os.close(handle)
        raise
    return handle


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
