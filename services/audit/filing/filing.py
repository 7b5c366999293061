"""Taking in by filing: the events of a source become rows, and its inbox moves in the same statement.

Nothing of it goes through audit's writer. An event of audit's own about every event of the others would
double the log, and with the envelope of the other it would exceed the size of an event.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.audit.filing.columns import columns, filed
from services.audit.filing.traced import traced
from services.audit.statements import statement
from shared.eventstore.errors import InboxMoved
from shared.eventstore.store import EventStore
from shared.messaging.intake import Intake
from shared.messaging.received import Received
from shared.messaging.source import FETCH

_FILE = statement("file")


class Filing(Intake):
    """The intake of one source. Nobody else moves audit's inboxes.

    It never parks: an event that cannot be filed stops the inbox with an alarm, and is asked for again until
    it is filed. The trail is what others are compared with; one with a gap would be worth nothing.
    """

    window = FETCH

    def __init__(self, store: EventStore, source: str) -> None:
        self._store = store
        self._source = source

    async def take(self, events: Sequence[Received], position: int) -> int:
        """File consecutive events of one log after a position; return the position reached.

        Raises:
            InboxMoved: the inbox does not stand at the position, or counts in another log.
        """
        log_id = events[0].log_id
        with traced(self._store.tracer, self._source, events):
            await file(self._store.pool, self._source, log_id, events, position)
        return events[-1].position


async def file(pool: Any, source: str, log_id: UUID, events: Sequence[Received], position: int) -> None:
    """File events and move the source's inbox from `position` to the last of them, or do neither.

    Raises:
        InboxMoved: see `Filing.take`.
    """
    rows = [filed(received) for received in events]
    done = await pool.execute(_FILE, source, log_id, position, rows[-1].position, *columns(rows))
    if done != f"INSERT 0 {len(rows)}":
        raise InboxMoved(f"{source} does not stand at {position}")
