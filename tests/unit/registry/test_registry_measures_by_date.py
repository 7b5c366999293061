"""A row of a table as it stood in law at a moment, from its row in the view, by hand."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.registry.views.measures import MeasuresView, row_in_law_at
from shared.contracts.event import Event
from shared.contracts.registry import (
    BlockReason,
    Confidence,
    MeasureAmendedInPast,
    MeasureBlocked,
    MeasureDropped,
    MeasureIdentified,
    MeasureOrdered,
    MeasureRetargeted,
    RowText,
)
from shared.domain import Text
from tests.unit.registry.folding import fold
from tests.unit.registry.world import DECREE, MEASURE
from tests.unit.registry.world import row as listing

BASE: dict[str, Any] = {"decree": DECREE, "article": "2"}
NO_TARGET: dict[str, Any] = {"target": None}


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2025, 5, number, hour, tzinfo=UTC)


def amended(kind: type[Any], by: int, on: int, says: RowText, mission: str, receiver: str) -> Any:
    former = {"former_mission": "emb-va", "former_receiver": None} if kind is MeasureRetargeted else {}
    told = BASE | NO_TARGET | {"by": f"{by}-2025", "on": date(2025, 5, on), "says": says}
    return kind(**told, **former, mission=mission, receiver=receiver)


STORY: list[tuple[datetime, Event]] = [
    (day(1), listing(receiver=None)),
    (day(2), MeasureBlocked(**BASE, reason=BlockReason.RECEIVER_UNKNOWN, explanation=Text(en="Unknown"))),
    # entered on the 20th, of the 10th: another mission
    (day(20), amended(MeasureRetargeted, 402, 10, RowText(mission="emb-fr"), "emb-fr", None)),
    # found between: it names the receiver, and repeats what the amendment says
    (
        day(8),
        MeasureIdentified(
            **BASE, mission="emb-fr", receiver="emb-it", confidence=Confidence.LIKELY, source="3/2025"
        ),
    ),
    (day(12), MeasureOrdered(**BASE, row=1, measure_kind="merge", mission="emb-fr", receiver="emb-it")),
    # entered last of the amendments, of before the other one: it moves no present
    (day(21), amended(MeasureAmendedInPast, 401, 5, RowText(mission="emb-de"), "emb-fr", "emb-it")),
    (
        day(28),
        MeasureDropped(**BASE, mission="emb-fr", receiver="emb-it", by="403-2025", on=date(2025, 5, 25)),
    ),
    # and a day on which it was out before
    (
        day(29),
        MeasureAmendedInPast(
            **BASE, by="404-2025", on=date(2025, 5, 23), mission="emb-fr", receiver="emb-it", dropped=True
        ),
    ),
]


def rows(*story: tuple[datetime, Event]) -> dict[str, Any]:
    moments = [effective_at for effective_at, _ in story]
    events = [(f"measure.{MEASURE}", event) for _, event in story]
    return fold(MeasuresView(), *events, moments=moments)[MEASURE]


@pytest.mark.parametrize(
    ("moment", "state", "mission", "receiver", "amended_by"),
    [
        (day(1, 11), None, None, None, None),
        (day(1), "listed", "emb-va", None, None),
        (day(2), "blocked", "emb-va", None, None),
        (day(5, 0), "blocked", "emb-de", None, "401-2025"),
        (day(8), "listed", "emb-de", "emb-it", "401-2025"),
        (day(10, 0), "listed", "emb-fr", "emb-it", "402-2025"),
        (day(12), "ordered", "emb-fr", "emb-it", "402-2025"),
        (day(22, 23), "ordered", "emb-fr", "emb-it", "402-2025"),
        (day(23, 0), "dropped", "emb-fr", "emb-it", "404-2025"),
        (day(30), "dropped", "emb-fr", "emb-it", "404-2025"),
    ],
)
def test_each_day_has_its_row(
    moment: datetime, state: str | None, mission: str | None, receiver: str | None, amended_by: str | None
) -> None:
    told = row_in_law_at(rows(*STORY), moment)
    assert (told["state"], told["mission"], told["receiver"]) == (state, mission, receiver)
    assert told["amended_by"] == amended_by
    assert told["blocked_by"] == ("receiver-unknown" if state == "blocked" else None)
    assert (told["explanation"] is None) is (state != "blocked")


def test_what_is_so_now_is_what_the_row_tells() -> None:
    for length in range(1, len(STORY) + 1):
        row = rows(*STORY[:length])
        told = row_in_law_at(row, day(31))
        assert told == {name: row[name] for name in told}


def test_a_row_that_an_amendment_adds_is_listed_since_its_day() -> None:
    added = listing().model_copy(update={"amended_by": "401-2025", "on": date(2025, 5, 4)})
    row = rows((day(20), added))
    assert row_in_law_at(row, day(3, 23))["state"] is None
    told = row_in_law_at(row, day(4, 0))
    assert (told["state"], told["mission"], told["amended_by"]) == ("listed", "emb-va", "401-2025")
    older = rows((day(20), added.model_copy(update={"on": None})))
    assert row_in_law_at(older, day(19))["state"] is None, "older events tell no day"


def test_an_identification_names_what_no_amendment_had_said() -> None:
    told = row_in_law_at(rows(*STORY[:4]), day(9))
    assert (told["mission"], told["receiver"]) == ("emb-va", "emb-it"), "the other mission is of the 10th"


def test_a_row_moved_to_another_mission_is_listed_again_since_that_day() -> None:
    ordered = MeasureOrdered(**BASE, row=1, measure_kind="merge", mission="emb-va", receiver="emb-it")
    moved = amended(MeasureRetargeted, 402, 10, RowText(mission="emb-fr"), "emb-fr", "emb-it")
    row = rows((day(1), listing()), (day(2), ordered), (day(20), moved))
    assert [row_in_law_at(row, day(number, 0))["state"] for number in (3, 9, 10, 19)] == [
        "ordered",
        "ordered",
        "listed",
        "listed",
    ]
