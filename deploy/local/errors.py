"""What can go wrong before or while the engines run; every message says what to do."""

from pathlib import Path


class LocalModeError(Exception):
    """Base of all that follows. The message is for the person at the terminal."""


class EngineFailed(LocalModeError):
    """An engine did not become ready."""

    def __init__(self, name: str, reason: str, log: Path) -> None:
        super().__init__(f"{name} did not start: {reason}\nIts log is {log}.")


class EngineMissing(LocalModeError):
    """No binary of an engine was found on this machine."""


class PortInUse(LocalModeError):
    """Another process listens where we were told to."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} on 127.0.0.1 is in use by another process. "
            "Stop that process, or choose another port (PORT=8081 make run, or tanfidh up --port 8081)."
        )
        self.port = port


class FolderInUse(LocalModeError):
    """Another process runs engines on this data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The data folder {folder} is in use by another process (tanfidh up). "
            "Stop that one first, or choose another folder with --data (DATA=… for make)."
        )
        self.folder = folder


class FolderUnknown(LocalModeError):
    """The data folder was not made by this release, or not by Tanfidh at all."""
