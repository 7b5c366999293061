"""Which log id a position was recorded under, and how much of a log the next one continues."""

from uuid import UUID, uuid4

import pytest

from shared.eventstore.errors import UnusableStore
from shared.eventstore.lineage import Lineage, LogSpan, read_lineage

FIRST, SECOND, THIRD, FOURTH = (UUID(int=n) for n in range(1, 5))


@pytest.fixture
def logs() -> Lineage:
    """Restored at 10, again at 10 before anything was recorded, and at 25, of which 20 were in common."""
    return Lineage(
        [LogSpan(FIRST, 1, 0), LogSpan(SECOND, 11, 10), LogSpan(THIRD, 11, 10), LogSpan(FOURTH, 26, 20)]
    )


@pytest.mark.parametrize(
    ("position", "log_id"), [(1, FIRST), (10, FIRST), (11, THIRD), (25, THIRD), (26, FOURTH), (10**9, FOURTH)]
)
def test_a_leaf_is_hashed_with_the_id_in_force_when_it_was_recorded(
    logs: Lineage, position: int, log_id: UUID
) -> None:
    assert logs.log_id_at(position) == log_id


def test_the_last_log_is_in_force(logs: Lineage) -> None:
    assert (logs.current, logs.first) == (FOURTH, 26)


@pytest.mark.parametrize(
    ("log_id", "position", "carried"),
    [
        (FOURTH, 99, 99),
        (THIRD, 25, 20),
        (THIRD, 7, 7),
        (SECOND, 15, 10),
        (FIRST, 15, 10),
        (FIRST, 10, 10),
        (FIRST, 0, 0),
    ],
)
def test_what_was_taken_in_of_a_former_log_counts_as_far_as_it_is_continued(
    logs: Lineage, log_id: UUID, position: int, carried: int
) -> None:
    assert logs.carried_over(log_id, position) == carried


def test_a_log_that_is_not_one_of_them_is_not_continued(logs: Lineage) -> None:
    stranger = uuid4()
    assert stranger not in logs
    assert logs.carried_over(stranger, 3) is None
    assert SECOND in logs


class Stored:
    """The table of logs, and the log in force."""

    def __init__(self, current: UUID, *rows: tuple[UUID, int, UUID | None, str | None]) -> None:
        self._current = current
        self._rows = [
            dict(zip(("log_id", "first", "predecessor", "common"), row, strict=True)) for row in rows
        ]

    async def fetch(self, statement: str) -> list[dict[str, object]]:
        return self._rows

    async def fetchval(self, statement: str) -> UUID:
        return self._current


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (Stored(FIRST, (FIRST, 1, FIRST, None)), "continues itself"),
        (Stored(SECOND, (FIRST, 1, SECOND, None), (SECOND, 5, FIRST, None)), "continues itself"),
        (Stored(SECOND, (FIRST, 1, None, None)), "is not known to the store"),
        (Stored(FIRST, (FIRST, 1, None, "x")), "cannot be read"),
    ],
)
async def test_logs_that_lead_to_no_first_one_are_refused(stored: Stored, told: str) -> None:
    with pytest.raises(UnusableStore, match=told):
        await read_lineage(stored)
