"""How the store connects: which schema, which role, which habits."""

from typing import Any

import asyncpg


def session(service: str) -> dict[str, str]:
    """Return the session settings of a service; its role may append to the log and not change it."""
    return {
        "search_path": service,
        "role": role_of(service),
        "application_name": f"tanfidh {service}",
        "jit": "off",
        "timezone": "UTC",
        # PostgreSQL lets go of a process that died without a word, with its whole machine or its network,
        # and of one that hangs in the midst of a transaction while others wait for its locks.
        "tcp_keepalives_idle": "5",
        "tcp_keepalives_interval": "2",
        "tcp_keepalives_count": "3",
        "client_connection_check_interval": "2s",
        "idle_in_transaction_session_timeout": "5s",
    }


def role_of(service: str) -> str:
    """The database role with exactly the rights that a service needs."""
    return f"tanfidh_{service}"


async def connect(database_url: str, service: str) -> Any:
    """Open one connection for a service; commands on it give up after 20 seconds."""
    return await asyncpg.connect(
        database_url, timeout=5, command_timeout=20, server_settings=session(service)
    )
