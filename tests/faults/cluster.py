"""Three NATS servers as one cluster on this machine, whose links to one another a test can cut."""

import asyncio
import signal
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import nats

from deploy.local.account import Account, engine_account
from deploy.local.nats import USER, Nats
from deploy.local.ports import free_port
from shared.contracts.envelope import stream_name
from shared.messaging.jetstream import ask
from shared.messaging.outage import BROKER_OUTAGE
from tests.engines import LoopThread

NAMES = ("n1", "n2", "n3")
FORMED_WITHIN = 60.0
CHUNK = 64 * 1024


class Link:
    """The way from one server to another: a proxy. Cut, it holds back what is sent, as a network does.

    Nothing is lost that TCP would send again: once it is mended, what was held back arrives.
    """

    def __init__(self, to: int) -> None:
        self.port = 0
        self._to = to
        self._whole = asyncio.Event()
        self._whole.set()
        self._pumps: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self._server.close()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def cut(self) -> None:
        self._whole.clear()

    async def mend(self) -> None:
        self._whole.set()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._whole.wait()
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.close()
            return
        for source, sink in ((reader, back), (there, writer)):
            pump = asyncio.create_task(self._pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(CHUNK):
                await self._whole.wait()
                sink.write(data)
                await sink.drain()
        except OSError:
            return
        finally:
            sink.close()


class Node(Nats):
    """One server of the cluster."""

    def __init__(self, name: str, folder: Path, password: str, account: Account | None) -> None:
        super().__init__(folder, password=password, account=account, port=free_port())
        self.server_name = name
        self.route_port = free_port()
        self.monitor = free_port()
        self.links: dict[str, Link] = {}

    def configuration(self) -> dict[str, object]:
        routes = [f"nats-route://{USER}:route@127.0.0.1:{link.port}" for link in self.links.values()]
        return super().configuration() | {
            "server_name": self.server_name,
            "http": f"127.0.0.1:{self.monitor}",
            "cluster": {
                "name": "tests",
                "listen": f"127.0.0.1:{self.route_port}",
                "authorization": {"user": USER, "password": "route", "timeout": 5},
                "routes": routes,
                # What they tell one another leads nowhere, so that every way is one of our links.
                "advertise": "127.0.0.1:1",
            },
        }

    async def kill(self) -> None:
        """Kill it with SIGKILL; it stays down until it is started."""
        assert self._supervision is not None and self._child is not None
        self._supervision.cancel()
        await asyncio.gather(self._supervision, return_exceptions=True)
        self._supervision = None
        self._child.send(signal.SIGKILL)
        await self._child.gone()

    async def serves(self, client: str) -> bool:
        """Whether a client of that name is connected here."""
        async with httpx.AsyncClient(trust_env=False) as http:
            told = (await http.get(f"http://127.0.0.1:{self.monitor}/connz")).json()
        return any(one.get("name") == client for one in told["connections"])


class Cluster:
    """Three servers; calls block until done, as those of other engines for tests do."""

    def __init__(self, loop: LoopThread, folder: Path) -> None:
        self._loop = loop
        folder.mkdir()
        password, account = uuid4().hex, engine_account()
        self.nodes = {name: Node(name, folder / name, password, account) for name in NAMES}
        loop.call(self._start())

    @property
    def url(self) -> str:
        return ",".join(node.url for node in self.nodes.values())

    def kill(self, name: str) -> None:
        """Kill a server; it stays down."""
        self._loop.call(self.nodes[name].kill())

    def start(self, name: str) -> None:
        """Start a server that is down, on its ports and its data."""
        self._loop.call(self.nodes[name].start())

    def stop_one(self, name: str) -> None:
        """Stop a server in order; it stays down."""
        self._loop.call(self.nodes[name].stop())

    def cut_off(self, name: str) -> None:
        """Cut every link of a server to the others, in both directions. Its clients stay connected."""
        self._loop.call(_all(link.cut() for link in self._links_of(name)))

    def mend(self, name: str) -> None:
        """Mend the links of a server."""
        self._loop.call(_all(link.mend() for link in self._links_of(name)))

    def stop(self) -> None:
        """Stop everything."""
        self._loop.call(self._stop())

    async def leader(self, service: str) -> str:
        """The server that leads a service's stream; waits until there is one."""
        nc = await nats.connect(self.url.split(","))
        try:
            while True:
                with suppress(*BROKER_OUTAGE):
                    info = await ask(nc, f"STREAM.INFO.{stream_name(service)}")
                    if leader := info["cluster"].get("leader"):
                        return str(leader)
        finally:
            await nc.close()

    async def lead(self, service: str, name: str) -> None:
        """Have a server lead a service's stream."""
        nc = await nats.connect(self.url.split(","))
        try:
            while await self.leader(service) != name:
                with suppress(*BROKER_OUTAGE):
                    body = {"placement": {"preferred": name}}
                    await ask(nc, f"STREAM.LEADER.STEPDOWN.{stream_name(service)}", body)
        finally:
            await nc.close()

    async def served_by(self, client: str) -> str:
        """The server that a client of that name is connected to."""
        (name,) = [name for name, node in self.nodes.items() if await node.serves(client)]
        return name

    def _links_of(self, name: str) -> list[Link]:
        into = [node.links[name] for node in self.nodes.values() if node.server_name != name]
        return [*self.nodes[name].links.values(), *into]

    async def _start(self) -> None:
        for node in self.nodes.values():
            for other in self.nodes.values():
                if other is not node:
                    node.links[other.server_name] = link = Link(other.route_port)
                    await link.open()
        await asyncio.gather(*(node.start() for node in self.nodes.values()))
        async with asyncio.timeout(FORMED_WITHIN):
            await self._formed()

    async def _formed(self) -> None:
        nc = await nats.connect(self.url.split(","))
        try:
            while True:
                with suppress(*BROKER_OUTAGE):
                    await ask(nc, "INFO")
                    return
                await asyncio.sleep(0.05)  # its leader is elected without a word to clients
        finally:
            await nc.close()

    async def _stop(self) -> None:
        await asyncio.gather(*(node.stop() for node in self.nodes.values()))
        for node in self.nodes.values():
            for link in node.links.values():
                await link.close()


async def _all(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    await asyncio.gather(*work)
