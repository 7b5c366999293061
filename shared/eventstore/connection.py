"""How the store connects: which schema, which role, which habits."""

from typing import Any

import asyncpg


class PooledConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is untyped
    """One of a pool's. Whoever gives its session what outlasts a transaction, settings or locks, says so.

    A pool has each connection that comes back take back whatever it was given. That is a second round trip
    for every read, though hardly anybody gives it anything.

    A query that breaks off gives it something: asyncpg has a statement prepared, and closes with its
    execution the transaction that PostgreSQL began for both. Where a query is cancelled in between, runs out
    of time, or has an argument that cannot be encoded, that transaction stays, and asyncpg knows of none.
    """

    _lent = False

    def lend_session(self) -> None:
        """Have the session cleaned when the connection goes back to the pool."""
        self._lent = True

    async def _do_execute(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._do_execute(*args, **kwargs)
        except BaseException:
            self.lend_session()
            raise

    def get_reset_query(self) -> str:
        """Return what cleans the session, where that is needed; asyncpg sends nothing else."""
        if not self._lent:
            return ""
        self._lent = False
        return str(super().get_reset_query())


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
