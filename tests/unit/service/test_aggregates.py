"""Every aggregate of a service can be asked about by its kind."""

from collections.abc import Iterator
from importlib import import_module

import orjson
import pytest

from shared.domain import Aggregate
from shared.eventstore import snapshots


def kinds(base: type[Aggregate]) -> Iterator[type[Aggregate]]:
    """Every class that names a kind; one that names none is a part of others."""
    for narrower in base.__subclasses__():
        if "kind" in vars(narrower):
            yield narrower
        yield from kinds(narrower)


@pytest.mark.parametrize("service", ["registry", "tasks", "notifier"])
def test_none_is_left_out_and_each_can_tell_its_state(service: str) -> None:
    import_module(f"services.{service}.service")
    known = import_module(f"services.{service}.aggregates").AGGREGATES
    every = {kind for kind in kinds(Aggregate) if kind.__module__.startswith(f"services.{service}.")}
    assert set(known) == every
    assert len({kind.kind for kind in every}) == len(every)
    for kind in every:
        assert isinstance(orjson.loads(snapshots.dump(kind.blank("some-1"))), dict)
