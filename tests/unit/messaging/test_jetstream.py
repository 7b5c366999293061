"""What JetStream answers: what it found, what it refuses, and that it cannot answer now."""

from dataclasses import dataclass
from typing import Any, cast

import orjson
import pytest
from nats.aio.client import Client

from shared.messaging.jetstream import JetStreamAway, JetStreamRefused, ask
from shared.messaging.outage import BROKER_OUTAGE


@dataclass
class Answering:
    """Answers every request with the same."""

    told: dict[str, Any]

    async def request(self, *_: object, **__: object) -> Any:
        self.data = orjson.dumps(self.told)
        return self


async def asked(told: dict[str, Any]) -> dict[str, Any]:
    return await ask(cast(Client, Answering(told)), "STREAM.INFO.EVT_LETTERS")


async def test_an_answer_is_returned_as_it_is() -> None:
    assert await asked({"state": {"last_seq": 7}}) == {"state": {"last_seq": 7}}


async def test_a_refusal_keeps_its_number() -> None:
    error = {"code": 404, "err_code": 10059, "description": "stream not found"}

    with pytest.raises(JetStreamRefused, match="stream not found") as refused:
        await asked({"error": error})

    assert refused.value.code == 10059
    assert not isinstance(refused.value, BROKER_OUTAGE)


async def test_a_cluster_without_a_leader_is_an_outage() -> None:
    error = {"code": 503, "err_code": 10008, "description": "JetStream system temporarily unavailable"}

    with pytest.raises(JetStreamAway, match="temporarily unavailable") as away:
        await asked({"error": error})

    assert isinstance(away.value, BROKER_OUTAGE)
