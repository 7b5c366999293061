"""What every aggregate keeps, whatever is asked of it: named refusals that record nothing, and replay."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from shared.domain import Aggregate, Change, Conflicting, Forbidden, Invalid, Refusal
from shared.eventstore import snapshots

BASES = (Refusal, Conflicting, Forbidden, Invalid)


@contextmanager
def refusing(*concerned: Aggregate) -> Iterator[None]:
    """Let a command be refused: by a rule with a name, in both languages, with nothing recorded."""
    before = [len(aggregate.pending_events) for aggregate in concerned]
    try:
        yield
    except Refusal as refusal:
        assert type(refusal) not in BASES, "a refusal names its rule"
        told = refusal.told()
        assert told.en and told.ar and "{" not in told.en + told.ar
        assert [len(aggregate.pending_events) for aggregate in concerned] == before


def check_replay(aggregates: Iterable[Aggregate]) -> None:
    """Replay the recorded events of aggregates, and restore their snapshots: both give the live states."""
    for live in aggregates:
        replayed, restored = type(live).blank(live.id), type(live).blank(live.id)
        for change in live.pending_events:
            cast(Change, change).mutate(replayed)
        snapshots.restore(restored, snapshots.dump(live))
        assert snapshots.dump(replayed) == snapshots.dump(live) == snapshots.dump(restored)
        assert replayed.version == live.version
