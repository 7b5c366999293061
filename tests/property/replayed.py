"""What every model of an aggregate checks after each step: it replays, and refusals can be read."""

from collections.abc import Callable
from typing import cast

from shared.domain import Aggregate, Change, Refusal
from shared.eventstore import snapshots


class Recorded:
    """An aggregate with everything that it recorded; illegal steps raise out of `attempt`."""

    def __init__(self, aggregate: Aggregate) -> None:
        self.aggregate = aggregate
        self.history: list[Change] = []

    def attempt(self, act: Callable[[], object]) -> type[Refusal] | None:
        """Try something; return what refused it: it names its rule in both languages and changed nothing."""
        before = snapshots.dump(self.aggregate)
        try:
            act()
        except Refusal as refusal:
            told = refusal.told()
            assert type(refusal) is not Refusal and told.ar and told.en and "{" not in told.en + told.ar
            assert not self.aggregate.pending_events and snapshots.dump(self.aggregate) == before
            return type(refusal)
        self.history += [cast(Change, change) for change in self.aggregate.collect_events()]
        return None

    def replays(self) -> None:
        """Fold the history anew, and restore a snapshot: both are the live aggregate."""
        live = snapshots.dump(self.aggregate)
        replayed = type(self.aggregate).blank(self.aggregate.id)
        for change in self.history:
            change.mutate(replayed)
        restored = type(self.aggregate).blank(self.aggregate.id)
        snapshots.restore(restored, live)
        assert snapshots.dump(replayed) == live == snapshots.dump(restored)
