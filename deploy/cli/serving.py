"""`tanfidh serve`: one service on engines that are somewhere else."""

import socket
from typing import Annotated

import typer

from deploy.catalogue import SERVICES, build, settings_of
from deploy.cli.options import say
from deploy.departure import end_soon
from deploy.hosting import host, reserve
from deploy.looping import run
from shared.service import ServiceSettings, from_environment
from shared.web.logging import configure_logging

NOTICE = 1.0
"""Seconds for which a service that was told to end still takes connections, and says that it is not ready."""


def serve(
    service: Annotated[str, typer.Argument(help=f"One of: {', '.join(SERVICES)}.")],
    port: Annotated[int, typer.Option(envvar="PORT", min=0, max=65_535, help="0 takes a free one.")] = 8080,
    address: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Run one service on the engines named by TANFIDH_DATABASE_URL and TANFIDH_NATS_URL."""
    if service not in SERVICES:
        raise typer.BadParameter(f"{service!r} is no service; there are {', '.join(SERVICES)}.")
    settings = from_environment(settings_of(service))
    listener = reserve(address, port)
    configure_logging(service)
    run(_serve(service, settings, listener))


async def _serve(service: str, settings: ServiceSettings, listener: socket.socket) -> None:
    async def ready() -> None:
        name, port = listener.getsockname()[:2]
        say(f"{service} is ready: http://{name}:{port}")

    with listener:
        await host(build(service, settings), listener, ready, NOTICE)
    end_soon()
