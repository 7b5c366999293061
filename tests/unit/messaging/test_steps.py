"""An event that cannot be taken in is named, so that a line in the log leads to it and to its whole chain."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from shared.contracts import registry
from shared.contracts.text import Text
from shared.messaging.received import Received
from shared.messaging.steps import ReactionFailed
from tests.unit.tasks.given import received

EVENT = received(registry.DepartmentRegistered(name=Text(en="Legal")), "legal", UUID(int=7))


def failure(event: Received) -> dict[str, Any]:
    return ReactionFailed(event, "registry", KeyError("it is not there")).about


def test_a_failure_says_which_event_it_is_about() -> None:
    assert failure(EVENT) == {
        "event_id": str(EVENT.event_id),
        "event_position": EVENT.position,
        "correlation": str(EVENT.correlation),
    }


def test_an_event_whose_meta_says_nothing_can_fail_too() -> None:
    bare = replace(EVENT, meta=orjson.dumps({"id": str(EVENT.event_id)}))
    assert failure(bare)["correlation"] == "None"
