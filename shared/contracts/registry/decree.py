"""Decrees, with their articles and obligations."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from shared.calendar import Roll
from shared.contracts.identity import Token
from shared.contracts.registry.base import Fact, RegistryEvent
from shared.contracts.registry.measure import MeasureKind
from shared.contracts.text import Text


class Article(Fact):
    """An article of a decree, and the ids of the measures (rows of its table) that it orders."""

    article: Token
    text: Text
    measures: tuple[Token, ...] = ()


class Objective(Fact):
    """What the decree is for."""

    key: Token
    text: Text


class Obligation(Fact):
    """Something an article demands by a deadline rule, for example the report of Article 3.

    `rule` is in the words of `shared.calendar.Rule` (``1 month of announced_on``), `anchored_on` the
    date of the decree that it names; `task` is the number of its task in the procedure.
    """

    key: Token
    article: Token
    title: Text
    rule: str
    anchored_on: date
    roll: Roll
    task: int | None = None


class DecreeIssued(RegistryEvent, type="decree.issued"):
    """A decree was issued. Its articles name every measure that belongs to it, until it is amended.

    `procedure` is the key of the procedure template by which its measures are carried out, but for those
    kinds of measures for which `procedures` names another one. The decree's own tasks are of `procedure`.
    `in_force_on` is the day from which it is to bind, where that was told with it.
    """

    number: int
    year: int
    uri: str
    title: Text
    issuer: Text
    announced_on: date
    signed_on: date | None = None
    in_force_on: date | None = None
    articles: tuple[Article, ...]
    objectives: tuple[Objective, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    procedure: Token | None = None
    procedures: Mapping[MeasureKind, Token] = Field(default_factory=dict)


class DecreeEnteredIntoForce(RegistryEvent, type="decree.entered-into-force"):
    """The decree binds from `on`."""

    on: date
