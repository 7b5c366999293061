"""The stored row, and the same row with its payload read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.meta import Meta
from shared.contracts.once import Once
from shared.eventstore.codec import READERS, decode


@dataclass
class Record:
    """One event as it is stored, at its position in the log of its service. Not to be changed.

    (Not frozen: the relay builds tens of thousands a second, and a frozen class takes four times as long.)

    `data`, `meta` and `sealed` are the bytes that were rendered once, at append. `leaf` is the hash
    that the log holds for this row; `previous` is the leaf of the event before it in the same stream
    (32 zero bytes for the first).
    """

    position: int
    stream: str
    version: int
    type: str
    schema: int
    recorded_at: datetime
    effective_at: datetime
    data: bytes
    meta: bytes
    sealed: bytes
    previous: bytes
    leaf: bytes

    @Once
    def event(self) -> Event:
        """The payload as today's type of event, upcast where it was stored under an older schema."""
        if not self.sealed and (read := READERS.get((self.type, self.schema))) is not None:
            return read(self.data)  # what `decode` does, without the call
        return decode(self.type, self.schema, self.data, self.sealed)

    @Once
    def about(self) -> Meta:
        """What is known about the event: who, when, why."""
        return Meta(self.meta)

    @property
    def kind(self) -> str:
        """The kind of aggregate, the stream name's first part."""
        return self.stream.partition(".")[0]

    @property
    def id(self) -> str:
        """The aggregate's id, the stream name's second part."""
        return self.stream.partition(".")[2]

    @property
    def event_id(self) -> UUID:
        """The event's id."""
        return self.about.event_id
