from datetime import timedelta
from typing import Any

import pytest

from services.registry.department import Department, refusals
from services.registry.department.leading import appoint_head, delegate, end, name_acting_head
from services.registry.department.placing import place
from services.registry.views.departments import DepartmentsView, led_at
from shared.contracts.delegation import StandIn
from shared.contracts.meta import rfc3339
from shared.contracts.registry import (
    DepartmentActingHeadNamed,
    DepartmentDelegated,
    DepartmentHeadAppointed,
    DepartmentPlaced,
)
from shared.domain import Actor, Moment, NotFound, Text
from shared.domain.moment import BeforeWhatItFollows, EffectiveAhead
from shared.eventstore import snapshots
from tests.unit.registry.folding import row_of
from tests.unit.registry.world import NOON, NOW, World

DAY = timedelta(days=1)
HEAD = Actor(subject="head-1", role="department", department="protocol")
DEPUTY = Actor(subject="deputy-1", role="department", department="protocol", on_behalf_of="head-1")
UNTIL = NOON + 30 * DAY


def later(days: int) -> Moment:
    return Moment(NOON + days * DAY, NOON + days * DAY)


def protocol() -> Department:
    department = Department.blank("protocol")
    department.register(Text(en="Protocol"), NOW)
    return department


def led() -> Department:
    department = protocol()
    appoint_head(department, "head-1", "department", None, "1/2025", NOW)
    return department


def delegated(*actions: str, department: Department | None = None) -> Department:
    department = department or led()
    named = actions or None
    delegate(department, "d-1", "deputy-1", NOON, UNTIL, named, "2/2025", HEAD, NOW)
    return department


def covers(department: Department, moment: Moment = NOW, action: str = "task.submit") -> bool:
    return department.leadership.covers(DEPUTY, action, moment.recorded_at)


def test_a_department_gets_a_head_and_the_same_one_again_changes_nothing() -> None:
    department = led()
    department.pending_events.clear()
    appoint_head(department, "head-1", "department", None, "9/2025", NOW)
    assert not department.pending_events
    appoint_head(department, "head-2", "issuer", "emb-va", "9/2025", NOW)
    (change,) = department.pending_events
    assert isinstance(change.event, DepartmentHeadAppointed)  # type: ignore[attr-defined]  # a Change
    assert change.event.former == "head-1"  # type: ignore[attr-defined]  # a Change
    with pytest.raises(refusals.UnknownRole):
        appoint_head(department, "head-3", "admin", None, "9/2025", NOW)
    with pytest.raises(EffectiveAhead):
        appoint_head(department, "head-3", "issuer", None, "9/2025", Moment(NOON, NOON + DAY))
    with pytest.raises(NotFound):
        appoint_head(Department.blank("x"), "head-3", "issuer", None, "9/2025", NOW)


def test_the_head_delegates_named_actions_or_all_for_a_time() -> None:
    assert covers(delegated()) and covers(delegated("task.submit", "task.start"))
    assert not covers(delegated("task.start"))
    assert not covers(delegated(), later(30)) and covers(delegated(), later(29))
    with pytest.raises(refusals.UnknownActions):
        delegated("task.paint")


@pytest.mark.parametrize("actor", [DEPUTY, HEAD.model_copy(update={"subject": "other"})])
def test_nobody_else_delegates_and_nothing_is_delegated_on(actor: Actor) -> None:
    with pytest.raises(refusals.NotTheHead):
        delegate(led(), "d-1", "deputy-2", NOON, UNTIL, None, "2/2025", actor, NOW)
    in_person = DEPUTY.model_copy(update={"subject": "head-1"})
    with pytest.raises(refusals.NotTheHead):
        delegate(led(), "d-1", "deputy-2", NOON, UNTIL, None, "2/2025", in_person, NOW)


def test_without_a_head_nobody_acts_for_one() -> None:
    with pytest.raises(refusals.NoHead):
        delegate(protocol(), "d-1", "deputy-1", NOON, UNTIL, None, "2/2025", HEAD, NOW)
    with pytest.raises(refusals.NoHead):
        name_acting_head(protocol(), "a-1", "deputy-1", NOON, UNTIL, "2/2025", NOW)


def test_an_acting_head_may_do_everything_and_there_is_one_at_a_time() -> None:
    department = led()
    name_acting_head(department, "a-1", "deputy-1", NOON, UNTIL, "2/2025", NOW)
    assert covers(department, action="mission.close")
    with pytest.raises(refusals.ActingHeadAlready):
        name_acting_head(department, "a-2", "deputy-2", UNTIL - DAY, UNTIL + DAY, "2/2025", NOW)
    name_acting_head(department, "a-2", "deputy-2", UNTIL, UNTIL + DAY, "2/2025", NOW)
    end(department, "a-1", later(1))
    name_acting_head(department, "a-3", "deputy-2", NOON + 2 * DAY, UNTIL, "2/2025", later(2))
    assert not covers(department, later(2))


@pytest.mark.parametrize(("since", "until"), [(NOON, NOON), (UNTIL, NOON), (NOON - 9 * DAY, NOON - DAY)])
def test_a_period_ends_after_it_begins_and_after_now(since, until) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(refusals.PeriodSenseless):
        delegate(led(), "d-1", "deputy-1", since, until, None, "2/2025", HEAD, NOW)
    with pytest.raises(refusals.OwnDeputy):
        name_acting_head(led(), "a-1", "head-1", NOON, UNTIL, "2/2025", NOW)


def test_an_appointment_that_ended_before_it_began_keeps_nobody_from_another() -> None:
    department = led()
    name_acting_head(department, "a-1", "deputy-1", NOON + 10 * DAY, NOON + 20 * DAY, "2/2025", NOW)
    end(department, "a-1", later(5))
    name_acting_head(department, "a-2", "deputy-2", NOON, NOON + 12 * DAY, "3/2025", later(5))
    assert not covers(department, later(11)), "it was never in force"


def told(department: Department) -> dict[str, Any]:
    """The row of a department, of everything that was recorded of it."""
    return row_of(department, DepartmentsView())


def test_what_ended_before_it_began_is_shown_as_never_in_force() -> None:
    department, begins = led(), NOON + 10 * DAY
    delegate(department, "d-1", "deputy-1", begins, UNTIL, None, "2/2025", HEAD, NOW)
    name_acting_head(department, "a-1", "deputy-2", begins, UNTIL, "3/2025", NOW)
    end(department, "d-1", later(3))
    appoint_head(department, "head-2", "department", None, "4/2025", later(5))
    row = told(department)
    assert [one["since"] for one in row["stand_ins"]] == [rfc3339(begins)] * 2
    assert [one["until"] for one in row["stand_ins"]] == [rfc3339(begins)] * 2
    for days in (3, 5, 10, 11):
        assert led_at(row, NOON + days * DAY)["stand_ins"] == []


def test_a_key_names_one_delegation_for_ever() -> None:
    department = delegated("task.submit", "task.start")
    department.pending_events.clear()
    delegate(
        department,
        "d-1",
        "deputy-1",
        NOON,
        UNTIL,
        ("task.start", "task.submit", "task.start"),
        "2/2025",
        HEAD,
        NOW,
    )
    assert not department.pending_events
    with pytest.raises(refusals.DelegationKnownOtherwise):
        delegated(department=department)
    end(department, "d-1", later(1))
    with pytest.raises(refusals.DelegationKnownOtherwise):
        delegated(department=department)


def test_a_delegation_ends_early_once() -> None:
    department = delegated()
    end(department, "d-1", later(2))
    assert covers(department, later(1)) and not covers(department, later(2))
    with pytest.raises(refusals.DelegationOver):
        end(department, "d-1", later(3))
    with pytest.raises(NotFound):
        end(department, "d-2", later(3))
    with pytest.raises(refusals.DelegationOver):
        end(delegated(), "d-1", later(30))


def test_a_delegation_lapses_with_the_office_of_its_head_and_does_not_come_back() -> None:
    department = delegated()
    appoint_head(department, "head-2", "department", None, "3/2025", later(3))
    assert not covers(department, later(4))
    with pytest.raises(refusals.DelegationOver):
        end(department, "d-1", later(4))
    appoint_head(department, "head-1", "department", None, "4/2025", later(5))
    assert not covers(department, later(6))


def test_a_snapshot_holds_the_leadership() -> None:
    department = delegated("task.submit")
    end(department, "d-1", later(2))
    copy = Department.blank("protocol")
    snapshots.restore(copy, snapshots.dump(department))
    assert (copy.leadership, copy.name, copy.parent) == (department.leadership, department.name, None)


def test_departments_stand_under_one_another_and_never_in_a_circle() -> None:
    world = World()
    for key in ("a", "b", "c"):
        world.get(Department, key).register(Text(en=key), NOW)
    place(world, world.get(Department, "b"), "a", NOW)
    place(world, world.get(Department, "c"), "b", NOW)
    with pytest.raises(refusals.OwnAncestor):
        place(world, world.get(Department, "a"), "c", NOW)
    with pytest.raises(refusals.OwnAncestor):
        place(world, world.get(Department, "a"), "a", NOW)
    with pytest.raises(NotFound):
        place(world, world.get(Department, "a"), "x", NOW)
    world.forget_news()
    place(world, world.get(Department, "c"), "b", NOW)
    assert not world.news
    place(world, world.get(Department, "c"), None, NOW)
    assert world.news == [DepartmentPlaced(parent=None, former="b")]


def test_who_led_a_department_on_a_day() -> None:
    department = led()
    delegate(department, "d-1", "deputy-1", NOON + DAY, UNTIL, None, "2/2025", HEAD, NOW)
    name_acting_head(department, "a-1", "deputy-2", NOON + 2 * DAY, UNTIL, "3/2025", NOW)
    end(department, "d-1", later(3))
    appoint_head(department, "head-2", "department", None, "4/2025", later(5))
    events = [change.event for change in department.pending_events]  # type: ignore[attr-defined]  # Changes
    row = told(department)

    def at(days: int) -> tuple[str | None, list[str]]:
        told = led_at(row, NOON + days * DAY)
        return told["head"], [one["key"] for one in told["stand_ins"]]

    assert at(-1) == (None, [])
    assert [at(days) for days in (0, 1, 2, 3, 4)] == [
        ("head-1", []),
        ("head-1", ["d-1"]),
        ("head-1", ["d-1", "a-1"]),
        ("head-1", ["a-1"]),
        ("head-1", ["a-1"]),
    ]
    assert at(5) == ("head-2", [])
    assert [type(event) for event in events[2:4]] == [DepartmentDelegated, DepartmentActingHeadNamed]


# --- facts that are told late


def test_a_head_who_is_told_late_led_from_their_own_day_until_the_next() -> None:
    department = led()
    appoint_head(department, "head-0", "department", None, "2/2025", Moment(NOON + DAY, NOON - 5 * DAY))
    leadership, row = department.leadership, told(department)
    for days, head in ((-6, None), (-5, "head-0"), (-1, "head-0"), (0, "head-1"), (9, "head-1")):
        led_then = leadership.head_at(NOON + days * DAY)
        assert (led_then and led_then.head) == led_at(row, NOON + days * DAY)["head"] == head
    assert leadership.headship is not None and leadership.headship.head == row["head"] == "head-1"
    assert [one["head"] for one in row["heads"]] == ["head-0", "head-1"]
    change = department.pending_events[-1]
    assert change.event.former is None  # type: ignore[attr-defined]  # a Change


def test_whoever_stands_in_does_so_in_the_term_in_which_that_was_given() -> None:
    department = led()
    name_acting_head(department, "a-1", "deputy-1", NOON - 5 * DAY, UNTIL, "2/2025", later(2))
    appoint_head(department, "head-2", "department", None, "3/2025", Moment(NOON + 9 * DAY, NOON - 3 * DAY))
    assert told(department)["stand_ins"][0]["since"] == rfc3339(NOON), "it counts since its head leads"
    assert covers(department, later(4))
    appoint_head(department, "head-2", "department", None, "4/2025", Moment(NOON + 9 * DAY, NOON + 5 * DAY))
    (shown,) = told(department)["stand_ins"]
    assert (shown["since"], shown["until"]) == (rfc3339(NOON), rfc3339(NOON + 5 * DAY))
    assert shown["given"] == {
        "at": rfc3339(NOON + 2 * DAY),
        "since": rfc3339(NOON - 5 * DAY),
        "until": rfc3339(UNTIL),
        "ended_at": None,
    }
    assert [covers(department, later(days)) for days in (-3, 0, 4, 5, 6)] == [False, True, True, False, False]
    appoint_head(department, "head-1", "department", None, "5/2025", Moment(NOON + 9 * DAY, NOON + 6 * DAY))
    assert not covers(department, later(7)), "it does not come back"


def test_what_begins_in_a_later_term_than_it_was_given_in_never_counts() -> None:
    department = led()
    name_acting_head(department, "a-1", "deputy-1", NOON + 5 * DAY, UNTIL, "2/2025", NOW)
    appoint_head(department, "head-2", "department", None, "3/2025", later(3))
    appoint_head(department, "head-1", "department", None, "4/2025", later(4))
    assert not covers(department, later(6)) and led_at(told(department), NOON + 6 * DAY)["stand_ins"] == []
    with pytest.raises(refusals.DelegationOver):
        end(department, "a-1", later(4))


def test_a_head_told_of_the_very_day_of_another_takes_the_place_of_that_one() -> None:
    department = delegated()
    appoint_head(department, "head-2", "department", None, "3/2025", later(3))
    assert not covers(department, later(4))
    appoint_head(department, "head-1", "department", None, "4/2025", later(3))
    assert covers(department, later(4)), "head-2 was never head"


def test_nobody_is_let_stand_in_before_their_head_was_appointed() -> None:
    department, early = led(), Moment(NOON + DAY, NOON - DAY)
    with pytest.raises(BeforeWhatItFollows):
        name_acting_head(department, "a-1", "deputy-1", NOON, UNTIL, "2/2025", early)
    with pytest.raises(BeforeWhatItFollows):
        delegate(department, "d-1", "deputy-1", NOON, UNTIL, None, "2/2025", HEAD, early)


def test_what_older_logs_let_somebody_do_before_the_appointment_counts_since_then() -> None:
    department = led()
    stand_in = StandIn(key="a-1", head="head-1", deputy="deputy-1", since=NOON, until=UNTIL, acting=True)
    named = DepartmentActingHeadNamed(stand_in=stand_in, reference="2/2025")
    department.record(named, Moment(NOON + DAY, NOON - DAY))
    assert covers(department, later(1))
