"""Postings, driven through random legal and illegal commands against a model of who is where."""

from datetime import UTC, date, datetime, timedelta
from typing import cast

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.registry.mission import Mission
from services.registry.organisation import MINISTRY, Organisation
from services.registry.staff import StaffMember, StaffState
from services.registry.staff.lasting import approach, extend, note_overdue
from services.registry.staff.term import overdue_at
from shared.contracts.registry import (
    ErasureReason,
    StaffOverdueQualified,
    StaffPostingCapApproaching,
    StaffPostingOverdue,
)
from shared.domain import Change, Moment
from tests.property.refused import check_replay, refusing
from tests.unit.registry.world import COMPETENCES, World, post, registered

MISSIONS = ("emb-va", "emb-it", "emb-fr")
STAFF = ("p-8", "p-9")
START = datetime(2025, 5, 5, 12, tzinfo=UTC)

missions = st.sampled_from(MISSIONS)
staff = st.sampled_from(("p-8", "p-8", "p-9"))
authorities = st.sampled_from(("cabinet", "cabinet", "cabinet", "presidential-council"))
categories = st.sampled_from(("diplomat", "diplomat", "administrative", "head-of-mission", "cook"))
days_back = st.sampled_from((0, 0, 0, 1, 100, 2000, -1))


def sealed(stream: str, version: int, field: str, text: str) -> str:
    """A token of the right form, with nothing in it."""
    return f"1:{'0' * 32}:{stream}:{version}:{field}:{'A' * 38}"


class Postings(RuleBasedStateMachine):
    """Two people, three missions, and a clock that only runs forwards."""

    def __init__(self) -> None:
        super().__init__()
        self.world: World = registered()
        self.now = START
        self.there: dict[str, str | None] = dict.fromkeys(STAFF)
        post(self.world, "p-8", "diplomat", "cabinet", "emb-it", self.moment(0), self.now.date())
        self.there["p-8"] = "emb-it"

    def person(self, id: str) -> StaffMember:
        return self.world.get(StaffMember, id)

    def moment(self, back: int) -> Moment:
        return Moment(self.now, self.now - timedelta(days=back))

    def concerned(self, id: str) -> tuple[StaffMember, ...]:
        return (self.person(id), *(self.world.get(Mission, one) for one in MISSIONS))  # type: ignore[arg-type]  # all aggregates

    @rule(days=st.sampled_from((1, 40, 400, 1400)))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(
        id=staff,
        mission=missions,
        category=categories,
        authority=authorities,
        back=days_back,
        known=st.sampled_from((True, True, False)),
    )
    def post(self, id: str, mission: str, category: str, authority: str, back: int, known: bool) -> None:
        moment = self.moment(back)
        first = moment.effective_at.date() if known else None
        with refusing(*self.concerned(id)):
            post(self.world, id, category, authority, mission, moment, first)
            assert self.there[id] is None, "one posting at a time"
            self.there[id] = mission

    @rule(id=staff, to=missions, by=authorities, back=days_back)
    def reassign(self, id: str, to: str, by: str, back: int) -> None:
        with refusing(*self.concerned(id)):
            left = self.world.get(Mission, self.person(id).posted_at)
            organisation = self.world.get(Organisation, MINISTRY)
            self.person(id).reassign(
                left, self.world.get(Mission, to), by, "5/2025", organisation, self.moment(back)
            )
            assert self.there[id] != to
            self.there[id] = to

    @rule(id=staff, by=authorities, back=days_back, left_service=st.booleans(), at=missions)
    def end(self, id: str, by: str, back: int, left_service: bool, at: str) -> None:
        person = self.person(id)
        with refusing(*self.concerned(id)):
            step, passed = person.separate if left_service else person.recall, person.passed
            extended_at = person.extended_at
            step(self.world.get(Mission, at), by, None, self.moment(back))
            assert self.there[id] == at
            assert extended_at is None or extended_at <= self.moment(back).effective_at
            self.beside(id, passed, back)
            self.there[id] = None

    def beside(self, id: str, passed: tuple[date, ...], back: int) -> None:
        """Exactly what was told as overdue and was not so by what is told now has that beside it."""
        told = [cast(Change, change).event for change in self.person(id).pending_events]
        now = self.moment(back).effective_at
        last = [event for event in told[-1 - len(passed) :] if isinstance(event, StaffOverdueQualified)]
        assert [one.ends_on for one in last if one.effective_at == now] == [
            day for day in passed if now < overdue_at(day)
        ]

    @rule(id=staff, by=authorities, days=st.sampled_from((-400, 30, 30, 900)), back=days_back)
    def extend(self, id: str, by: str, days: int, back: int = 0) -> None:
        with refusing(*self.concerned(id)):
            until, passed = (self.now + timedelta(days=days)).date(), self.person(id).passed
            extend(self.person(id), until, by, "6/2025", COMPETENCES[1], self.moment(back))
            assert self.person(id).ends_on == until
            self.beside(id, passed, back)

    @rule(id=staff)
    def outstay(self, id: str) -> None:
        if (ends_on := self.person(id).ends_on) is not None:
            self.now = max(self.now, overdue_at(ends_on))
            self.swept(id)

    @rule(id=staff, back=st.sampled_from((0, 1, 20)))
    def outstay_and_be_extended(self, id: str, back: int) -> None:
        self.outstay(id)
        self.extend(id, self.person(id).authority, 30, back)
        self.outstay(id)

    @rule(id=staff, back=st.sampled_from((0, 1, 20, 40)))
    def outstay_and_come_back(self, id: str, back: int) -> None:
        self.outstay(id)
        if (there := self.there[id]) is not None:
            self.end(id, self.person(id).authority, back, False, there)

    @rule(id=staff)
    def record_person(self, id: str) -> None:
        with refusing(*self.concerned(id)):
            self.person(id).record_person({"email": "a@b.c"}, sealed, self.moment(0))

    @rule(id=staff)
    def erase(self, id: str) -> None:
        with refusing(*self.concerned(id)):
            person = self.person(id)
            person.erase(person.mission, ErasureReason.REQUESTED, "7/2025", self.moment(0))

    @rule(id=staff)
    def sweep(self, id: str) -> None:
        self.swept(id)

    def swept(self, id: str) -> None:
        person, moment = self.person(id), self.moment(0)
        ends_on = person.ends_on or date(2025, 1, 1)
        approach(person, ends_on, moment)
        note_overdue(person, ends_on, moment)
        if person.ends_on is not None and overdue_at(person.ends_on) <= self.now:
            events = [cast(Change, change).event for change in person.pending_events]
            told = [event.ends_on for event in events if isinstance(event, StaffPostingOverdue)]
            assert told[-1:] == [person.ends_on], "each last day that passed"

    @invariant()
    def everybody_is_where_they_were_sent(self) -> None:
        for id, mission in self.there.items():
            person = self.person(id)
            assert person.mission == mission
            assert (person.state is StaffState.POSTED) is (mission is not None)
            posted = [one for one in MISSIONS if id in self.world.get(Mission, one).posted]
            assert posted == ([] if mission is None else [mission])

    @invariant()
    def a_last_day_is_near_or_over_once(self) -> None:
        for id in STAFF:
            told: list[tuple[type, date]] = []
            for change in self.person(id).pending_events:
                event = cast(Change, change).event
                if isinstance(event, StaffPostingCapApproaching | StaffPostingOverdue):
                    told.append((type(event), event.ends_on))
                elif event.event_type in ("registry.staff.posted", "registry.staff.reassigned"):
                    told.clear()
            assert len(told) == len(set(told))

    def teardown(self) -> None:
        check_replay(self.person(id) for id in STAFF)


TestPostings = Postings.TestCase
TestPostings.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
