"""What of a service goes out to NATS and comes in from there: its relay, and an inbox for each source."""

from collections.abc import Mapping
from functools import partial

from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared.eventstore.store import EventStore
from shared.messaging.inbox import Inbox
from shared.messaging.intake import Pace
from shared.messaging.provision import provision_consumer, provision_stream
from shared.messaging.reacting import IntakeFor
from shared.messaging.relay import Relay


def relay_of(store: EventStore, nc: Client, database: str, replicas: int) -> Relay:
    """Build the relay of an open store; its stream has so many replicas."""
    provision = partial(provision_stream, nc, store.service, store.log_id, replicas)
    return Relay(store, nc, database, provision, replicas)


def inboxes_of(
    store: EventStore,
    broker: NatsBroker,
    nc: Client,
    database: str,
    sources: Mapping[str, IntakeFor],
    paces: Mapping[str, Pace],
) -> dict[str, Inbox]:
    """Build an inbox for each source, by its name; `paces` are those at which each tries parked events."""
    return {
        source: Inbox(
            store,
            broker,
            source,
            intake(store, source),
            database,
            partial(provision_consumer, nc, store.service, source),
            paces[source],
        )
        for source, intake in sources.items()
    }
