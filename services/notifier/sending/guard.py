"""Where webhooks may go: the address that is connected to is the very one that was checked.

A name is resolved here and nowhere else, so that it cannot lead to another place between the check and the
connection (DNS rebinding). TLS still names and verifies the host of the URL.
"""

import asyncio
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore
import structlog

from services.notifier.sending.names import Names
from services.notifier.sending.outcome import NotSent, Reason

log = structlog.get_logger()

TRIED = 4
"""Addresses of one name that are tried, at most."""

PRIVATE = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "::1/128",
            "fc00::/7",
        ),
    )
)
"""Networks that are allowed where private receivers are (RFC 1918, 6598, 4193, and this machine)."""

SPECIAL = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",  # this link, and the metadata services of clouds
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",  # protocol assignments; Teredo is one of them
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "3fff::/20",
        ),
    )
)
"""Addresses of no receiver (IANA's special-purpose registries, RFC 6890), never allowed."""

GLOBAL_V6 = IPv6Network("2000::/3")
"""All of IPv6 that is assigned as global unicast. What lies outside leads to IPv4 in disguise (::ffff:0:0/96,
64:ff9b::/96), to this link, or nowhere."""

Address = IPv4Address | IPv6Address


def is_allowed(address: Address, private: bool) -> bool:
    """Whether a webhook may go to an address; `private` allows those of private networks besides."""
    if _within(address, PRIVATE):
        return private
    if _within(address, SPECIAL):
        return False
    return isinstance(address, IPv4Address) or address in GLOBAL_V6


def _within(address: Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)


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
