from nats.aio.client import Client

from shared.messaging.headers import _known


async def test_the_client_of_a_broker_reads_headers_in_our_way(nc: Client) -> None:
    _known.cache_clear()
    subscription = await nc.subscribe("spoken")
    await nc.publish("spoken", b"", headers={"ce-id": "1", "tf-position": "2"})

    assert (await subscription.next_msg(20)).headers == {"ce-id": "1", "tf-position": "2"}
    assert _known.cache_info().misses == 2
