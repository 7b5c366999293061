"""The stored row, and the same row with its payload read."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.meta import Meta
from shared.eventstore.codec import READERS, decode


@dataclass(slots=True)
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

    _event: Event | None = field(default=None, init=False, repr=False, compare=False)
    _about: Meta | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def event(self) -> Event:
        """The payload as today's type of event, upcast where it was stored under an older schema."""
        event = self._event
        if event is None:
            # what `decode` does, without the call
            read = None if self.sealed else READERS.get((self.type, self.schema))
            event = self._event = (
                decode(self.type, self.schema, self.data, self.sealed) if read is None else read(self.data)
            )
        return event

    @property
    def about(self) -> Meta:
        """What is known about the event: who, when, why."""
        if self._about is None:
            self._about = Meta(self.meta)
        return self._about

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
