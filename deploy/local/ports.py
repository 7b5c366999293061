"""Ports on 127.0.0.1."""

import random
import socket
from pathlib import Path

from deploy.local.errors import LocalModeError, PortInUse

_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 10_000
_ATTEMPTS = 200


def is_free(port: int) -> bool:
    """Whether nobody listens on the port and it can be bound."""
    with socket.socket() as probe:
        # As servers do: connections of an earlier process in TIME_WAIT do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def must_be_free(port: int) -> int:
    """Return the port, or raise PortInUse."""
    if not is_free(port):
        raise PortInUse(port)
    return port


def free_port() -> int:
    """Find a free port below those that the kernel hands out to clients.

    An engine comes back on the port it had. Were that one of the kernel's, a client that tries to reconnect
    meanwhile could be given the very same port for its own end, connect to itself, and keep the engine
    out.
    """
    highest = int(_EPHEMERAL.read_text().split()[0]) - 1 if _EPHEMERAL.exists() else 32_767
    if highest <= _LOWEST:
        highest = 65_535
    for _ in range(_ATTEMPTS):
        port = random.randint(_LOWEST, highest)
        if is_free(port):
            return port
    raise LocalModeError(f"No free port between {_LOWEST} and {highest} on 127.0.0.1.")
