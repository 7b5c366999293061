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
from shared.witness.losses import Loss

LARGEST = 2**63 - 1
"""A size that is larger is none."""

MOST_LOGS = 1_000
"""Logs that a store can have had; each is one restore."""

LONGEST = 500
"""Characters of a reason: what a source told may stand in it, however long."""


class Contradiction(Exception):
    """A log contradicts what is known of it.

    `stated` is a size that its key has signed, or None; `loss` what it lost in a restore, where it is that.
    """

    def __init__(
        self,
        finding: Finding,
        reason: str,
        stated: int | None = None,
        position: int | None = None,
        loss: Loss | None = None,
    ) -> None:
        self.reason = reason[:LONGEST]
        super().__init__(self.reason)
        self.finding = finding
        self.stated = stated
        self.position = position
        self.loss = loss


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

    def since(self, log_id: UUID | None) -> Sequence[Span]:
        """The logs from a former one on, the one in force too; all where none is named or it is none."""
        ids = [span.log_id for span in self.spans]
        return self.spans[ids.index(log_id) :] if log_id in ids else self.spans

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

    Signatures are verified before anything that is stated is believed; no number that was not signed is
    ever told.
    """
    try:
        log_id, stated = UUID(str(told["log_id"])), str(told["verifier_key"])
        logs = [(UUID(str(span["log_id"])), _text(span["common"])) for span in told["logs"]]
        size, note = told["size"], _text(told["note"])
        if type(size) is not int or not 0 <= size <= LARGEST:
            raise ValueError("its size is none")
        if len({id for id, _ in logs}) != len(logs) or len(logs) > MOST_LOGS:
            raise ValueError("its logs are none that a store can have had")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = f"its statement cannot be read: {type(error).__name__}: {str(error)[:LONGEST]}"
        raise Contradiction(Finding.MALFORMED, reason) from error
    public = _trusted_key(source, stated, pinned)
    keys = {origin_of(source, str(id)): verifier_key_of(origin_of(source, str(id)), public) for id, _ in logs}
    checkpoint = _signed(keys, note) if note is not None else None
    signed = checkpoint.size if checkpoint is not None else 0
    if not logs or logs[-1][0] != log_id:
        raise Contradiction(Finding.MALFORMED, "its logs do not end with the one in force", signed)
    spans = [Span(id, _signed(keys, common) if common is not None else None) for id, common in logs]
    if signed != size:
        raise Contradiction(Finding.MALFORMED, "it states another size than its checkpoint", signed)
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
    if checkpoint.size > LARGEST:
        raise Contradiction(Finding.MALFORMED, "its checkpoint is larger than a log can be")
    if checkpoint.origin != origin:
        raise Contradiction(Finding.BAD_SIGNATURE, "its checkpoint is another log's")
    return checkpoint
