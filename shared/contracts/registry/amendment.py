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


class ArticleText(Fact):
    """An article, and what it says."""

    article: Token
    text: Text


class AddedRow(Fact):
    """A row that an amendment adds, and the article in whose table it stands."""

    measure: Token
    article: Token


class AmendmentText(Fact):
    """What an amendment itself says, whatever others say of the same articles.

    `texts` are articles that read otherwise, `added` new ones, `dropped` those that no longer stand;
    `rows_dropped` are the rows that it takes out, with those of the articles that it drops.
    """

    texts: tuple[ArticleText, ...] = ()
    added: tuple[ArticleText, ...] = ()
    dropped: tuple[Token, ...] = ()
    rows_added: tuple[AddedRow, ...] = ()
    rows_dropped: tuple[Token, ...] = ()


class DecreeAmended(RegistryEvent, type="decree.amended"):
    """The decree `by` changed this one from the day `on`.

    `changed`, `added` and `dropped` tell what became of the articles as they stand now: those that are other
    ones than before, with their `measures`, new ones, and those that no longer stand. Where a later amendment
    was entered first, that may be less than what this one `says` of its own days; None in older events, in
    which it is the same. `rows_added`, `rows_changed` and `rows_dropped` are the measures concerned; what
    became of each is an event of the measure. `despite` names the holds of its day in spite of which it was
    entered; `irreversible` is what had been done before and stays.
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
    says: AmendmentText | None = None


class DecreeRepealed(RegistryEvent, type="decree.repealed"):
    """The decree `by` repealed this one from the day `on`; what was not executed by then is not.

    `despite` names the holds of that day in spite of which it was enacted.
    """

    by: Token
    on: date
    dropped: tuple[Token, ...]
    irreversible: tuple[Irreversible, ...] = ()
    despite: tuple[Token, ...] = ()


class DecreeSuperseded(RegistryEvent, type="decree.superseded"):
    """The decree `by` took the place of this one from the day `on`; what was not executed by then is not.

    `despite` names the holds of that day in spite of which it was enacted.
    """

    by: Token
    on: date
    dropped: tuple[Token, ...]
    irreversible: tuple[Irreversible, ...] = ()
    despite: tuple[Token, ...] = ()
