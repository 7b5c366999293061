"""Given what streams and views count, when they differ, then the simulation says where."""

from types import SimpleNamespace

from deploy.simulation.playing import miscounts
from deploy.simulation.tally import Tally
from shared.contracts import registry, tasks


def happened(kind: str, id: str, event: type) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, id=id, event=event.model_construct())


STREAMS = {
    "registry": [
        happened("measure", "r01", registry.MeasureListed),
        happened("measure", "r01", registry.MeasureOrdered),
        happened("measure", "r02", registry.MeasureListed),
        happened("measure", "r02", registry.MeasureBlocked),
        happened("measure", "r02", registry.MeasureIdentified),
        happened("measure", "r02", registry.MeasureOrdered),
        happened("measure", "r02", registry.MeasureExecuted),
        happened("mission", "emb-al", registry.MissionRegistered),
        happened("mission", "emb-al", registry.MissionClosing),
        happened("staff", "p-1", registry.StaffRecalled),
    ],
    "tasks": [
        happened("task", "t1", tasks.TaskPlanned),
        happened("task", "t2", tasks.TaskPlanned),
        happened("task", "t3", tasks.TaskPlanned),
        happened("task", "t1", tasks.TaskAccepted),
        happened("task", "t3", tasks.TaskCancelled),
        happened("deadline", "t2", tasks.DeadlineMissed),
    ],
}
VIEWS = {
    "measures": {"ordered": 1, "executed": 1},
    "missions": {"closing": 1},
    "tasks": {"planned": 1, "accepted": 1, "cancelled": 1},
}


def test_the_last_state_of_each_counts() -> None:
    assert Tally(STREAMS, "298-2025").as_json() == {  # type: ignore[arg-type]
        "measures": {"ordered": 1, "blocked": 0, "executed": 1},
        "missions": {"closing": 1, "closed": 0},
        "tasks": {"planned": 3, "accepted": 1, "open": 1},
        "deadlines": {"missed": 1, "extended": 0, "refused": 0},
        "staff": {"reassigned": 0, "recalled": 1},
        "notifications": {"delivered": 0},
        "events": {"registry": 10, "tasks": 6},
    }


def test_another_decree_counts_only_where_it_opens_a_closed_mission_again() -> None:
    mine = [
        happened("measure", "r01", registry.MeasureListed),
        happened("measure", "r01", registry.MeasureExecuted),
        happened("mission", "emb-al", registry.MissionClosed),
        happened("mission", "emb-na", registry.MissionClosed),
    ]
    others = [
        SimpleNamespace(kind=kind, id=id, event=event.model_construct(decree="99002-2026"))
        for kind, id, event in (
            ("measure", "x01", registry.MeasureExecuted),
            ("mission", "emb-na", registry.MissionReopened),
            ("mission", "emb-it", registry.MissionClosed),
            ("task", "t9", tasks.TaskPlanned),
        )
    ]
    told = Tally({"registry": [*mine, *others]}, "298-2025").as_json()  # type: ignore[list-item]
    assert told["measures"] == {"ordered": 0, "blocked": 0, "executed": 1}
    assert told["missions"] == {"closing": 0, "closed": 1}
    assert told["tasks"]["planned"] == 0


def test_a_mission_whose_file_goes_on_after_its_closing_is_counted_where_it_stands() -> None:
    events = [
        SimpleNamespace(kind="mission", id="emb-al", event=event.model_construct())
        for event in (registry.MissionClosed, registry.MissionSettled, registry.MissionArchived)
    ]
    for count, state in enumerate(("closed", "settled", "archived"), 1):
        told = Tally({"registry": events[:count]}, "298-2025").states("mission")  # type: ignore[dict-item]
        assert told == {state: 1}


def test_tasks_are_accepted_open_or_cancelled() -> None:
    tally = Tally(STREAMS, "298-2025")  # type: ignore[arg-type]
    counted = tally.as_json()["tasks"]
    assert (tally.cancelled, counted["accepted"] + counted["open"]) == (1, counted["planned"] - 1)


def test_views_that_count_the_same_are_in_order() -> None:
    assert miscounts(Tally(STREAMS, "298-2025"), VIEWS) == []  # type: ignore[arg-type]


def test_views_that_count_otherwise_are_named() -> None:
    views = {**VIEWS, "missions": {"closing": 0, "closed": 1}}
    assert miscounts(Tally(STREAMS, "298-2025"), views) == [  # type: ignore[arg-type]
        "missions closing: 1 by the streams, 0 by the views",
        "missions closed: 0 by the streams, 1 by the views",
    ]
