"""A webhook as Standard Webhooks has it: its body, and the headers that sign it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from standardwebhooks import Webhook

from shared.contracts.meta import rfc3339
from shared.messaging.received import Received

USER_AGENT = "Tanfidh"


def body_of(received: Received) -> bytes:
    """Render the body: type, moment of recording, and the event with its payload as it was stored."""
    about = received.about
    told: dict[str, Any] = {
        "type": received.type,
        "timestamp": rfc3339(received.recorded_at),
        "data": {
            "id": str(received.event_id),
            "source": f"/tanfidh/{received.service}",
            "subject": received.stream,
            "position": received.position,
            "version": received.version,
            "schema": received.schema,
            "effective_at": rfc3339(received.effective_at),
            "actor": about.actor,
            "correlation": str(received.correlation),
            "keys": about.keys,
            "payload": orjson.Fragment(received.data),
        },
    }
    return orjson.dumps(told)


def signed_headers(
    notification: str, body: bytes, secrets: Sequence[str], now: datetime
) -> dict[bytes | str, bytes | str]:
    """Sign a body with each of the secrets; the id is the same for all attempts."""
    text = body.decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": notification,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(notification, now, text) for secret in secrets),
    }
