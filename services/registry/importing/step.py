"""A step of an import: one command.

The id of a step's command follows from the decree, the step and its content. An import that was cut
off is repeated as a whole: steps that were taken give their stored answer, and every decision
leaves alone what is there already, whoever entered it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.registry.days import beginning_of
from shared.domain import Aggregate
from shared.eventstore.command import Turn

ENTERING = frozenset({"register", "post", "issue", "list"})
Answer = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One command of an import.

    `content` is what the step enters; with `of` (the decree, or the departments of any) and `name` it
    makes the command's id. It takes effect on the day `effective_on` that it tells itself; where it tells
    none, when the import is said to, and where nothing is said, on `otherwise_on`: what a decree finds and
    what it orders does not wait for being entered (decision 0035).
    """

    of: str
    name: str
    kind: type[Aggregate]
    id: str
    content: bytes
    decide: Callable[[Turn], Answer]
    effective_on: date | None = None
    otherwise_on: date | None = None

    @property
    def enters(self) -> bool:
        """Whether the step brings its aggregate into being."""
        return self.name in ENTERING

    @property
    def command_id(self) -> UUID:
        """The id of the step's command."""
        namespace = uuid5(NAMESPACE_URL, f"https://tanfidh.org/imports/{self.of}")
        return uuid5(namespace, f"{self.name}\n{self.kind.kind}.{self.id}\n{self.content.decode()}")

    def effective_at(self, said: datetime | None) -> datetime | None:
        """The moment at which it takes effect, None where that is its recording.

        `said` is what the import is said to be of. A day begins in UTC.
        """
        if self.effective_on is not None:
            return beginning_of(self.effective_on)
        if said is not None or self.otherwise_on is None:
            return said
        return beginning_of(self.otherwise_on)
