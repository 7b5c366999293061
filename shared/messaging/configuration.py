"""What a service's stream and its consumers are configured as."""

from typing import Any
from uuid import UUID

from shared.contracts.envelope import stream_name, subjects_of

SECOND = 1_000_000_000
"""JetStream counts durations in nanoseconds."""

LOG_KEY = "tf-log"
"""The key of a stream's metadata that holds the id of the log that it carries."""

MAX_UNACKNOWLEDGED = 1000
"""Messages that a consumer may hold before it gets no more."""


REPLICATED = 3
"""Servers that hold a stream where the cluster has as many: one of them may be lost."""


def durable_of(service: str, source: str) -> str:
    """Name the consumer by which a service reads another's stream, for example ``tasks_from_registry``."""
    return f"{service}_from_{source}"


def stream_config(service: str, log_id: UUID, replicas: int = 1) -> dict[str, Any]:
    """The configuration of a service's stream, as JetStream is asked for it."""
    return {
        "name": stream_name(service),
        "subjects": [subjects_of(service)],
        "retention": "limits",
        "storage": "file",
        "num_replicas": replicas,
        "discard": "new",
        "max_consumers": -1,
        "max_msgs": -1,
        "max_bytes": -1,
        "max_age": 0,
        "max_msgs_per_subject": -1,
        "max_msg_size": -1,
        # The shortest that the server takes: nothing is published with a message id.
        "duplicate_window": SECOND // 10,
        "deny_delete": True,
        "deny_purge": True,
        "allow_batched": True,
        "metadata": {LOG_KEY: str(log_id)},
    }


def stream_config_of_atomic_batches(service: str, log_id: UUID, replicas: int = 1) -> dict[str, Any]:
    """The configuration that releases gave a stream which published atomic batches."""
    config = stream_config(service, log_id, replicas) | {"allow_atomic": True}
    del config["allow_batched"]
    return config


def consumer_config(service: str, source: str) -> dict[str, Any]:
    """The configuration of a service's consumer on another's stream.

    What a killed reader left unacknowledged comes again after `ack_wait`; coming again costs little,
    since the inbox knows its position.
    """
    return {
        "durable_name": durable_of(service, source),
        "name": durable_of(service, source),
        "deliver_policy": "all",
        "ack_policy": "explicit",
        "replay_policy": "instant",
        "ack_wait": 2 * SECOND,
        "max_deliver": -1,
        "max_ack_pending": MAX_UNACKNOWLEDGED,
        "max_waiting": 64,
    }
