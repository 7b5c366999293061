"""Heads, acting heads and delegations, told at random and late, against a model of who may act when.

The rule, the row and the row asked for a moment must all tell what the model tells of every hour.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.registry.department import Department
from services.registry.department.leading import appoint_head, delegate, end, name_acting_head
from services.registry.department.placing import place
from services.registry.views.departments import DepartmentsView, led_at
from shared.domain import Actor, Moment, Text
from shared.service.effective import open_at
from tests.property.refused import check_replay, refusing
from tests.unit.registry.folding import row_of
from tests.unit.registry.world import World

KEYS = ("a", "b", "c")
PEOPLE = ("h-1", "h-2", "d-1", "d-2")
ACTIONS = ("task.submit", "task.start")
START = datetime(2025, 5, 5, 12, tzinfo=UTC)

keys = st.sampled_from(("a", "a", "a", "b"))
deputies = st.sampled_from(("d-1", "d-1", "d-2", "h-1"))
delegations = st.sampled_from(("k-1", "k-2", "k-3"))
begins = st.sampled_from((-2, 0, 0, 1, 5))
ends = st.sampled_from((-1, 2, 9, 40))


@dataclass
class Allowed:
    """What the model knows of a delegation."""

    head: str
    given: datetime
    deputy: str
    since: datetime
    until: datetime
    actions: tuple[str, ...] | None


class Leading(RuleBasedStateMachine):
    """Three departments and a clock that only runs forwards, by hours."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.now = START
        self.heads: dict[str, list[tuple[datetime, str, str]]] = {key: [] for key in KEYS}
        self.allowed: dict[tuple[str, str], Allowed] = {}
        for key in KEYS:
            self.department(key).register(Text(en=key), self.moment())
        appoint_head(self.department("a"), "h-1", "department", None, "1/2025", self.moment())
        self.heads["a"].append((self.now, "h-1", "department"))

    def department(self, key: str) -> Department:
        return self.world.get(Department, key)

    def moment(self, offset: int = 0) -> Moment:
        return Moment(self.now, self.at(offset))

    def at(self, offset: int) -> datetime:
        return self.now + timedelta(hours=offset)

    def head_at(self, key: str, at: datetime) -> tuple[str | None, str | None]:
        """Who was head, in which role: of those told of a moment not after it, the latest, and told last."""
        begun = [one for one in enumerate(self.heads[key]) if one[1][0] <= at]
        if not begun:
            return None, None
        _, (_, head, role) = max(begun, key=lambda one: (one[1][0], one[0]))
        return head, role

    def stands_in(self, key: str, name: str, at: datetime) -> bool:
        """Whether one of a name counts: the head led in every hour from when it was given to then."""
        one = self.allowed[key, name]
        if not one.since <= at < one.until:
            return False
        first, last = sorted((one.given, at))
        hours = range((last - first) // timedelta(hours=1) + 1)
        return all(self.head_at(key, first + timedelta(hours=hour))[0] == one.head for hour in hours)

    @rule(passed=st.integers(1, 6))
    def time_passes(self, passed: int) -> None:
        self.now += timedelta(hours=passed)

    @rule(
        key=keys,
        head=st.sampled_from(("h-1", "h-2")),
        role=st.sampled_from(("department", "department", "issuer", "king")),
        late=st.sampled_from((0, 0, 1, 2, 5, 9)),
    )
    def appoint(self, key: str, head: str, role: str, late: int) -> None:
        with refusing(self.department(key)):
            appoint_head(self.department(key), head, role, None, "1/2025", self.moment(-late))
            assert role != "king"
            if self.head_at(key, self.at(-late)) != (head, role):
                self.heads[key].append((self.at(-late), head, role))

    @rule(key=keys, name=delegations, deputy=deputies, since=begins, until=ends)
    def name_acting(self, key: str, name: str, deputy: str, since: int, until: int) -> None:
        with refusing(self.department(key)):
            name_acting_head(
                self.department(key), name, deputy, self.at(since), self.at(until), "2/2025", self.moment()
            )
            self.note(key, name, deputy, since, until, None)

    @rule(
        key=keys,
        name=delegations,
        subject=st.sampled_from(("the head", "the head", "h-2", "d-1")),
        deputy=deputies,
        since=begins,
        until=ends,
        actions=st.sampled_from((None, ACTIONS[:1], ACTIONS, ("task.paint",))),
        on_behalf=st.sampled_from((None, None, None, "h-1")),
    )
    def delegate(
        self,
        key: str,
        name: str,
        subject: str,
        deputy: str,
        since: int,
        until: int,
        actions: tuple[str, ...] | None,
        on_behalf: str | None,
    ) -> None:
        subject = (self.head_at(key, self.now)[0] or "h-1") if subject == "the head" else subject
        actor = Actor(subject=subject, role="department", department=key, on_behalf_of=on_behalf)
        with refusing(self.department(key)):
            delegate(
                self.department(key),
                name,
                deputy,
                self.at(since),
                self.at(until),
                actions,
                "3/2025",
                actor,
                self.moment(),
            )
            assert (subject, on_behalf) == (self.head_at(key, self.now)[0], None), "only the head in person"
            self.note(key, name, deputy, since, until, actions)

    def note(
        self, key: str, name: str, deputy: str, since: int, until: int, actions: tuple[str, ...] | None
    ) -> None:
        if (key, name) not in self.allowed:
            head, _ = self.head_at(key, self.now)
            assert head is not None
            self.allowed[key, name] = Allowed(head, self.now, deputy, self.at(since), self.at(until), actions)

    @rule(key=keys, name=delegations)
    def end(self, key: str, name: str) -> None:
        with refusing(self.department(key)):
            end(self.department(key), name, self.moment())
            hours = [hour for hour in range(60) if self.stands_in(key, name, self.at(hour))]
            assert hours, "it was in force, or would have been"
            self.allowed[key, name].until = self.now

    @rule(key=st.sampled_from(KEYS), parent=st.sampled_from((None, *KEYS, "x")))
    def place(self, key: str, parent: str | None) -> None:
        with refusing(self.department(key)):
            place(self.world, self.department(key), parent, self.moment())
            assert self.department(key).parent == parent

    @invariant()
    def nobody_acts_but_whom_the_head_let(self) -> None:
        for key in KEYS:
            self.compare(key, self.now)

    def compare(self, key: str, at: datetime) -> None:
        """Ask the rule, who acts for whom at a moment."""
        leadership, (_, role) = self.department(key).leadership, self.head_at(key, at)
        for deputy, head in product(PEOPLE, ("h-1", "h-2")):
            actor = Actor(subject=deputy, role=role or "department", department=key, on_behalf_of=head)
            for action in ACTIONS:
                expected = any(
                    one.deputy == deputy
                    and one.head == head
                    and self.stands_in(key, name, at)
                    and (one.actions is None or action in one.actions)
                    for (department, name), one in self.allowed.items()
                    if department == key
                )
                assert leadership.covers(actor, action, at) is expected

    def compare_row(self, key: str, row: dict[str, Any], at: datetime) -> None:
        """Ask the row of a department, who led it at a moment and who stood in."""
        names = [name for department, name in self.allowed if department == key]
        told = led_at(row, at)
        assert told["head"] == self.head_at(key, at)[0]
        assert {one["key"] for one in told["stand_ins"]} == {
            name for name in names if self.stands_in(key, name, at)
        }
        assert told["stand_ins"] == open_at(row["stand_ins"], at)

    @invariant()
    def departments_form_no_circle(self) -> None:
        for key in KEYS:
            above, seen = self.department(key).parent, {key}
            while above is not None:
                assert above not in seen
                seen.add(above)
                above = self.department(above).parent

    def teardown(self) -> None:
        hours = range(-12, (self.now - START) // timedelta(hours=1) + 12)
        for key in KEYS[:2]:
            row = row_of(self.department(key), DepartmentsView())
            assert row["head"] == self.head_at(key, self.now)[0]
            for at in (START + timedelta(hours=hour) for hour in hours):
                self.compare(key, at)
                self.compare_row(key, row, at)
        check_replay(self.department(key) for key in KEYS)


TestLeading = Leading.TestCase
TestLeading.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
