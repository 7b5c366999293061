"""Given addresses of every kind, when a webhook would go there, then only the right ones are connected to."""

import asyncio
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_address
from typing import Any

import pytest

from services.notifier.sending import names
from services.notifier.sending.guard import LEADING, GuardedNetwork
from services.notifier.sending.outcome import NotSent, Reason
from services.notifier.subscription.reach import is_allowed

PUBLIC = ("1.1.1.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "2a00::1")
PRIVATE = (
    *(
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "127.0.0.1",
        "127.255.1.1",
    ),
    *("100.64.0.1", "100.127.255.255", "::1", "fd00::1", "fc00::1"),
)
NEVER = (
    *("0.0.0.0", "0.1.2.3", "169.254.169.254", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1"),
    *("198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
    *("255.255.255.255", "::", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "::ffff:127.0.0.1"),
    *("::ffff:1.1.1.1", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::101:101", "64:ff9b:1::1", "2002:7f00:1::1"),
    *("2001::1", "2001:db8::1", "2001:10::1", "100::1", "5f00::1", "3fff::1", "4000::1"),
)


@pytest.mark.parametrize(
    ("address", "public", "private"),
    [
        *((address, True, True) for address in PUBLIC),
        *((address, False, True) for address in PRIVATE),
        *((address, False, False) for address in NEVER),
    ],
)
def test_which_addresses_are_allowed(address: str, public: bool, private: bool) -> None:
    assert is_allowed(ip_address(address), False) is public
    assert is_allowed(ip_address(address), True) is private


class Names:
    """A resolver that answers differently each time, as one that rebinds a name does."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str) -> list[str]:
        self.asked += 1
        return self.answers.pop(0)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def reason_of(answers: Any, private: bool, port: int, monkeypatch: pytest.MonkeyPatch) -> Reason | None:
    monkeypatch.setattr("services.notifier.sending.names.resolve", answers)
    network = GuardedNetwork(private)
    try:
        LEADING.set(await network.check("receiver.example", "owner"))
        stream = await network.connect_tcp("receiver.example", port, 5.0)
    except NotSent as error:
        return error.reason
    finally:
        network.close()
    await stream.aclose()
    return None


async def test_a_name_is_resolved_once_and_its_address_connected_to(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Names(["127.0.0.1"], ["169.254.169.254"])
    assert await reason_of(answers, True, port, monkeypatch) is None
    assert answers.asked == 1


@pytest.mark.parametrize(
    "others", [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["1.1.1.1", "::ffff:10.0.0.1"], []]
)
async def test_one_wrong_address_refuses_the_name(
    others: list[str], port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await reason_of(Names(others), False, port, monkeypatch) is Reason.HOST_UNUSABLE


async def test_the_next_address_is_tried_where_one_does_not_answer(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await reason_of(Names(["127.0.0.2", "127.0.0.1"]), True, port, monkeypatch) is None
    closed = Names(["127.0.0.2"])
    assert await reason_of(closed, True, port, monkeypatch) is Reason.CONNECTION_FAILED


@pytest.mark.parametrize("error", [socket.gaierror(socket.EAI_NONAME, "unknown"), UnicodeError("too long")])
async def test_a_name_that_nobody_knows_looks_like_one_that_leads_inside(
    error: Exception, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> list[Any]:
        raise error

    inside = await reason_of(Names(["10.0.0.1"]), False, port, monkeypatch)
    monkeypatch.undo()
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert await reason_of(names.resolve, False, port, monkeypatch) is inside is Reason.HOST_UNUSABLE


@pytest.mark.parametrize("written", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost"])
async def test_this_machine_is_found_behind_every_spelling(written: str) -> None:
    network = GuardedNetwork(False)
    with pytest.raises(NotSent) as refused:
        await network.check(written, "owner")
    network.close()
    assert refused.value.reason is Reason.HOST_UNUSABLE
