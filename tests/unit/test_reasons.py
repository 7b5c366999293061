"""A reason says something, wherever one is asked for: not spaces, and not marks that nobody sees."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import services
import shared
from services.registry import bodies_decrees
from services.tasks.plan.amending import PlanProposal
from shared.contracts.reason import Reason, WrittenReason, gives_reason, says_something
from shared.contracts.text import Text
from shared.web import RequestModel

BLANK = [
    "",
    " ",
    "\t\n",
    "\u00a0",
    "\u200b",
    "\u200f",
    "\u200e \u061c",
    "\u2066\u2069",
    "\ufeff",
    "\u3164",
    "\u0301",
]
JUDGED_BY_THE_DECREE = {bodies_decrees.HoldBody, bodies_decrees.LiftBody}
"""What the decree refuses itself, as `hold-reason-blank`."""


@pytest.mark.parametrize("blank", BLANK, ids=ascii)
def test_what_nobody_sees_says_nothing(blank: str) -> None:
    assert not says_something(blank)


@pytest.mark.parametrize("words", ["x", "نعم", "\u200fنعم\u200f", "é", "e\u0301", "17/2025", "—"])
def test_whatever_is_seen_says_something(words: str) -> None:
    assert says_something(words)
    assert TypeAdapter(WrittenReason).validate_python(words) == words


@pytest.mark.parametrize("blank", BLANK[1:], ids=ascii)
def test_a_reason_says_something_in_each_language_in_which_it_is_given(blank: str) -> None:
    for told in ({"en": blank}, {"ar": blank}, {"en": "Because.", "ar": blank}, {"en": blank, "ar": "لأن"}):
        assert not gives_reason(Text(**told))
        with pytest.raises(ValidationError, match="say why: the reason is blank"):
            TypeAdapter(Reason).validate_python(told)
    assert gives_reason(Text(en="Because."))


def bodies() -> Iterator[type[BaseModel]]:
    """Every body of a request that has a reason."""
    found: set[type[BaseModel]] = {PlanProposal}
    for package in (services, shared):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            members = vars(import_module(module.name)).values()
            found |= {one for one in members if inspect.isclass(one) and issubclass(one, RequestModel)}
    with_reason = (one for one in found if "reason" in one.model_fields)
    yield from sorted(with_reason, key=lambda one: (one.__module__, one.__name__))


@pytest.mark.parametrize("body", [one for one in bodies() if one not in JUDGED_BY_THE_DECREE], ids=str)
def test_every_body_with_a_reason_refuses_a_blank_one(body: type[BaseModel]) -> None:
    """Whatever else is wrong with it is told beside that."""
    for blank in (" ", "\u200b", "\u200f"):
        for reason in (blank, {"en": blank}, {"ar": blank, "en": "Because."}):
            assert ("reason",) in _wrong(body, {"reason": reason}), (body, reason)


def test_the_bodies_that_ask_for_a_reason_are_known() -> None:
    names = {body.__name__ for body in bodies()}
    assert {"SkipBody", "RetryBody", "AcknowledgementBody", "WaiverBody", "HoldBody", "PlanProposal"} <= names


def _wrong(body: type[BaseModel], value: Any) -> set[tuple[Any, ...]]:
    """The fields of which something is wrong."""
    try:
        body.model_validate(value)
    except ValidationError as error:
        return {tuple(found["loc"][:1]) for found in error.errors()}
    return set()
