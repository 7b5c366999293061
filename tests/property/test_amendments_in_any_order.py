"""Amendments of different days, entered in any order: the present is the same, and the law of every day.

Whoever enters them in another order than that of law may be refused for the moment what does not fit yet, and
asks again: in the end everything is entered, or what is missing took the ground from what had been.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.amending import Amendment, ChangedRow, NewArticle, NewRow, amend, repeal
from services.registry.amending.refusals import EndBeforeAmendment, LaterWouldNotFit
from services.registry.application.rehearsing import _copied
from services.registry.decree import Decree
from services.registry.measure import Measure, MeasureState
from services.registry.measure.ordering import order as order_row
from services.registry.mission import Mission
from services.registry.views.decrees import DecreesView, in_law_at
from services.registry.views.measures import MeasuresView, row_in_law_at
from shared.contracts.registry import Article, MeasureKind, Target
from shared.domain import Change, Refusal, Text
from tests.unit.registry.folding import fold
from tests.unit.registry.world import DECREE, MEASURE, NOON, NOW, World, description, draft, registered, row

ROWS = (MEASURE, "298-2025-a2-r02", "298-2025-a2-r03", "298-2025-a2-r04", "298-2025-a5-r01")
DAYS = [date(2025, 5, 1) + timedelta(days=number) for number in range(6)]
ARTICLES = st.sampled_from(["1", "2", "5"])
TEXTS = st.sampled_from([Text(en=word) for word in ("One", "Alpha", "Beta", "Gamma")])
POSTS = st.builds(Target, posts=st.sampled_from([5, 7, 8]))

BEGINS = datetime(2025, 4, 30, tzinfo=UTC)
IN_LAW = ("state", "mission", "receiver", "target")

SEEN: set[str] = set()
"""What came of it in any run: that a run without it would show nothing is seen at the end."""

KNOWN_ROWS = st.sampled_from(ROWS)
CHANGED_ROWS = st.one_of(
    st.builds(ChangedRow, st.just(MEASURE), receiver=st.sampled_from(["emb-it", "emb-fr", "emb-de"])),
    st.builds(
        ChangedRow,
        st.just(MEASURE),
        st.sampled_from(["emb-va", "emb-ch"]),
        st.sampled_from([None, "emb-it", "emb-fr", "emb-va"]),
    ),
    st.builds(ChangedRow, st.sampled_from(ROWS[1:]), target=POSTS),
)
NEW_ROWS = st.sampled_from(
    [
        NewRow("2", 3, MeasureKind.CLOSE, "emb-fr"),
        NewRow("2", 4, MeasureKind.RELOCATE, "emb-it", target=Target(city=Text(en="Milan"))),
        NewRow("5", 1, MeasureKind.CLOSE, "emb-fr"),
    ]
)


@dataclass(frozen=True)
class End:
    """The decree is repealed from a day."""

    by: str
    on: date


Entry = Amendment | End
PARTS: dict[str, st.SearchStrategy[Any]] = {
    "changed": st.builds(NewArticle, ARTICLES, TEXTS),
    "added": st.builds(NewArticle, st.just("5"), TEXTS),
    "dropped": ARTICLES,
    "rows_added": NEW_ROWS,
    "rows_changed": CHANGED_ROWS,
    "rows_dropped": KNOWN_ROWS,
}
PART = st.sampled_from([*PARTS, "changed", *["rows_changed"] * 4]).flatmap(
    lambda name: st.tuples(st.just(name), PARTS[name])
)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Amendments of distinct days, the last of which may end the decree, in the order of law."""
    days = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=4, max_size=6, unique=True)))
    made: list[Entry] = []
    for number, day in enumerate(days):
        parts: dict[str, list[Any]] = {}
        for name, part in draw(st.lists(PART, min_size=1, max_size=2)):
            parts.setdefault(name, []).append(part)
        told = {name: tuple(every) for name, every in parts.items()}
        made.append(Amendment(f"{401 + number}-2025", day, **told))
    if draw(st.integers(0, 4)) == 0:
        made[-1] = End(made[-1].by, made[-1].on)
    return made


def begun(*, under_way: bool = False) -> World:
    """A decree with two rows, and six later ones that can change it."""
    world = registered()
    for host in ("CH", "DE"):
        world.get(Mission, f"emb-{host.lower()}").register(description(host), NOW)
    world.decree.issue(draft(), NOW)
    world.decree.enter_into_force(date(2025, 4, 30), NOW)
    world.measure.list_in(world.decree, row(), NOW)
    if under_way:
        assert order_row(world, world.measure, NOW)
    second = row(row=2, measure_kind=MeasureKind.REDUCE_STAFF, receiver=None, target=Target(posts=9))
    second = second.model_copy(update={"mission": "emb-it"})
    world.get(Measure, ROWS[1]).list_in(world.decree, second, NOW)
    for number in range(401, 407):
        later = world.get(Decree, f"{number}-2025")
        later.issue(draft(number=number, articles=(Article(article="1", text=Text(en="One")),)), NOW)
        later.enter_into_force(date(2025, 4, 30), NOW)
    return world


def enter(world: World, entry: Entry) -> Refusal | None:
    """Enter it; a refusal leaves everything as it was."""
    before = {key: _copied(aggregate) for key, aggregate in world.known.items()}
    try:
        if isinstance(entry, End):
            repeal(world, world.decree, entry.by, entry.on, NOW)
        else:
            amend(world, world.decree, entry, NOW)
    except Refusal as refusal:
        world.known.clear()
        world.known.update(before)
        return refusal
    return None


def enter_all(world: World, waiting: Sequence[Entry]) -> dict[Entry, Refusal]:
    """Enter them in this order, and again what was refused, until nothing more can be."""
    while True:
        refused = {entry: why for entry in waiting if (why := enter(world, entry)) is not None}
        if len(refused) == len(waiting):
            return refused
        waiting = list(refused)


def moment(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def rows_of(world: World) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The rows of the views: the decree's, and those of its measures."""

    def events(kind: type[Any], id: str) -> Iterator[tuple[str, Any]]:
        aggregate = world.get(kind, id)
        for change in aggregate.pending_events:
            yield aggregate.stream, cast(Change, change).event

    decree = list(events(Decree, DECREE))
    folded = fold(DecreesView(), *decree, moments=[NOON] * len(decree))[DECREE]
    of_rows = [one for id in ROWS for one in events(Measure, id)]
    # What is not of an amendment is of before them all.
    moments = [NOON if getattr(event, "on", None) else BEGINS for _, event in of_rows]
    measures = fold(MeasuresView(), *of_rows, moments=moments)
    return folded, measures


def law(world: World) -> dict[str, Any]:
    """What the law says now and said on every day, as aggregates and views tell it."""
    decree, measures = rows_of(world)
    known = [world.get(Measure, id) for id in ROWS if world.get(Measure, id).exists]
    days = [DAYS[0] - timedelta(days=1), *DAYS, DAYS[-1] + timedelta(days=1)]
    told = ("mission", "receiver", "target", "amended_by", "id")
    return {
        "stage": world.decree.stage,
        "articles": world.decree.articles,
        "articles on": [world.decree.articles_on(day) for day in days],
        "rows": {one.id: (one.parts, one.dropped_on) for one in known},
        "rows on": {one.id: [one.parts_on(day) for day in days] for one in known},
        "in law": [
            {name: in_law_at(decree, moment(day))[name] for name in ("state", "articles")} for day in days
        ],
        "rows in law": {
            id: [{name: row_in_law_at(row, moment(day))[name] for name in IN_LAW} for day in days]
            for id, row in measures.items()
        },
        "measures": [{name: one[name] for name in told} for one in measures.values()],
    }


def now_is_now(world: World) -> None:
    """What the law says now is said alike by the aggregate, by its row, and by the row asked for now."""
    decree, measures = rows_of(world)
    asked = in_law_at(decree, NOON)
    articles = [one.model_dump(mode="json") for one in world.decree.articles]
    assert articles == decree["articles"] == asked["articles"]
    assert asked["state"] == decree["state"] == world.decree.state.value
    assert asked["amendments"] == decree["amendments"]
    for id in ROWS:
        measure = world.get(Measure, id)
        if measure.exists:
            assert measure.parts == measure.parts_on(NOW.latest_day)
            told = row_in_law_at(measures[id], NOON)
            assert told == {name: measures[id][name] for name in told}
            assert (measure.mission, measure.receiver) == (measures[id]["mission"], measures[id]["receiver"])
            stands = id in world.decree.measures and world.decree.ended_on is None
            assert stands is (measure.state is not MeasureState.DROPPED)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_order_of_entering_gives_the_same_present_and_the_same_history(data: st.DataObject) -> None:
    # Given amendments that fit in the order of law.
    by_law = begun()
    fitting = [entry for entry in data.draw(entries()) if enter(by_law, entry) is None]
    if len(fitting) < 2:
        return
    # When they are entered in any order.
    order = data.draw(st.permutations(fitting))
    world = begun()
    refused = enter_all(world, order)
    now_is_now(world)
    if refused:
        # Then only what took the ground from something entered before is missing,
        SEEN.add("stuck")
        assert any(isinstance(why, (LaterWouldNotFit, EndBeforeAmendment)) for why in refused.values())
        return
    # or everything is as it is by law.
    assert law(world) == law(by_law)
    if list(order) != fitting:
        SEEN.add("another order")
        SEEN.update(f"past {one.id}" for one in _in_past(world))
        SEEN.update("ended" for entry in fitting if isinstance(entry, End))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_what_is_under_way_follows_the_law_whatever_was_entered_first(data: st.DataObject) -> None:
    # Given a closing under way, and amendments that fit.
    by_law = begun(under_way=True)
    fitting = [entry for entry in data.draw(entries()) if enter(by_law, entry) is None]
    world = begun(under_way=True)
    refused = enter_all(world, data.draw(st.permutations(fitting)))
    now_is_now(world)
    measure = world.measure
    if measure.state is MeasureState.ORDERED:
        # Then the mission closes into the receiver that the law names now.
        assert measure.mission is not None
        closes = world.get(Mission, measure.mission).closing
        assert closes is not None and (closes.measure, closes.receiver) == (MEASURE, measure.receiver)
        assert measure.receiver is None or MEASURE in world.get(Mission, measure.receiver).receives
    else:
        assert not world.mission.closing and not world.get(Mission, "emb-it").receives
    if not refused:
        assert measure.parts == by_law.measure.parts


def _in_past(world: World) -> list[Measure]:
    measures = [world.get(Measure, id) for id in ROWS]
    return [
        one
        for one in measures
        if any(
            cast(Change, change).event.event_type.endswith("amended-in-past") for change in one.pending_events
        )
    ]


def test_the_runs_came_everywhere() -> None:
    """After the others, in the same process: amendments that never meet would show nothing."""
    assert {"another order", "ended", f"past {MEASURE}"} <= SEEN
