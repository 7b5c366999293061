"""Heads, acting heads and delegations, driven at random against a model of who may act when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.registry.department import Department
from services.registry.department.leading import appoint_head, delegate, end, name_acting_head
from services.registry.department.placing import place
from shared.domain import Actor, Moment, Text
from tests.property.refused import check_replay, refusing
from tests.unit.registry.world import World

KEYS = ("a", "b", "c")
PEOPLE = ("h-1", "h-2", "d-1", "d-2")
ACTIONS = ("task.submit", "task.start")
START = datetime(2025, 5, 5, 12, tzinfo=UTC)

keys = st.sampled_from(("a", "a", "a", "b"))
deputies = st.sampled_from(("d-1", "d-1", "d-2", "h-1"))
delegations = st.sampled_from(("k-1", "k-2", "k-3"))
begins = st.sampled_from((-2, 0, 0, 1))
ends = st.sampled_from((-1, 2, 9, 40))


@dataclass
class Allowed:
    """What the model knows of a delegation."""

    head: str
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
        self.heads: dict[str, str] = {}
        self.allowed: dict[tuple[str, str], Allowed] = {}
        for key in KEYS:
            self.department(key).register(Text(en=key), self.moment())
        appoint_head(self.department("a"), "h-1", "department", None, "1/2025", self.moment())
        self.heads["a"] = "h-1"

    def department(self, key: str) -> Department:
        return self.world.get(Department, key)

    def moment(self) -> Moment:
        return Moment(self.now, self.now)

    def at(self, offset: int) -> datetime:
        return self.now + timedelta(hours=offset)

    @rule(passed=st.integers(1, 6))
    def time_passes(self, passed: int) -> None:
        self.now += timedelta(hours=passed)

    @rule(
        key=keys,
        head=st.sampled_from(("h-1", "h-2")),
        role=st.sampled_from(("department", "department", "issuer", "king")),
    )
    def appoint(self, key: str, head: str, role: str) -> None:
        with refusing(self.department(key)):
            appoint_head(self.department(key), head, role, None, "1/2025", self.moment())
            assert role != "king"
            if self.heads.get(key) != head:
                for (department, _), one in self.allowed.items():
                    if department == key:
                        one.until = min(one.until, self.now)
            self.heads[key] = head

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
        subject = self.heads.get(key, "h-1") if subject == "the head" else subject
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
            assert (subject, on_behalf) == (self.heads[key], None), "only the head in person"
            self.note(key, name, deputy, since, until, actions)

    def note(
        self, key: str, name: str, deputy: str, since: int, until: int, actions: tuple[str, ...] | None
    ) -> None:
        if (key, name) not in self.allowed:
            head = self.heads[key]
            self.allowed[key, name] = Allowed(head, deputy, self.at(since), self.at(until), actions)

    @rule(key=keys, name=delegations)
    def end(self, key: str, name: str) -> None:
        with refusing(self.department(key)):
            end(self.department(key), name, self.moment())
            assert self.allowed[key, name].until > self.now
            self.allowed[key, name].until = self.now

    @rule(key=st.sampled_from(KEYS), parent=st.sampled_from((None, *KEYS, "x")))
    def place(self, key: str, parent: str | None) -> None:
        with refusing(self.department(key)):
            place(self.world, self.department(key), parent, self.moment())
            assert self.department(key).parent == parent

    @invariant()
    def nobody_acts_but_whom_the_head_let(self) -> None:
        for key, head in self.heads.items():
            leadership = self.department(key).leadership
            assert leadership.headship is not None
            for deputy in PEOPLE:
                actor = Actor(
                    subject=deputy, role=leadership.headship.role, department=key, on_behalf_of=head
                )
                for action in ACTIONS:
                    expected = any(
                        one.deputy == deputy
                        and one.head == head
                        and one.since <= self.now < one.until
                        and (one.actions is None or action in one.actions)
                        for (department, _), one in self.allowed.items()
                        if department == key
                    )
                    assert leadership.covers(actor, action, self.now) is expected

    @invariant()
    def departments_form_no_circle(self) -> None:
        for key in KEYS:
            above, seen = self.department(key).parent, {key}
            while above is not None:
                assert above not in seen
                seen.add(above)
                above = self.department(above).parent

    def teardown(self) -> None:
        check_replay(self.department(key) for key in KEYS)


TestLeading = Leading.TestCase
TestLeading.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
