import asyncio
import json
from typing import Any
from uuid import uuid4

import nats
import pytest
from nats.aio.client import Client

from shared.messaging.configuration import consumer_config, stream_config, stream_config_of_atomic_batches
from shared.messaging.jetstream import ask
from shared.messaging.provision import (
    Missing,
    ProvisioningRefused,
    provision_consumer,
    provision_stream,
    verify_consumer,
    verify_stream,
)

LOG = uuid4()


async def test_what_was_provisioned_verifies_and_is_left_alone_the_second_time(nc: Client) -> None:
    await provision_stream(nc, "letters", LOG)
    await provision_consumer(nc, "copies", "letters")

    again = await provision_stream(nc, "letters", LOG)
    await provision_consumer(nc, "copies", "letters")

    assert (again.log_id, again.messages, again.last_sequence) == (LOG, 0, 0)
    assert (await verify_stream(nc, "letters")).log_id == LOG


async def test_what_is_missing_is_named(nc: Client) -> None:
    with pytest.raises(Missing, match="EVT_LETTERS does not exist"):
        await verify_stream(nc, "letters")
    with pytest.raises(Missing, match="copies_from_letters does not exist"):
        await verify_consumer(nc, "copies", "letters")
    await provision_stream(nc, "letters", LOG)
    with pytest.raises(Missing, match="copies_from_letters does not exist"):
        await verify_consumer(nc, "copies", "letters")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"allow_batched": False}, "allow_batched is not set, not True"),
        ({"deny_delete": False}, "deny_delete is False"),
        ({"max_age": 10**12}, "max_age is 1000000000000, not 0"),
        ({"subjects": ["evt.letters.>", "other.>"]}, "subjects is"),
        ({"storage": "memory"}, "storage is 'memory', not 'file'"),
        ({"metadata": {"tf-log": str(LOG), "owner": "x"}}, "metadata is"),
        ({"republish": {"src": ">", "dest": "copy.>"}}, "republish is"),
    ],
)
async def test_a_stream_of_another_configuration_is_refused_and_not_changed(
    nc: Client, change: dict[str, Any], named: str
) -> None:
    await ask(nc, "STREAM.CREATE.EVT_LETTERS", stream_config("letters", LOG) | change)
    before = (await ask(nc, "STREAM.INFO.EVT_LETTERS"))["config"]

    with pytest.raises(ProvisioningRefused, match="EVT_LETTERS has another configuration") as refusal:
        await provision_stream(nc, "letters", LOG)

    assert named in str(refusal.value)
    assert (await ask(nc, "STREAM.INFO.EVT_LETTERS"))["config"] == before


async def test_a_stream_of_atomic_batches_is_brought_up_to_date_with_what_it_holds(nc: Client) -> None:
    await ask(nc, "STREAM.CREATE.EVT_LETTERS", stream_config_of_atomic_batches("letters", LOG))
    await nc.jetstream().publish("evt.letters.letter.one.written", b"{}")
    with pytest.raises(ProvisioningRefused, match=r"allow_atomic is True.*allow_batched is not set"):
        await verify_stream(nc, "letters", LOG)

    raised = await provision_stream(nc, "letters", LOG)

    assert (raised.log_id, raised.messages) == (LOG, 1)


@pytest.mark.parametrize("change", [{"max_age": 10**12}, {"metadata": {"tf-log": str(uuid4())}}])
async def test_a_stream_of_atomic_batches_that_differs_besides_is_left_alone(
    nc: Client, change: dict[str, Any]
) -> None:
    await ask(nc, "STREAM.CREATE.EVT_LETTERS", stream_config_of_atomic_batches("letters", LOG) | change)
    before = (await ask(nc, "STREAM.INFO.EVT_LETTERS"))["config"]

    with pytest.raises(ProvisioningRefused):
        await provision_stream(nc, "letters", LOG)

    assert (await ask(nc, "STREAM.INFO.EVT_LETTERS"))["config"] == before


async def test_a_consumer_of_another_configuration_is_refused(nc: Client) -> None:
    await provision_stream(nc, "letters", LOG)
    config = consumer_config("copies", "letters") | {"max_ack_pending": 5}
    request = {"stream_name": "EVT_LETTERS", "action": "create", "config": config}
    await ask(nc, "CONSUMER.DURABLE.CREATE.EVT_LETTERS.copies_from_letters", request)

    with pytest.raises(ProvisioningRefused, match="max_ack_pending is 5, not 1000"):
        await provision_consumer(nc, "copies", "letters")


async def test_the_stream_of_another_log_is_refused(nc: Client) -> None:
    other = uuid4()
    await provision_stream(nc, "letters", other)

    with pytest.raises(ProvisioningRefused, match=f"carries the log {other}"):
        await provision_stream(nc, "letters", LOG)


async def test_a_stream_that_names_no_log_is_refused(nc: Client) -> None:
    await ask(nc, "STREAM.CREATE.EVT_LETTERS", stream_config("letters", LOG) | {"metadata": {}})

    with pytest.raises(ProvisioningRefused, match="names no log"):
        await verify_stream(nc, "letters")


async def test_another_number_of_replicas_is_refused_only_where_it_was_asked_for(nc: Client) -> None:
    await provision_stream(nc, "letters", LOG)

    await verify_stream(nc, "letters", LOG)
    with pytest.raises(ProvisioningRefused, match="num_replicas is 1, not 3"):
        await verify_stream(nc, "letters", LOG, replicas=3)


@pytest.mark.parametrize("version", ["2.12.9", "2.14.0-beta.1", "1.4.1"])
async def test_only_servers_from_2_14_are_accepted(version: str) -> None:
    info = {"server_id": "X", "version": version, "proto": 1, "max_payload": 1048576, "headers": True}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"INFO {json.dumps(info)}\r\n".encode())
        while line := await reader.readline():
            if line.startswith(b"PING"):
                writer.write(b"PONG\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        old = await nats.connect(f"nats://127.0.0.1:{port}", allow_reconnect=False)
        try:
            if version.startswith("2.14"):
                with pytest.raises(nats.errors.Error):
                    await provision_stream(old, "letters", LOG)
            else:
                with pytest.raises(ProvisioningRefused, match=r"2\.14 or newer is needed"):
                    await provision_stream(old, "letters", LOG)
        finally:
            await old.close()
