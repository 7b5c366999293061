"""Which index leads to what is asked for; places; types."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.audit.trail.asked import Asked, Place, fits
from services.audit.trail.entry import FiledLog, FiledLogs
from services.audit.trail.leads import BUDGET, Lead, budget_of, leads, narrowest

PLACE = Place(datetime(2025, 5, 5, 8, 0, 0, 7, tzinfo=UTC), "tasks", 12, 3)


def covering(asked: Asked) -> list[Lead]:
    return [lead for lead in leads(asked) if lead.covers(asked)]


@pytest.mark.parametrize(
    ("asked", "lead"),
    [
        (Asked(), Lead(None, False)),
        (Asked({"task": "t-1"}), Lead("task", False)),
        (Asked({}, ("tasks.task.started",)), Lead(None, True)),
        (Asked({"mission": "emb-va"}, ("tasks.task.started",)), Lead("mission", True)),
        (Asked({"department": "legal"}, ("a.b.c", "a.b.d")), Lead("department", True)),
    ],
)
def test_what_is_asked_for_most_is_read_from_one_index(asked: Asked, lead: Lead) -> None:
    assert covering(asked) == leads(asked)[:1] == [lead]


def test_of_several_filters_the_narrowest_leads_and_the_rest_is_looked_for() -> None:
    asked = Asked({"decree": "298-2025", "actor": "legal-officer"}, ("tasks.task.started",))
    possible = leads(asked)

    assert covering(asked) == []
    assert possible == [Lead("decree", True), Lead("actor", False), Lead(None, True)]
    assert narrowest([(possible[0], 1000), (possible[1], 12), (possible[2], 1000)]) == Lead("actor", False)


def test_where_types_are_merged_fewer_candidates_of_each_are_looked_through() -> None:
    types = tuple(f"tasks.task.{n}" for n in range(10))
    asked = Asked({"decree": "298-2025", "actor": "legal-officer"}, types)

    assert budget_of(asked, Lead("decree", True), 50) == BUDGET // 10
    assert budget_of(asked, Lead("actor", False), 50) == BUDGET
    assert budget_of(asked, Lead("decree", True), 1_000) == 1_000


def test_a_place_is_read_as_it_was_written() -> None:
    assert Place.read(PLACE.key()) == PLACE
    assert PLACE.key() == "1746432000000007.tasks.12.3"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a.b.c.d",
        "1.tasks.1",
        "1.tasks.1.1.1",
        "01.tasks.1.1",
        "1.tasks.-1.1",
        "1.tasks.1.2147483648",
        "1.tasks.9223372036854775808.1",
        "99999999999999999999.tasks.1.1",
        f"{'9' * 5000}.tasks.1.1",
        "1.tasks.1.١",
    ],
)
def test_nothing_else_is_a_place(key: str) -> None:
    with pytest.raises(ValueError):
        Place.read(key)


def test_a_type_is_asked_for_whole_or_by_whole_parts_of_its_beginning() -> None:
    assert fits("tasks.deadline.missed", "tasks.deadline.missed")
    assert fits("tasks.deadline.*", "tasks.deadline.missed")
    assert fits("tasks.*", "tasks.deadline.missed")
    assert not fits("tasks.dead.*", "tasks.deadline.missed")
    assert not fits("tasks.deadline.miss", "tasks.deadline.missed")


def test_beyond_what_a_restored_log_has_in_common_the_older_one_is_superseded() -> None:
    logs = FiledLogs(
        [
            FiledLog(1, "registry", UUID(int=1), 0),
            FiledLog(2, "tasks", UUID(int=2), 0),
            FiledLog(3, "registry", UUID(int=3), 10),
            FiledLog(4, "registry", UUID(int=4), 8),
        ]
    )
    found = [
        (log, position)
        for log in (1, 3, 4)
        for position in (8, 9, 11)
        if logs.superseded("registry", log, position)
    ]

    assert found == [(1, 9), (1, 11), (3, 9), (3, 11)]
    assert not logs.superseded("tasks", 2, 99)
