"""How an answer is compared that is put together from several rows, or from aggregates."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.web import PageAsked
from tests.integration.asof.replaying.shortened import Shortened

Names = Mapping[str, str]
"""What a request names, in its path and in its query."""
Ask = Callable[[Shortened, Names], Awaitable[Any]]
EVERY = PageAsked(limit=200)


@dataclass(frozen=True)
class Composed:
    """How a path is answered where the log ends.

    `of` is the view whose keys stand in the path, `always` those that are asked for besides the sampled ones,
    `more` what else the path names, and `queries` are those to be tried. What is `paged` comes in one page.
    """

    ask: Ask
    of: str | None = None
    always: Sequence[str] = ()
    more: Names = field(default_factory=dict)
    queries: Sequence[Names] = ({},)
    paged: bool = False


def among(named: Names, *names: str) -> dict[str, str]:
    """Those of the names for which there is a value."""
    return {name: named[name] for name in names if name in named}
