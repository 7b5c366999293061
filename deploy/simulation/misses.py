"""Who missed what: the deadlines of each department, and what became of those that it missed."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.contracts.tasks import TaskAccepted, TaskCancelled
from shared.contracts.tasks import deadline as said
from shared.messaging.received import Received


@dataclass
class Record:
    """The deadlines of one department: kept, missed, and of the missed those qualified and still open.

    What was cancelled is open no more; the miss stays.
    """

    kept: int = 0
    missed: int = 0
    qualified: int = 0
    open: int = 0


def records_of(events: Iterable[Received]) -> dict[str, Record]:
    """Count by department, those with most misses first."""
    found: dict[str, Record] = {}
    missed: dict[str, str] = {}
    settled: set[str] = set()
    for received in events:
        match received.event:
            case said.DeadlineMissed() as event:
                found.setdefault(event.department, Record()).missed += 1
                missed[event.task] = event.department
            case said.DeadlineMissQualified() as event:
                found.setdefault(event.department, Record()).qualified += 1
            case said.DeadlineMet(on_time=True) as event:
                found.setdefault(event.department, Record()).kept += 1
            case TaskAccepted(task=task) | TaskCancelled(task=task):
                settled.add(task)
    for task, department in missed.items():
        found[department].open += task not in settled
    return dict(sorted(found.items(), key=lambda item: (-item[1].missed, -item[1].kept, item[0])))
