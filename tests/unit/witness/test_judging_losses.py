"""Which acknowledgement covers which loss, when a log is verified."""

from typing import Any
from uuid import UUID

import pytest

from deploy.verifying.lost import judge_losses
from shared.contracts.text import Text
from shared.contracts.witness import Acknowledged

OLD, NEW = UUID(int=1), UUID(int=2)
LOGS = [(OLD, 0), (NEW, 80)]


class Database:
    """The copies that audit received, and the acknowledgements in the witness's log."""

    def __init__(self, received: int, *data: bytes) -> None:
        self.received = received
        self.data = data
        self.asked: list[tuple[Any, ...]] = []

    async def fetchval(self, *_: object) -> bool:
        return True

    async def fetch(self, query: str, *about: object) -> list[dict[str, Any]]:
        if "filed" in query:
            return [{"log_id": OLD, "last": self.received}]
        self.asked.append(("audit" if '"audit"' in query else "registry", *about))
        return [{"data": data} for data in self.data]


def acknowledged(log_id: UUID = OLD, known_size: int = 100, common: int = 80) -> bytes:
    done = Acknowledged(
        source="tasks", log_id=log_id, known_size=known_size, common=common, reason=Text(en="x"), by="auditor"
    )
    return done.model_dump_json().encode()


async def judged(database: Database, service: str = "tasks", witnessed: int = 100) -> tuple[int, int]:
    faults, notes = await judge_losses(database, service, LOGS, {OLD: witnessed})
    return len(faults), len(notes)


@pytest.mark.parametrize(
    "other",
    [
        acknowledged(log_id=NEW),
        acknowledged(known_size=99),
        acknowledged(common=79),
        b"",
        b'{"log_id": 7}',
    ],
)
async def test_an_acknowledgement_of_something_else_covers_no_loss(other: bytes) -> None:
    assert await judged(Database(0)) == (1, 0)
    assert await judged(Database(0, other)) == (1, 0)
    assert await judged(Database(0, other, acknowledged())) == (0, 1)


async def test_what_was_received_counts_as_what_was_witnessed() -> None:
    assert await judged(Database(90), witnessed=0) == (1, 0)
    assert await judged(Database(101, acknowledged())) == (1, 0), "more is gone than was acknowledged"
    assert await judged(Database(80), witnessed=80) == (0, 0)


async def test_losses_of_audits_own_log_are_acknowledged_in_the_registry() -> None:
    database = Database(999, acknowledged())
    assert await judged(database, "audit") == (0, 1), "what it filed of itself is no evidence"
    assert database.asked == [("registry", "registry.witness.loss-acknowledged", "witness.audit")]
