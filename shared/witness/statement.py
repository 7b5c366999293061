"""What a source states of its log, read and checked against its key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.contracts.witness import Finding
from shared.eventstore.log.note import (
    Checkpoint,
    UnverifiableNote,
    Verifier,
    origin_of,
    read_verifier_key,
    verifier_key_of,
)


class Contradiction(Exception):
    """A log contradicts what is known of it."""

    def __init__(
        self, finding: Finding, reason: str, stated: int | None = None, position: int | None = None
    ) -> None:
        super().__init__(reason)
        self.finding = finding
        self.reason = reason
        self.stated = stated
        self.position = position


@dataclass(frozen=True, slots=True)
class Span:
    """One log of a source: its id, and the checkpoint that it has in common with the one before it."""

    log_id: UUID
    common: Checkpoint | None

    @property
    def size(self) -> int:
        """How many events it has in common with the one before."""
        return self.common.size if self.common is not None else 0


@dataclass(frozen=True, slots=True)
class Part:
    """A log, and up to which position its events are those of the log in force (None: without end)."""

    log_id: UUID
    upto: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A source's newest checkpoint, with a valid signature; None of an empty log."""

    log_id: UUID
    verifier_key: str
    checkpoint: Checkpoint | None
    note: str
    spans: Sequence[Span]

    @property
    def size(self) -> int:
        """The size that it states."""
        return self.checkpoint.size if self.checkpoint is not None else 0

    def parts(self) -> list[Part]:
        """The logs, the oldest first, with what of each is in the log in force."""
        parts: list[Part] = []
        upto: int | None = None
        for span in reversed(self.spans):
            parts.insert(0, Part(span.log_id, upto))
            upto = span.size if upto is None else min(upto, span.size)
        return parts

    def common_with(self, log_id: UUID) -> Checkpoint | None:
        """The least that a former log and those after it have in common, None for nothing.

        Raises `Contradiction` where it is no former log of this one.
        """
        least: Span | None = None
        for span in reversed(self.spans):
            if span.log_id == log_id:
                return least.common if least is not None else None
            if least is None or span.size < least.size:
                least = span
        raise Contradiction(
            Finding.FOREIGN_LOG, f"it is the log {self.log_id}, which does not continue {log_id}", self.size
        )


def read_statement(source: str, told: Any, pinned: str) -> Statement:
    """Read what a source answered; raise `Contradiction` where it cannot be, or is not signed as it must be.

    Args:
        source: the service.
        told: its answer to the question ``checkpoint``.
        pinned: a verifier key of it that is trusted, whatever log that one names; empty where none is
            known yet: then the key that it states is trusted.
    """
    try:
        log_id, stated = UUID(str(told["log_id"])), str(told["verifier_key"])
        logs = [(UUID(str(span["log_id"])), _text(span["common"])) for span in told["logs"]]
        size, note = int(told["size"]), _text(told["note"])
    except (KeyError, TypeError, ValueError) as error:
        raise Contradiction(Finding.MALFORMED, f"its statement cannot be read: {error!r}") from error
    public = _trusted_key(source, stated, pinned)
    keys = {origin_of(source, str(id)): verifier_key_of(origin_of(source, str(id)), public) for id, _ in logs}
    if not logs or logs[-1][0] != log_id:
        raise Contradiction(Finding.MALFORMED, "its logs do not end with the one in force", size)
    spans = [Span(id, _signed(keys, common) if common is not None else None) for id, common in logs]
    checkpoint = _signed(keys, note) if note is not None else None
    if (checkpoint.size if checkpoint is not None else 0) != size:
        raise Contradiction(Finding.MALFORMED, f"it states {size} events, and its checkpoint others", size)
    key = keys[origin_of(source, str(log_id))]
    return Statement(log_id, key, checkpoint, note or "", spans)


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{value!r} is no note")
    return value


def _trusted_key(source: str, stated: str, pinned: str) -> bytes:
    try:
        _, public = read_verifier_key(stated)
        trusted = read_verifier_key(pinned)[1] if pinned else public
    except UnverifiableNote as error:
        raise Contradiction(Finding.MALFORMED, str(error)) from error
    if public != trusted:
        raise Contradiction(Finding.OTHER_KEY, f"{source} signs with another key than the one that is known")
    return trusted


def _signed(keys: Mapping[str, str], note: str) -> Checkpoint:
    origin = note.partition("\n")[0]
    if origin not in keys:
        raise Contradiction(Finding.BAD_SIGNATURE, f"a checkpoint of {origin!r} is none of its logs'")
    try:
        checkpoint = Checkpoint.parse(Verifier(keys[origin]).open(note))
    except UnverifiableNote as error:
        raise Contradiction(Finding.BAD_SIGNATURE, f"its checkpoint cannot be verified: {error}") from error
    if checkpoint.origin != origin:
        raise Contradiction(Finding.BAD_SIGNATURE, "its checkpoint is another log's")
    return checkpoint
