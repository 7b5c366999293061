"""What a service tells of events of others that it could not take in; the same in every service that reacts.

The declarations stand here once, and each such service has events of its own of them. An attempt that failed
again is no event: nothing has changed by it.
"""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.identity import Token
from shared.contracts.text import Text


class Failure(BaseModel):
    """Why an event was not taken in: the slug of a refusal, or the name of an error; and in words."""

    model_config = ConfigDict(frozen=True)

    code: str
    reason: Text


class OfParked(BaseModel):
    """Which event of another service it is about: its place in the log of `source`, its stream, its id."""

    source: Token
    of_position: int = Field(ge=1)
    of_stream: str
    of_event: UUID


class Parked(OfParked):
    """An event was not taken in, and the inbox went on.

    `failure` is why; an event behind another one of its stream, or of one on which it rests, has none, and
    names in `behind` the position of the first that waits.

    `strands` are what it holds up while it waits, its own first, and `joins` those on which it rests and on
    which something waited already. Where no strands are told, it holds up its stream.

    `of_leaf` is the event's leaf in the log of `source`, in hex, as it came: what is taken in later must have
    it. Older events tell none.
    """

    of_log: UUID
    of_type: str
    failure: Failure | None = None
    behind: int | None = None
    strands: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    of_leaf: str | None = None


class GivenUp(OfParked):
    """The last attempt failed too: the event waits for a person, and those behind it with it."""

    attempts: int
    failure: Failure


class Retried(OfParked):
    """A person wants it tried again, at once. `by` is the role; who it was stands in the event's meta."""

    by: str
    reason: Text | None = None


class Skipped(OfParked):
    """A person decided that it never takes effect here; those behind it are taken in now.

    `by` is the role, and `reason` is published as it is written.
    """

    by: str
    reason: Text


class TakenIn(OfParked):
    """It was taken in after all: its effects, where it has any, are events of the same command."""
