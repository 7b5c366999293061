"""What a row of a table says by the order of law: as it was named, and as amendments change it.

Each part of it (mission, receiver, target) is what the amendment that is latest in law says of it. An
amendment that leaves a part out leaves it as it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.registry.measure.kinds import merged
from shared.contracts.registry import MeasureAmendedInPast, MeasureListed, MeasureRetargeted, RowText, Target


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a row; None stands for what no source tells."""

    mission: str | None = None
    receiver: str | None = None
    target: Target | None = None

    def changed(self, says: RowText) -> "Parts":
        """The parts after an amendment."""
        return Parts(
            says.mission or self.mission, says.receiver or self.receiver, merged(self.target, says.target)
        )


@dataclass(frozen=True, slots=True)
class RowChange:
    """What the decree `by` says of the row from the day `on`."""

    by: str
    on: date
    says: RowText


def in_law(named: Parts, changes: Iterable[RowChange], day: date | None = None) -> Parts:
    """The parts as they stand, or stood in law on a day.

    Changes come in the order of recording: of two of the same day the later one counts later.
    """
    parts = named
    for change in sorted(changes, key=lambda change: change.on):
        if day is None or change.on <= day:
            parts = parts.changed(change.says)
    return parts


def parts_of(row: MeasureListed) -> Parts:
    """What the table itself says."""
    return Parts(row.mission, row.receiver, row.target)


def identified(named: Parts, known: Parts, found: Parts) -> Parts:
    """What the row is named as, after an identification that tells all parts as they then are."""
    return Parts(
        named.mission if found.mission == known.mission else found.mission,
        named.receiver if found.receiver == known.receiver else found.receiver,
        named.target if found.target == known.target else found.target,
    )


def change_of(
    event: MeasureRetargeted | MeasureAmendedInPast, known: Parts, changes: Iterable[RowChange]
) -> RowChange:
    """The change that an amendment made; of an older event, what was another part then.

    An older event moved the row when it was recorded, and what was done since was done for that: it counts
    after all that had been recorded before it.
    """
    if event.says is not None:
        return RowChange(event.by, event.on, event.says)
    says = RowText(
        mission=None if event.mission == known.mission else event.mission,
        receiver=None if event.receiver == known.receiver else event.receiver,
        target=None if event.target == known.target else event.target,
    )
    return RowChange(event.by, max([event.on, *(change.on for change in changes)]), says)


def is_latest(change: RowChange, changes: Iterable[RowChange]) -> bool:
    """Whether no other change counts later."""
    return all(other.on <= change.on for other in changes)
