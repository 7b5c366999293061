"""Lifecycles: what is declared is held to, and what is drawn is what is declared."""

from enum import StrEnum
from pathlib import Path

import pytest

from deploy.drawing import page
from shared.contracts.registry import DecreeEnteredIntoForce, DecreeExecuted
from shared.domain import IllegalStep, Lifecycle, Step

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "lifecycles.md"
EXECUTED = DecreeExecuted()


class Door(StrEnum):
    UNKNOWN = "unknown"
    SHUT = "shut"
    WIDE_OPEN = "wide-open"


def test_the_page_shows_what_the_code_declares() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_a_declared_step_is_let_through_and_another_is_not() -> None:
    lifecycle = Lifecycle(
        Door.UNKNOWN,
        Step(DecreeExecuted, (Door.UNKNOWN,), Door.SHUT),
        Step(DecreeEnteredIntoForce, (Door.SHUT,), Door.WIDE_OPEN),
    )
    lifecycle.check(EXECUTED, Door.UNKNOWN, Door.SHUT)
    for before, after in ((Door.SHUT, Door.SHUT), (Door.UNKNOWN, Door.WIDE_OPEN)):
        with pytest.raises(IllegalStep):
            lifecycle.check(EXECUTED, before, after)


def test_an_event_that_is_not_named_may_change_nothing() -> None:
    lifecycle = Lifecycle(
        Door.UNKNOWN,
        Step(DecreeEnteredIntoForce, tuple(Door), Door.SHUT),
        Step(DecreeEnteredIntoForce, tuple(Door), Door.WIDE_OPEN),
    )
    lifecycle.check(EXECUTED, Door.SHUT, Door.SHUT)
    with pytest.raises(IllegalStep):
        lifecycle.check(EXECUTED, Door.SHUT, Door.WIDE_OPEN)


def test_a_state_that_nothing_leads_to_is_an_error() -> None:
    with pytest.raises(ValueError, match="wide-open"):
        Lifecycle(Door.UNKNOWN, Step(DecreeExecuted, (Door.UNKNOWN,), Door.SHUT))


def test_it_is_drawn_with_every_arrow_and_both_ends() -> None:
    lifecycle = Lifecycle(
        Door.UNKNOWN,
        Step(DecreeEnteredIntoForce, (Door.UNKNOWN,), Door.SHUT),
        Step(DecreeEnteredIntoForce, (Door.SHUT,)),
        Step(DecreeExecuted, (Door.SHUT,), Door.WIDE_OPEN),
    )
    assert lifecycle.diagram().splitlines() == [
        "stateDiagram-v2",
        "    wide_open : wide-open",
        "    [*] --> shut : entered-into-force",
        "    shut --> shut : entered-into-force",
        "    shut --> wide_open : executed",
        "    wide_open --> [*]",
    ]
