"""Kinds and actions have Arabic names, so that no refusal tells an Arabic reader English words."""

import re
from itertools import chain

import pytest

from services.notifier.permissions import OWNERS_ONLY, NotTheOwner
from services.notifier.permissions import PERMISSIONS as NOTIFIER
from services.registry.aggregates import AGGREGATES as OF_REGISTRY
from services.registry.permissions import PERMISSIONS as REGISTRY
from services.tasks.aggregates import AGGREGATES as OF_TASKS
from services.tasks.calendar.calendar import LabelTaken
from services.tasks.inquiries import NoSuchVersion
from services.tasks.permissions import PERMISSIONS as TASKS
from shared.domain import NotFound, Refusal
from shared.domain.naming import ACTIONS, KINDS
from shared.domain.permission import NotPermitted
from shared.domain.refused_alike import NoSuchPart
from shared.service.operating import PERMISSIONS as OPERATING
from shared.witness.permissions import PERMISSIONS as WITNESS

LATIN = re.compile(r"[a-z]{2,}")


@pytest.mark.parametrize("kind", sorted({each.kind for each in chain(OF_REGISTRY, OF_TASKS)}))
def test_every_kind_has_a_name(kind: str) -> None:
    assert KINDS[kind]


def test_every_action_has_a_name_and_no_other() -> None:
    tables = (TASKS, REGISTRY, NOTIFIER, WITNESS, OPERATING)
    assert ACTIONS.keys() == {*chain.from_iterable(table.table for table in tables), *OWNERS_ONLY}


@pytest.mark.parametrize(
    "refusal",
    [
        NotFound(kind="extension", id="1"),
        NotFound(kind="plan", id="1"),
        NoSuchVersion(kind="calendar", id="1", version=9),
        LabelTaken(kind="calendar", id="1", label="1"),
        NoSuchPart(decree="1", part="article", id="1"),
        NotTheOwner(action="secret.read"),
        NotPermitted(action="extension.decide", role="auditor", allowed=["issuer", "controller"]),
    ],
)
def test_a_refusal_tells_an_arabic_reader_no_english(refusal: Refusal) -> None:
    told = refusal.told()
    assert told.ar and not LATIN.search(told.ar), told.ar
    assert told.en and LATIN.search(told.en)


def test_what_has_no_name_stands_as_it_is() -> None:
    assert "gate" in (NotFound(kind="gate", id="1").told().ar or "")
