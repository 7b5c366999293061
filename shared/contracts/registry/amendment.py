"""Amendments: a later decree changes, adds or drops articles and rows of an earlier one, or ends it."""

from datetime import date

from shared.contracts.identity import Token
from shared.contracts.registry.base import Fact, RegistryEvent
from shared.contracts.registry.decree import Article
from shared.contracts.text import Text


class Irreversible(Fact):
    """What was done under a row before an amendment and cannot be undone by it.

    `condition` is the closing condition that it belongs to, where it belongs to one; `references` are the
    letters or ids by which it is known.
    """

    measure: Token
    what: Text
    condition: int | None = None
    references: tuple[str, ...] = ()


class DecreeAmended(RegistryEvent, type="decree.amended"):
    """The decree `by` changed this one from the day `on`.

    `changed` are articles with their new text, and `added` new ones; of both the `measures` are those that
    they have from now on. `dropped` are articles that no longer stand. `rows_added`, `rows_changed` and
    `rows_dropped` are the measures concerned; what became of each is an event of the measure. `despite` names
    the open holds in spite of which it was entered; `irreversible` is what had been done before and stays.
    """

    by: Token
    on: date
    changed: tuple[Article, ...] = ()
    added: tuple[Article, ...] = ()
    dropped: tuple[Token, ...] = ()
    rows_added: tuple[Token, ...] = ()
    rows_changed: tuple[Token, ...] = ()
    rows_dropped: tuple[Token, ...] = ()
    despite: tuple[Token, ...] = ()
    irreversible: tuple[Irreversible, ...] = ()


class DecreeRepealed(RegistryEvent, type="decree.repealed"):
    """The decree `by` repealed this one from the day `on`; what was not executed by then is not.

    `despite` names the open holds in spite of which that was entered.
    """

    by: Token
    on: date
    dropped: tuple[Token, ...]
    irreversible: tuple[Irreversible, ...] = ()
    despite: tuple[Token, ...] = ()


class DecreeSuperseded(RegistryEvent, type="decree.superseded"):
    """The decree `by` took the place of this one from the day `on`; what was not executed by then is not.

    `despite` names the open holds in spite of which that was entered.
    """

    by: Token
    on: date
    dropped: tuple[Token, ...]
    irreversible: tuple[Irreversible, ...] = ()
    despite: tuple[Token, ...] = ()
