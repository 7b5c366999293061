"""Requests to JetStream's own interface, whose answers are compared as they are."""

from typing import Any

import nats.errors
import orjson
from nats.aio.client import Client

PATIENCE = 5.0
"""Seconds that JetStream gets for an answer."""

UNAVAILABLE = 503
"""The status of answers that say: not now."""

STREAM_NOT_FOUND = 10059
CONSUMER_NOT_FOUND = 10014
MESSAGE_NOT_FOUND = 10037


class JetStreamRefused(Exception):
    """JetStream answered with an error.

    Attributes:
        code: its number for the error (``err_code``), which stays the same over releases.
    """

    def __init__(self, error: dict[str, Any]) -> None:
        self.code: int = error.get("err_code", 0)
        super().__init__(f"{error.get('description', 'no description')} (JetStream error {self.code})")


class JetStreamAway(nats.errors.Error):
    """JetStream cannot answer for the moment: a cluster has no leader, or not enough of its servers.

    An error of the client's own kind, so that it counts as an outage wherever these do.
    """


async def ask(nc: Client, subject: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send a request on ``$JS.API.<subject>`` and return the answer.

    Raises:
        JetStreamRefused: the answer is an error.
        nats.errors.Error: there is no answer, or none for the moment (`JetStreamAway`).
    """
    message = await nc.request(f"$JS.API.{subject}", orjson.dumps(body or {}), timeout=PATIENCE)
    answer: dict[str, Any] = orjson.loads(message.data)
    if "error" in answer:
        if answer["error"].get("code") == UNAVAILABLE:
            raise JetStreamAway(str(JetStreamRefused(answer["error"])))
        raise JetStreamRefused(answer["error"])
    return answer
