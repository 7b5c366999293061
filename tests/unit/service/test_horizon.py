"""How far a service has come, with and without read models."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.service.horizon import ServiceHorizon
from shared.web import AsOf

NOON = datetime(2025, 5, 5, 12, tzinfo=UTC)


class Log:
    """A log that this process knows up to 5, and that another replica has brought to 7."""

    service = "things"

    def __init__(self) -> None:
        self.head = 5
        self.taken: list[tuple[str, int]] = []

    async def look(self) -> None:
        self.head = 7

    async def position_at(self, moment: datetime) -> int:
        return 3 if moment >= NOON else 0

    async def moment_of(self, position: int) -> datetime | None:
        return NOON if position else None

    async def advanced(self, after: int) -> int:
        while self.head <= after:
            await asyncio.Event().wait()
        return self.head

    async def taken_in(self, source: str, position: int) -> None:
        self.taken.append((source, position))


class Folded:
    """Views that stand at 4."""

    async def beyond(self, position: int) -> int:
        if position >= 4:
            await asyncio.Event().wait()
        return 4


def horizon(log: Log, views: Any = None) -> ServiceHorizon:
    return ServiceHorizon(log, views, ["letters"])  # type: ignore[arg-type]  # no engine


@pytest.mark.parametrize(
    ("asked", "resolved"),
    [
        (0, AsOf(0)),
        (5, AsOf(5, NOON)),
        (6, AsOf(6, NOON)),
        (999, AsOf(7, NOON)),
        (NOON, AsOf(3, NOON)),
        (NOON.replace(year=2024), AsOf(0)),
    ],
)
async def test_a_position_is_the_head_at_most_whoever_committed_it(
    asked: int | datetime, resolved: AsOf
) -> None:
    assert await horizon(Log()).resolve(asked) == resolved


async def test_the_head_is_that_of_every_replica() -> None:
    assert await horizon(Log()).head() == 7


async def comes(work: Any) -> bool:
    """Whether a wait is over at once."""
    task = asyncio.ensure_future(work)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    done = task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return done


@pytest.mark.parametrize(("views", "folded"), [(Folded(), 4), (None, 5)])
async def test_what_has_no_read_models_is_folded_as_far_as_its_log(views: Any, folded: int) -> None:
    assert await comes(horizon(Log(), views).folded(folded))
    assert not await comes(horizon(Log(), views).folded(folded + 1))


async def test_a_source_is_waited_for_in_the_inbox_and_oneself_in_the_log() -> None:
    log = Log()
    there = horizon(log)
    assert there.sources == {"things", "letters"}
    assert await comes(there.taken_in("letters", 9)) and log.taken == [("letters", 9)]
    assert await comes(there.taken_in("things", 5)) and not await comes(there.taken_in("things", 6))


async def test_what_is_read_besides_read_models_is_waited_for_too() -> None:
    filed = asyncio.Event()
    asked: list[int] = []

    async def besides(position: int) -> None:
        asked.append(position)
        await filed.wait()

    there = horizon(Log())
    there.besides = besides
    assert not await comes(there.folded(5))
    filed.set()
    assert await comes(there.folded(5)) and asked == [5, 5]
