"""A snapshot that grows is written more seldom, so that an event never costs more than its share of one."""

from datetime import UTC, datetime
from uuid import UUID

from services.tasks.parked import TasksParked
from shared.contracts.inbox import OfParked
from shared.contracts.tasks import InboxEventParked
from shared.eventstore import snapshots
from shared.eventstore.cache import Entry
from shared.eventstore.snapshots import BYTES_PER_EVENT, EVERY, Snapshots

NOW = datetime(2025, 5, 5, 8, tzinfo=UTC)
PARKED = 8_000


def park(parked: TasksParked, position: int) -> None:
    of = OfParked(source="registry", of_position=position, of_stream="decree.1", of_event=UUID(int=position))
    event = InboxEventParked(
        **of.model_dump(), of_log=UUID(int=0), of_type="registry.decree.held", failure=None, behind=1
    )
    parked.replay(event, parked.version + 1, NOW, NOW)


def test_what_is_parked_in_thousands_costs_each_event_its_share_of_the_snapshots_only() -> None:
    kept, entry = Snapshots(), Entry(TasksParked.blank("registry"))
    written, versions = 0, [0]
    for position in range(1, PARKED + 1):
        park(entry.aggregate, position)  # type: ignore[arg-type]  # the entry of such
        kept.offer([entry])
        if entry.snapshot != versions[-1]:
            versions.append(entry.snapshot)
            written += len(snapshots.dump(entry.aggregate))
    assert versions[1] == EVERY, "small ones as often as ever"
    # Each is paid for by the events up to the next one.
    assert written <= BYTES_PER_EVENT * (PARKED + entry.interval + len(versions))


def test_a_state_that_was_restored_goes_on_as_rarely() -> None:
    entry, again = Entry(TasksParked.blank("registry")), Entry(TasksParked.blank("registry"))
    for position in range(1, 3_001):
        park(entry.aggregate, position)  # type: ignore[arg-type]  # the entry of such
    state = snapshots.dump(entry.aggregate)
    again.restore(3_000, NOW, state, b"", NOW)
    assert again.interval == len(state) // BYTES_PER_EVENT > EVERY
