"""What an event is filed by: taken from its meta, whatever that is like."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from services.audit.filing.columns import Filed, columns, filed
from shared.contracts.event import QUERY_KEYS
from shared.messaging.received import Received

MOMENT = datetime(2025, 5, 5, 8, tzinfo=UTC)
KEYS = {
    "decree": "298-2025",
    "article": "2",
    "measure": "m-1",
    "mission": "emb-va",
    "staff": "p-1",
    "task": "t-1",
    "plan": "p-1",
    "department": "legal",
}

ONE_EACH = [key for key in QUERY_KEYS if key != "department"]


def received(**meta: Any) -> Received:
    return Received(
        log_id=UUID(int=1),
        position=7,
        stream="task.t-1",
        version=2,
        type="tasks.task.started",
        schema=1,
        recorded_at=MOMENT,
        effective_at=MOMENT,
        event_id=UUID(int=2),
        data=b"{}",
        meta=orjson.dumps(meta),
        sealed_digest=bytes(32),
        previous=bytes(32),
    )


def test_everything_that_it_can_be_asked_for_by_has_a_column() -> None:
    command, correlation, causation = uuid4(), uuid4(), uuid4()
    event = received(
        actor={"subject": "legal-officer", "role": "department"},
        command=str(command),
        correlation=str(correlation),
        causation=str(causation),
        keys=KEYS,
    )
    row = filed(event)

    assert {key: getattr(row, key) for key in ONE_EACH} | {"department": row.departments[0]} == KEYS
    assert (row.actor, row.role) == ("legal-officer", "department")
    assert (row.command, row.correlation, row.causation) == (command, correlation, causation)
    assert (row.stream, row.kind, row.type, row.position) == ("task.t-1", "task", "tasks.task.started", 7)
    assert (row.leaf, row.data, row.meta) == (event.leaf(), event.data, event.meta)


@pytest.mark.parametrize(
    "meta",
    [
        {},
        {"keys": None, "actor": None},
        {"keys": ["decree"], "actor": "somebody", "command": 7, "causation": "none"},
        {
            "keys": {"decree": "a b", "task": 3, "plan": "x" * 65},
            "actor": {"subject": "\0", "role": "r" * 257, "department": "a b"},
            "co_executors": ["a b", 3, None],
        },
        {"co_executors": "legal", "actor": {"department": 7}},
        {"correlation": "", "actor": {"subject": "", "role": []}, "keys": {"mission": "a>b"}},
    ],
)
def test_what_is_no_id_no_name_and_no_key_is_left_out(meta: dict[str, Any]) -> None:
    row = filed(received(**meta))

    indexes = (*ONE_EACH, "actor", "role", "command", "correlation", "causation")
    assert {name: getattr(row, name) for name in indexes} == dict.fromkeys(indexes)
    assert row.departments == []


def test_rows_are_turned_into_columns() -> None:
    one, two = filed(received(keys=KEYS)), filed(received())

    turned = dict(zip(Filed._fields, columns([one, two]), strict=True))
    assert turned["decree"] == ["298-2025", None]
    assert turned["position"] == [7, 7]
    assert turned["departments"] == ["legal", ""]


def test_an_event_is_of_its_lead_of_those_that_take_part_and_of_the_department_that_acted() -> None:
    officer = {"subject": "ict-officer", "role": "department", "department": "ict"}
    meta = {"keys": KEYS, "co_executors": ["hr", "ict", "legal"], "actor": officer}
    assert filed(received(**meta)).departments == ["legal", "hr", "ict"]
    assert filed(received(keys={}, actor=officer)).departments == ["ict"]
