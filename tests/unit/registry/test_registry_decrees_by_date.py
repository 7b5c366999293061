"""A decree as it stood in law at a moment, from its row, against the aggregate and by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.views.decrees import DecreesView, in_law_at
from shared.contracts.event import Event
from shared.contracts.registry import (
    Article,
    DecreeAmended,
    DecreeEnteredIntoForce,
    DecreeHeld,
    DecreeRepealed,
    DecreeResumed,
)
from shared.domain import Text
from tests.unit.registry.folding import fold
from tests.unit.registry.world import DECREE, WHY, draft

NEW = Text(en="As amended")


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2025, 5, number, hour, tzinfo=UTC)


STORY: list[tuple[datetime, Event]] = [
    (day(1), draft()),
    (day(2), DecreeEnteredIntoForce(on=date(2025, 5, 2))),
    (day(8), DecreeHeld(hold="h", by="b", holder="b", reason=WHY, conditions=())),
    # recorded after the whole hold, and effective before it
    (day(5), DecreeHeld(hold="a", by="b", holder="b", reason=WHY, conditions=(), article="2")),
    (day(12), DecreeResumed(hold="h", met=(), reason=WHY)),
    (day(20), DecreeAmended(by="401-2025", on=date(2025, 5, 15), changed=(Article(article="1", text=NEW),))),
    (day(21), DecreeAmended(by="402-2025", on=date(2025, 5, 10), dropped=("2",))),
    # entered three days after it was so
    (day(28), DecreeRepealed(by="403-2025", on=date(2025, 5, 25), dropped=())),
]


def row() -> dict[str, Any]:
    moments = [effective_at for effective_at, _ in STORY]
    events = [(f"decree.{DECREE}", event) for _, event in STORY]
    return fold(DecreesView(), *events, moments=moments)[DECREE]


@pytest.mark.parametrize(
    ("moment", "state", "holds", "articles", "amended"),
    [
        (day(1, 11), None, [], [], False),
        (day(1), "issued", [], ["1", "2"], False),
        (day(3), "in-force", [], ["1", "2"], False),
        (day(6), "in-force", ["a"], ["1", "2"], False),
        (day(8), "held", ["h", "a"], ["1", "2"], False),
        (day(12), "in-force", ["a"], ["1"], False),
        (day(16), "in-force", ["a"], ["1"], True),
        (day(24, 23), "in-force", ["a"], ["1"], True),
        (day(25, 0), "repealed", ["a"], ["1"], True),
        (day(26), "repealed", ["a"], ["1"], True),
    ],
)
def test_each_day_has_its_law(
    moment: datetime, state: str | None, holds: list[str], articles: list[str], amended: bool
) -> None:
    told = in_law_at(row(), moment)
    assert told["state"] == state
    assert [hold["hold"] for hold in told["holds"]] == holds
    assert [article["article"] for article in told["articles"]] == articles
    assert (bool(articles) and told["articles"][0]["text"]["en"] == NEW.en) is amended


def test_what_is_in_law_last_is_what_the_row_tells() -> None:
    folded = row()
    told = in_law_at(folded, day(26) + timedelta(days=1))
    assert told["state"] == folded["state"]
    assert [one["article"] for one in told["articles"]] == [one["article"] for one in folded["articles"]]


def test_what_ended_before_its_day_never_was_in_force() -> None:
    # Given a decree in force since 10 May, of which it was learned then that it was repealed from 8 May.
    story: list[tuple[datetime, Event]] = [
        (day(1), draft()),
        (day(10), DecreeEnteredIntoForce(on=date(2025, 5, 10))),
        (day(20), DecreeRepealed(by="401-2025", on=date(2025, 5, 8), dropped=())),
    ]
    events = [(f"decree.{DECREE}", event) for _, event in story]
    folded = fold(DecreesView(), *events, moments=[moment for moment, _ in story])[DECREE]
    states = [in_law_at(folded, day(number))["state"] for number in (7, 9, 12, 21)]
    assert states == ["issued", "repealed", "repealed", "repealed"] and folded["state"] == "repealed"


def test_an_amendment_of_a_day_that_has_begun_further_east_counts_since_it_is_said() -> None:
    change = DecreeAmended(by="401-2025", on=date(2025, 5, 5), dropped=("2",))
    events = [(f"decree.{DECREE}", event) for event in (draft(), change)]
    folded = fold(DecreesView(), *events, moments=[day(1), day(4, 23)])[DECREE]
    told = [[one["article"] for one in in_law_at(folded, day(4, hour))["articles"]] for hour in (22, 23)]
    assert told == [["1", "2"], ["1"]]
    assert [one["article"] for one in folded["articles"]] == ["1"]
