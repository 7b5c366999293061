"""Local mode: PostgreSQL and NATS as supervised child processes on one data folder."""

from deploy.local.engines import Engines
from deploy.local.errors import EngineFailed, FolderInUse, FolderUnknown, LocalModeError, PortInUse

__all__ = ["EngineFailed", "Engines", "FolderInUse", "FolderUnknown", "LocalModeError", "PortInUse"]
