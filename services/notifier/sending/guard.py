"""Where webhooks may go: the address that is connected to is the very one that was checked.

A name is resolved here and nowhere else, so that it cannot lead to another place between the check and the
connection (DNS rebinding). TLS still names and verifies the host of the URL.
"""

import asyncio
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpcore
import structlog

from services.notifier.sending.names import Names
from services.notifier.sending.outcome import NotSent, Reason
from services.notifier.subscription.reach import Address, is_allowed

log = structlog.get_logger()

TRIED = 4
"""Addresses of one name that are tried, at most."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A host, and those of its addresses that may be connected to."""

    host: str
    addresses: tuple[Address, ...]


LEADING: ContextVar[Checked] = ContextVar("leading")
"""Where the attempt that is being made leads to. httpcore knows of hosts only."""


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to allowed addresses only; where a name has any other, it is refused as a whole."""

    def __init__(self, private: bool) -> None:
        self._private = private
        self._network = httpcore.AnyIOBackend()
        self._names = Names()

    async def check(self, host: str, owner: str) -> Checked:
        """Look up a host for the owner of a subscription, and check where it leads to. Raises NotSent.

        A name that nobody knows and one that leads to a wrong address get one answer: which names exist
        inside is not to be learnt from here. Our own log tells them apart.
        """
        try:
            found = await self._names.look_up(host, owner)
        except TimeoutError:
            raise NotSent(Reason.TIMEOUT) from None
        addresses = [ip_address(text) for text in dict.fromkeys(found)]
        if not addresses or not all(is_allowed(address, self._private) for address in addresses):
            log.info("webhook.host-unusable", host=host, known=bool(addresses))
            raise NotSent(Reason.HOST_UNUSABLE)
        return Checked(host, tuple(addresses[:TRIED]))

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to what was checked within `timeout` seconds. Raises NotSent."""
        checked = LEADING.get()
        assert checked.host == bare(host), "what is connected to is what was checked"
        failure = NotSent(Reason.CONNECTION_FAILED)
        try:
            async with asyncio.timeout(timeout):
                for address in checked.addresses:
                    try:
                        return await self._network.connect_tcp(
                            str(address), port, socket_options=socket_options
                        )
                    except httpcore.ConnectError:
                        continue
        except TimeoutError:
            failure = NotSent(Reason.TIMEOUT)
        raise failure

    def close(self) -> None:
        """Let go of the names that are being looked up."""
        self._names.close()


def bare(host: str) -> str:
    """Return a host as it is looked up: in small letters, and without the brackets of IPv6."""
    return host.strip("[]").lower()
