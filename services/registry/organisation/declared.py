"""For whom departments declared that they sign, in the order of law: the one place that decides it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from shared.contracts.registry import SigningSide

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Declared:
    """The sides for which a department signs, from an effective moment until it declares others."""

    since: datetime
    signs: tuple[SigningSide, ...]


def joined(known: Iterable[T], declared: T, since: Callable[[T], datetime]) -> tuple[T, ...]:
    """Return what was declared with one declaration more, which stands in the place of all of a later moment.

    Such a one is what moves a declaration of the same sides back, since none goes back before that of others
    (decision 0032). So the last one holds now, and at a moment the last one that had begun.
    """
    return (*(one for one in known if since(one) <= since(declared)), declared)


def with_declaration(known: Iterable[Declared], declared: Declared) -> tuple[Declared, ...]:
    """Return what was declared with one declaration more."""
    return joined(known, declared, lambda one: one.since)


def declared_at(declared: Sequence[Declared], moment: datetime) -> Declared | None:
    """Return the declaration in force at a moment; None before the first."""
    return next((one for one in reversed(declared) if one.since <= moment), None)
