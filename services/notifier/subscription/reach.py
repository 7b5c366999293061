"""Addresses to which a webhook may go, and those to which none ever does. Nothing here resolves a name."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

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


def literal(host: str) -> Address | None:
    """The address that a host literally is, None where it is a name.

    IPv4 is read as the resolver of names reads it, in every form that `inet_aton` knows: ``2130706433``,
    ``127.1`` and ``0x7f.0.0.1`` are 127.0.0.1.
    """
    with suppress(ValueError):
        return ip_address(host)
    with suppress(OSError):
        return IPv4Address(socket.inet_aton(host))
    return None
