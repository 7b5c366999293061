"""Streams and consumers: declared once with an administrator's rights, verified ever after.

Nothing is ever changed silently: what exists under the name with another configuration is refused,
and the refusal names every field that differs. The one thing that is brought up to date is a stream that is,
field by field, as an earlier release made it.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from nats.aio.client import Client

from shared.contracts.envelope import stream_name
from shared.messaging.configuration import (
    LOG_KEY,
    consumer_config,
    durable_of,
    stream_config,
    stream_config_of_atomic_batches,
)
from shared.messaging.jetstream import CONSUMER_NOT_FOUND, STREAM_NOT_FOUND, JetStreamRefused, ask

OLDEST_SERVER = (2, 14)
"""Older servers know no fast batches, and ignore ``allow_batched`` without a word."""

_SERVERS_OWN = "_nats."
_NOT_SET: tuple[object, ...] = (None, False, "", 0, [], {}, "none")


class ProvisioningRefused(Exception):
    """The server, a stream or a consumer is not as this release needs it."""


class Missing(ProvisioningRefused):
    """A stream or a consumer does not exist."""


@dataclass(frozen=True, slots=True)
class StreamFound:
    """A verified stream, and what the server says that it holds; `created` is other for one made anew."""

    log_id: UUID
    messages: int
    last_sequence: int
    first_sequence: int = 0
    deleted: int = 0
    created: str = ""

    @property
    def hole(self) -> str | None:
        """Say what shows that messages are missing, with nothing asked besides; None for all from 1 on.

        What a damaged file took, a server does not know before somebody asks for it.
        """
        if self.messages == self.last_sequence and not self.deleted:
            return None
        return (
            f"it holds {self.messages} messages, the first of sequence {self.first_sequence}, and ends at "
            f"sequence {self.last_sequence}"
        )


def check_server(nc: Client) -> None:
    """Refuse a server that is too old."""
    version = nc.connected_server_version
    if (version.major, version.minor) < OLDEST_SERVER:
        raise ProvisioningRefused(
            f"the NATS server has version {version.major}.{version.minor}.{version.patch}; "
            f"2.14 or newer is needed, for fast batches"
        )


async def provision_stream(nc: Client, service: str, log_id: UUID, replicas: int = 1) -> StreamFound:
    """Make sure that a service's stream exists as it should; create it where it is missing.

    One that an earlier release made is brought up to date. Its consumers have as many replicas as the stream
    itself.
    """
    check_server(nc)
    name = stream_name(service)
    try:
        return await verify_stream(nc, service, log_id, replicas)
    except Missing:
        await _make(nc, f"STREAM.CREATE.{name}", stream_config(service, log_id, replicas), name)
    except ProvisioningRefused:
        await _bring_up_to_date(nc, service, log_id)
    return await verify_stream(nc, service, log_id, replicas)


async def provision_consumer(nc: Client, service: str, source: str) -> None:
    """Make sure that a service's consumer of another's stream exists as it should."""
    check_server(nc)
    try:
        await verify_consumer(nc, service, source)
        return
    except Missing:
        stream, durable = stream_name(source), durable_of(service, source)
        request = {"stream_name": stream, "action": "create", "config": consumer_config(service, source)}
        await _make(nc, f"CONSUMER.DURABLE.CREATE.{stream}.{durable}", request, durable)
    await verify_consumer(nc, service, source)


async def verify_stream(
    nc: Client, service: str, log_id: UUID | None = None, replicas: int | None = None
) -> StreamFound:
    """Compare a stream with what it should be.

    Args:
        nc: a connection that may ask for the stream's configuration.
        service: whose stream.
        log_id: the log that the stream must carry; None where the caller is not its owner.
        replicas: how many there must be at least; None leaves that to whoever provisioned it.

    Raises:
        Missing: there is no such stream.
        ProvisioningRefused: the server is too old, or the stream is another; the text names the fields.
    """
    check_server(nc)
    name = stream_name(service)
    info = await _info(nc, f"STREAM.INFO.{name}", name, STREAM_NOT_FOUND)
    found = info["config"]
    carried = _log_of(found, name)
    if log_id is not None and carried != log_id:
        raise ProvisioningRefused(
            f"the stream {name} carries the log {carried}, and the store of {service} has the log {log_id}: "
            f"the store was restored or made anew; run `tanfidh restore`"
        )
    wanted = stream_config(service, carried, max(found.get("num_replicas", 1), replicas or 1))
    _refuse(name, _differences(wanted, found))
    state = info["state"]
    return StreamFound(
        carried,
        state["messages"],
        state["last_seq"],
        state["first_seq"],
        state.get("num_deleted", 0),
        info["created"],
    )


async def verify_consumer(nc: Client, service: str, source: str) -> dict[str, Any]:
    """Compare a consumer with what it should be; return what the server tells of it."""
    stream, durable = stream_name(source), durable_of(service, source)
    info = await _info(nc, f"CONSUMER.INFO.{stream}.{durable}", durable, CONSUMER_NOT_FOUND)
    _refuse(durable, _differences(consumer_config(service, source), info["config"]))
    return info


async def _info(nc: Client, subject: str, name: str, not_found: int) -> dict[str, Any]:
    try:
        return await ask(nc, subject)
    except JetStreamRefused as refusal:
        if refusal.code in (not_found, STREAM_NOT_FOUND):
            raise Missing(f"{name} does not exist: run `tanfidh provision`") from refusal
        raise


async def _make(nc: Client, subject: str, config: dict[str, Any], name: str) -> None:
    try:
        await ask(nc, subject, config)
    except JetStreamRefused as refusal:
        raise ProvisioningRefused(f"{name} cannot be made as it should be: {refusal}") from refusal


async def _bring_up_to_date(nc: Client, service: str, log_id: UUID) -> None:
    """Change a stream that is as an earlier release made it, and leave any other as it is."""
    name = stream_name(service)
    found = (await _info(nc, f"STREAM.INFO.{name}", name, STREAM_NOT_FOUND))["config"]
    replicas = found.get("num_replicas", 1)
    if not _differences(stream_config_of_atomic_batches(service, log_id, replicas), found):
        await _make(nc, f"STREAM.UPDATE.{name}", stream_config(service, log_id, replicas), name)


def _log_of(found: dict[str, Any], name: str) -> UUID:
    text = found.get("metadata", {}).get(LOG_KEY, "")
    try:
        return UUID(text)
    except ValueError as error:
        raise ProvisioningRefused(f"the stream {name} names no log of ours ({LOG_KEY}: {text!r})") from error


def _differences(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Tell what differs, be it in a field asked for or in one that was not."""
    return [
        f"{field} is {_shown(found, field)}, not {_shown(wanted, field)}"
        for field in sorted(wanted.keys() | found.keys())
        if _own(found.get(field)) != wanted.get(field)
        and not (field not in wanted and _own(found[field]) in _NOT_SET)
    ]


def _refuse(name: str, differences: list[str]) -> None:
    if differences:
        raise ProvisioningRefused(f"{name} has another configuration: {'; '.join(differences)}")


def _shown(config: dict[str, Any], field: str) -> str:
    return repr(_own(config[field])) if field in config else "not set"


def _own(value: Any) -> Any:
    """Leave out what the server itself notes in metadata."""
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if not key.startswith(_SERVERS_OWN)}
    return value
