"""Adopting a procedure late leads to what adopting it first would have led to (decision 0040).

The same holds where the orders of measures are of a newer release, which comes late; wherever readers end.
"""

import asyncio
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from tests.engines import ThrowawayEngines
from tests.faults.processes import rounds
from tests.property.adopted_late import (
    FIRST,
    MEASURES,
    NOW,
    Course,
    Told,
    announced,
    arrivals,
    dates,
    dropped,
    executed,
    held,
    order,
    reassigned,
    recalled,
    reopened,
    resumed,
    signed,
    state_of,
    taken_in,
)
from tests.virtual_time import VirtualTime

measures = st.sampled_from(list(MEASURES))
people = st.sampled_from(["p-1", "p-2", "p-3"])
holds = st.sampled_from(["h-1", "h-2"])
facts: st.SearchStrategy[Told] = st.one_of(
    st.builds(order, measures),
    st.builds(dates, measures, st.integers(1, 28)),
    st.builds(dates, measures, st.integers(1, 28)),
    st.builds(recalled, measures, people),
    st.builds(reassigned, measures, people),
    st.builds(announced, measures),
    st.builds(signed, measures),
    st.builds(held, holds, st.sampled_from([None, *MEASURES])),
    st.builds(resumed, holds),
    st.builds(dropped, measures),
    st.builds(executed, measures),
    st.builds(reopened, measures),
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Told], Course]:
    told = [*FIRST, *map(order, MEASURES), *draw(st.lists(facts, min_size=2, max_size=24))]
    somewhere = st.integers(0, len(told))
    course = Course(
        adopted={"closing": draw(somewhere), "merging": draw(somewhere)},
        readable=draw(st.one_of(st.just(0), somewhere)),
        breaks=draw(st.frozensets(somewhere, max_size=2)),
        seed=draw(st.integers(0, 1000)),
    )
    return told, course


AT_ONCE = Course(adopted={"closing": 0, "merging": 0}, readable=0, breaks=frozenset(), seed=0)


@settings(max_examples=rounds(12, every=4), deadline=None, suppress_health_check=list(HealthCheck))
@given(histories())
def test_adopting_late_leads_where_adopting_first_does(
    engines: ThrowawayEngines, history: tuple[list[Told], Course]
) -> None:
    told, course = history
    events = arrivals(told)

    async def play(url: str, course: Course) -> dict[str, Any]:
        await migrate(url, "tasks")
        store = EventStore("tasks", url, VirtualTime(NOW), Ed25519PrivateKey.generate())
        await store.open()
        try:
            await taken_in(store, events, course)
            return await state_of(store)
        finally:
            await store.close()

    def played(course: Course) -> dict[str, Any]:
        url = engines.make_database()
        try:
            return asyncio.run(play(url, course))
        finally:
            engines.drop_database(url)

    late, first = played(course), played(AT_ONCE)
    assert {key: (late.get(key), one) for key, one in first.items() if late.get(key) != one} == {}
    assert late.keys() == first.keys()
