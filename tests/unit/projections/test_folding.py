from collections import Counter
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.event import Event
from shared.eventstore.codec import encode
from shared.eventstore.record import Record
from shared.projections.folding import Folding, RowId, State, TallyId, facets_of, touched
from tests.unit.projections.sample import AccountChanged, AccountClosed, Balances, replay

NOW = datetime(2025, 5, 5, tzinfo=UTC)
GENERATION = 7
accounts = st.sampled_from(["a", "b", "c"])
events = st.one_of(
    st.builds(
        AccountChanged, account=accounts, amount=st.integers(-3, 3), other=st.one_of(st.none(), accounts)
    ),
    st.builds(AccountClosed, account=accounts),
)


def record(position: int, event: Event) -> Record:
    return Record(
        position, "account.a", position, event.event_type, 1, NOW, NOW, encode(event), b"{}", b"", b"", b""
    )


class Rows:
    """The table of states, as the database keeps it."""

    def __init__(self) -> None:
        self.states: list[State] = []
        self.tallies: Counter[TallyId] = Counter()

    def current(self, id: RowId) -> State | None:
        found = [state for state in self.states if state.id == id and state.valid_to is None]
        assert len(found) <= 1, "two states of one row are current"
        return found[0] if found else None

    def advance(self, records: list[Record]) -> None:
        views = {GENERATION: Balances()}
        touches = touched(views, records)
        states = {id: self.current(id) for id, _ in touches}
        folding = Folding(views, {id: state.doc if state else None for id, state in states.items()})
        for cut in range(0, len(touches), 2):
            folding.fold(touches[cut : cut + 2])
        changes = folding.changes
        for id, position in changes.ended.items():
            state = states[id]
            assert state is not None
            state.valid_to = position
        self.states += changes.states
        self.tallies.update(changes.tallies)

    def counted_as_of(self, position: int) -> Counter[str]:
        numbers: Counter[str] = Counter()
        for id, change in self.tallies.items():
            if id.position <= position:
                numbers[id.facets] += change
        assert min(numbers.values(), default=0) >= 0
        return +numbers

    def as_of(self, position: int) -> dict[str, Any]:
        return {
            state.id.key: orjson.loads(state.doc)
            for state in self.states
            if state.valid_from <= position and (state.valid_to is None or position < state.valid_to)
        }


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # of a loaded machine
@given(st.lists(events, max_size=40), st.lists(st.integers(1, 9)))
def test_any_cut_into_batches_gives_the_states_of_one_by_one(happened: list[Event], cuts: list[int]) -> None:
    records = [record(n, event) for n, event in enumerate(happened, 1)]
    rows, rest = Rows(), list(records)
    for cut in [*cuts, len(records)]:
        rows.advance(rest[:cut])
        rest = rest[cut:]
    for position in range(len(records) + 1):
        true = replay(Balances(), records, position)
        assert rows.as_of(position) == true
        assert rows.counted_as_of(position) == Counter(
            orjson.dumps([row["state"], "true" if row["sign"] else "false"]).decode() for row in true.values()
        )


def test_an_event_that_changes_nothing_makes_no_state() -> None:
    rows = Rows()
    change = AccountChanged(account="a", amount=0)
    rows.advance([record(1, change), record(2, change)])
    rows.advance([record(3, change)])
    assert [(state.valid_from, state.valid_to) for state in rows.states] == [(1, None)]


def test_facets_are_texts_and_leave_out_what_is_missing() -> None:
    assert facets_of(Balances(), {"state": None, "sign": True}) == '{"sign":"true"}'
    assert facets_of(Balances(), {"state": 3, "sign": False}) == '{"state":"3","sign":"false"}'
