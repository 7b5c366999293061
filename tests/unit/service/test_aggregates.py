"""Every aggregate of a service can be asked about by its kind."""

from types import ModuleType

import orjson
import pytest

import services.registry.aggregates
import services.tasks.aggregates
from shared.domain import Aggregate
from shared.eventstore import snapshots


@pytest.mark.parametrize("module", [services.registry.aggregates, services.tasks.aggregates])
def test_none_is_left_out_and_each_can_tell_its_state(module: ModuleType) -> None:
    service = module.__name__.rpartition(".")[0]
    every = {kind for kind in Aggregate.__subclasses__() if kind.__module__.startswith(service + ".")}
    assert set(module.AGGREGATES) == every
    assert len({kind.kind for kind in every}) == len(every)
    for kind in every:
        assert isinstance(orjson.loads(snapshots.dump(kind.blank("some-1"))), dict)
