"""An event that cannot be taken in is named, so that a line in the log leads to it and to its whole chain."""

from dataclasses import replace
from typing import Any, NoReturn
from uuid import UUID

import orjson
import pytest

from shared.contracts import registry
from shared.contracts.text import Text
from shared.messaging.received import Received
from shared.messaging.steps import ReactionFailed, plan
from tests.unit.tasks.given import received

EVENT = received(registry.DepartmentRegistered(name=Text(en="Legal")), "legal", UUID(int=7))


def failing(_: Received) -> NoReturn:
    raise KeyError("it is not there")


def failure(event: Received) -> dict[str, Any]:
    with pytest.raises(ReactionFailed) as failed:
        plan("tasks", "registry", 0, [event], failing)
    return failed.value.about


def test_a_failure_says_which_event_it_is_about() -> None:
    assert failure(EVENT) == {
        "event_id": str(EVENT.event_id),
        "event_position": EVENT.position,
        "correlation": str(EVENT.correlation),
    }


def test_an_event_whose_meta_says_nothing_can_fail_too() -> None:
    bare = replace(EVENT, meta=orjson.dumps({"id": str(EVENT.event_id)}))
    assert failure(bare)["correlation"] == "None"
