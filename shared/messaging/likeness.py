"""Whether a message of a stream is the copy of the event that the log has at its place."""

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.envelope import header_lines, stream_name, subject_of
from shared.eventstore.lineage import Lineage
from shared.eventstore.record import Record
from shared.messaging.held import Held
from shared.messaging.received import MalformedMessage, Received

RESTORE = "run `tanfidh restore`, which makes the stream anew from the log"
"""The way out of whatever is wrong with a stream."""

_BEGINNING = b"NATS/1.0"
_SERVERS_OWN = re.compile(rb"NATS/1\.0\r\n(?:Nats-[A-Za-z-]+:[^\r\n]*\r\n)*")
_LINE = re.compile(rb"([!-9;-~]+):(.*)", re.DOTALL)
_AS_GOOD = re.compile(r"Nats-[A-Za-z-]+")
"""What the server or the publishing adds, and no reader looks at."""
_NO_HEADER = "a line that is no header"
_Header = tuple[str, bytes]


class Kind(StrEnum):
    """What is wrong at a place of a stream."""

    MISSING = "missing"
    FOREIGN = "foreign"
    """It is no event of ours, or one of another log."""
    COPIED = "copied"
    """It is an event of the log that belongs elsewhere."""
    CHANGED = "changed"
    """It is the log's event with the same meta, and something else differs."""
    OTHER = "other"
    """It is an event, and not the one that the log has at its position."""
    BEYOND = "beyond"
    """It is an event, and the log ends before."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a message of a stream, or with the place where there is none."""

    sequence: int
    kind: Kind
    subject: str | None
    what: str
    event: Received | None = None

    def told(self, service: str) -> str:
        """Name the place, and what is wrong there."""
        on = f" ({self.subject})" if self.subject is not None else ""
        return f"sequence {self.sequence} of {stream_name(service)}{on} {self.what}"


@dataclass(frozen=True, slots=True)
class Likeness:
    """Judges the messages of one service's stream.

    Attributes:
        service: whose stream it is.
        carried: the log that the stream carries.
        logs: the logs of the store.
        head: the last position that the store is known to have.
    """

    service: str
    carried: UUID
    logs: Lineage
    head: int

    def is_copy(self, message: Held, record: Record) -> bool:
        """Whether a message is what the relay publishes for a record, byte for byte.

        One that another release published, with other headers, may be as good; `fault` tells.
        """
        if message.sequence != record.position or message.data != record.data:
            return False
        if message.subject != subject_of(record):
            return False
        lines = header_lines(record, self.carried, self._leaf_log(record)) + b"\r\n"
        before = message.headers[: -len(lines)]
        return message.headers.endswith(lines) and _SERVERS_OWN.fullmatch(before) is not None

    def missing(self, sequence: int, record: Record | None) -> Fault:
        """Tell of a place where there is no message."""
        if record is None:
            what = f"is missing, and the store of {self.service} ends at {self.head}"
            return Fault(sequence, Kind.MISSING, None, what)
        return Fault(sequence, Kind.MISSING, subject_of(record), "is missing")

    def fault(self, message: Held, record: Record | None) -> Fault | None:
        """Tell what is wrong with a message; None where it carries the event of the log at its place.

        Args:
            message: as the server holds it.
            record: what the log has at the position that the message names; None where it ends before.
        """
        try:
            event = message.opened()
        except MalformedMessage as error:
            what = f"was not published by the store of {self.service}: {error}"
            return Fault(message.sequence, Kind.FOREIGN, message.subject, what)
        kind, what = self._judged(message, event, record)
        return Fault(message.sequence, kind, message.subject, what, event) if kind is not None else None

    def _judged(self, message: Held, event: Received, record: Record | None) -> tuple[Kind | None, str]:
        if event.log_id != self.carried:
            return Kind.FOREIGN, f"belongs to the log {event.log_id}; the store has {self.logs.current}"
        if record is None:
            return Kind.BEYOND, (
                f"is position {event.position}, and the store of {self.service} ends at {self.head}: it was "
                "restored from a backup or lost its end, or somebody else published the event "
                f"{event.event_id}"
            )
        if (event.event_id, event.meta) != (record.event_id, record.meta):
            again = ", recorded at another moment," if event.event_id == record.event_id else ""
            return Kind.OTHER, (
                f"is the event {event.event_id} at position {event.position}, where the store of "
                f"{self.service} has {record.event_id}{again} on {subject_of(record)}: the store was "
                "restored from a backup and written to since, or somebody else published there"
            )
        if differing := self._differing(message, record):
            return Kind.CHANGED, (
                f"is the event {event.event_id} at position {event.position}, and not as the store of "
                f"{self.service} has it: {', '.join(differing)}"
            )
        if event.position != message.sequence:
            what = f"is position {event.position}, an event of the log that somebody else put there"
            return Kind.COPIED, what
        return None, ""

    def _differing(self, message: Held, record: Record) -> list[str]:
        """Name the headers that are others, are further ones or are not there; and the payload."""
        true = set(_told(header_lines(record, self.carried, self._leaf_log(record))))
        told = _further(message.headers)
        differing = true ^ set(told) if len(told) == len(set(told)) else [*true, *told]
        names = {name for name, _ in differing}
        if self.carried != self.logs.current:
            names.discard("tf-leaf-log")  # of a former log it is not known here, and its stream goes anyhow
        return sorted(names) + (["payload"] if message.data != record.data else [])

    def _leaf_log(self, record: Record) -> UUID | None:
        return None if record.position >= self.logs.first else self.logs.log_id_at(record.position)


def _further(block: bytes) -> list[_Header]:
    """The headers of a message but for those that are as good; also whatever in the block is none."""
    beginning, _, lines = block.partition(b"\r\n")
    found = [] if beginning == _BEGINNING else [(_NO_HEADER, beginning)]
    told = _told(lines.removesuffix(b"\r\n"))
    return found + [(name, value) for name, value in told if not _is_as_good(name, value)]


def _is_as_good(name: str, value: bytes) -> bool:
    """Readers may end a line at a lone CR or LF too, so a value with one may be more than one header."""
    return _AS_GOOD.fullmatch(name) is not None and b"\r" not in value and b"\n" not in value


def _told(lines: bytes) -> list[_Header]:
    """Each line as name and value."""
    found = []
    for line in lines.removesuffix(b"\r\n").split(b"\r\n"):
        parts = _LINE.fullmatch(line)
        found.append((parts[1].decode(), parts[2].strip(b" \t")) if parts else (_NO_HEADER, line))
    return found
