"""The copies of a log's events that audit received over NATS, as it filed them: each compared with itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any
from uuid import UUID

from deploy.verifying.report import Report
from deploy.verifying.row import UNREADABLE, WRONG, readable
from services.audit.filing.columns import Filed, filed
from shared.eventstore.lineage import Lineage
from shared.messaging.received import Received

_THERE = "SELECT to_regclass('audit.filed') IS NOT NULL"
_LOGS = "SELECT number, log_id, after FROM audit.filed_logs WHERE source = $1 ORDER BY number"
_INBOX = "SELECT log_id, position FROM audit.inboxes WHERE name = $1"
_ROWS = f"""
    SELECT {readable(", ".join(Filed._fields))} FROM audit.filed
    WHERE source = $1 AND log = $2 ORDER BY position"""
_LEAVES = """
    SELECT position, leaf FROM audit.filed
    WHERE source = $1 AND log = $2 AND position > $3 AND position <= $4 ORDER BY position"""
_FETCH = 2_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Positions after one and up to another, of which the copies are those that were filed of one log."""

    number: int
    after: int
    upto: int


@dataclass(frozen=True, slots=True)
class FiledLog:
    """A log of a source as audit filed it: its number, and the position that its filing began after."""

    number: int
    log_id: UUID
    after: int


class Copies:
    """The copies of one service's events. What is wrong with them is found in the report of the trail.

    Args:
        connection: it reads the schema of audit.
        service: whose events were filed.
        lineage: its logs; None where they cannot be told, so that copies are compared with nothing else.
        trail: the report.
    """

    def __init__(self, connection: Any, service: str, lineage: Lineage | None, trail: Report) -> None:
        self._connection = connection
        self._service = service
        self._lineage = lineage
        self._trail = trail
        self._stretches: list[Stretch] = []
        self._false: set[int] = set()
        """Positions of which the copy contradicts itself."""
        self.received = 0
        """Up to which position of the log in force the copies are there without a gap."""
        self.expected = 0
        """Up to which position of it audit's inbox says that they are."""
        self.types: set[str] = set()

    async def check(self) -> None:
        """Compare every copy with itself, and how far they go with what audit's inbox says."""
        if not await self._connection.fetchval(_THERE):
            return
        try:
            async with self._connection.transaction():
                await self._check()
        except WRONG as error:
            if self._connection.is_closed():
                raise
            self._find(f"it cannot be verified: {error!r}")
            self._stretches, self.received = [], 0

    async def _check(self) -> None:
        logs = self._known([FiledLog(*row) for row in await self._connection.fetch(_LOGS, self._service)])
        inbox = await self._connection.fetchrow(_INBOX, self._service)
        reached, place = (inbox["position"], inbox["log_id"]) if inbox is not None else (0, None)
        if inbox is None and logs:
            self._find("its inbox in audit is missing")
        elif place is not None and not self._has(place):
            self._find(f"its inbox in audit counts in the log {place}, which is none of its logs")
        if place is not None and self._lineage is not None:
            self.expected = self._lineage.carried_over(place, reached) or 0
        for log, following in zip_longest(logs, logs[1:]):
            await self._check_log(log, following, reached, place)
        if not logs and reached:
            self._missing(1, reached)

    async def page(self, after: int, upto: int) -> dict[int, bytes]:
        """Return the leaves after a position and up to another; none that its own columns contradict."""
        found: dict[int, bytes] = {}
        for stretch in self._stretches:
            begin, end = max(after, stretch.after), min(upto, stretch.upto)
            if begin < end:
                rows = await self._connection.fetch(_LEAVES, self._service, stretch.number, begin, end)
                found |= {position: leaf for position, leaf in rows if position not in self._false}
        return found

    def _known(self, logs: Sequence[FiledLog]) -> list[FiledLog]:
        """Leave out what is none of the service's logs; compare the others with where they parted."""
        if self._lineage is None:
            return list(logs)
        ids = [span.log_id for span in self._lineage.spans]
        known = [log for log in logs if log.log_id in ids]
        for log in logs:
            if log not in known:
                self._find(f"{log.log_id} was filed as a log of it and is none")
        places = [ids.index(log.log_id) for log in known]
        if places != sorted(set(places)):
            self._find("its logs were not filed in their order")
        if known and known[0].after:
            self._find(f"its first log is filed from position {known[0].after + 1} on")
        for log, following in pairwise(known):
            if following.after > self._end(log):
                self._find(
                    f"its log {following.log_id} is filed from position {following.after + 1} on, which is "
                    "beyond what it has in common with the one before"
                )
        return known

    def _end(self, log: FiledLog) -> int:
        """Up to which position a log's events are those of the log in force."""
        if self._lineage is None:
            return 0
        spans = self._lineage.spans
        if self._service == "audit":  # its store and what it filed of itself come back from one backup
            following = [after for span, after in pairwise(spans) if span.log_id == log.log_id]
            return following[0].first - 1 if following else 2**63 - 1
        return self._lineage.carried_over(log.log_id, 2**63 - 1) or 0

    async def _check_log(
        self, log: FiledLog, following: FiledLog | None, reached: int, place: UUID | None
    ) -> None:
        older = self._older(log)
        last = unbroken = log.after
        rows = self._connection.cursor(_ROWS, self._service, log.number, prefetch=_FETCH)
        async for values in rows:
            row = Filed(*values)
            self._trail.events += 1
            self.types.add(row.type)
            if row.position <= last:
                self._find("is filed of a log that was filed from a later position on", row.position)
                continue
            if row.position > last + 1:
                self._missing(last + 1, row.position - 1)
            elif unbroken == last:
                unbroken = row.position
            wrong = contradiction(row, log.log_id, older)
            if wrong is not None:
                self._false.add(row.position)
                self._find(f"was changed: {wrong}", row.position)
            last = row.position
        upto = reached if following is None else following.after
        if last < upto:
            self._missing(last + 1, upto)
        elif following is None and place == log.log_id and last > reached:
            self._find("are more than audit's inbox says", reached + 1, last)
        if following is None and place != log.log_id:
            upto = last  # nothing is filed yet of the log that the inbox counts in
        stretch = Stretch(log.number, log.after, min(upto, self._end(log)))
        self._stretches.append(stretch)
        self.received = min(unbroken, stretch.upto)

    def _older(self, log: FiledLog) -> Lineage | None:
        """The logs that there were when events of one were published."""
        if self._lineage is None:
            return None
        ids = [span.log_id for span in self._lineage.spans]
        return Lineage(self._lineage.spans[: ids.index(log.log_id) + 1])

    def _has(self, log_id: UUID) -> bool:
        return self._lineage is None or log_id in self._lineage

    def _missing(self, first: int, last: int) -> None:
        self._find("is missing" if first == last else "are missing", first, last)

    def _find(self, what: str, first: int | None = None, last: int | None = None) -> None:
        of = f"of {self._service}" if last in (None, first) else f"events of {self._service}"
        self._trail.find(f"{self._service}: {what}" if first is None else f"{of} {what}", first, last)


def contradiction(row: Filed, log_id: UUID, logs: Lineage | None) -> str | None:
    """Say what of a filed row does not follow from the event that it is of; None where all of it does.

    Args:
        row: as it is stored.
        log_id: the log that its event was published in.
        logs: the logs of that store until then, that log being the last; None where they cannot be told.
    """
    try:
        received = Received(
            log_id,
            row.position,
            row.stream,
            row.version,
            row.type,
            row.schema,
            row.recorded_at,
            row.effective_at,
            row.event_id,
            row.data,
            row.meta,
            row.sealed_digest,
            row.previous,
            row.leaf_log,
        )
        true, event_id = filed(received), received.about.event_id
    except UNREADABLE:
        return "it cannot be read"
    if true.leaf != row.leaf:
        return "its content does not give its leaf"
    hashed = logs.log_id_at(row.position) if logs is not None else row.leaf_log
    leaf_log = None if hashed == log_id else hashed
    if (true, event_id, leaf_log) == (row, row.event_id, row.leaf_log):
        return None
    true = true._replace(event_id=event_id, leaf_log=leaf_log)
    differ = [name for name, mine, its in zip(Filed._fields, true, row, strict=True) if mine != its]
    one = len(differ) == 1 and differ != ["departments"]
    return f"its {' and '.join(differ)} {'is' if one else 'are'} not what follows from its event"
