"""The examination of a source's log: everything that is verified before its checkpoint is cosigned."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.contracts.witness import Finding
from shared.eventstore.log.note import Checkpoint
from shared.eventstore.log.proof import BadProof, verify_consistency
from shared.eventstore.log.tree import EMPTY_ROOT
from shared.witness.comparing import check_gap, compare
from shared.witness.losses import Loss, losses
from shared.witness.own_copy import NotReceived, OwnCopy
from shared.witness.source import Source
from shared.witness.statement import Contradiction, Part, Statement, read_statement

PATIENCE = 5.0
"""Seconds that events which are in a signed checkpoint get to arrive here."""

LOOK_AGAIN = 0.05
"""Seconds between looks whether they have."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was witnessed of a source; nothing yet where there is no log id.

    `verifier_key` may be known from the settings before anything was witnessed.
    """

    log_id: UUID | None = None
    size: int = 0
    root: str = ""
    verifier_key: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source stated, its signatures verified, and what its log lost since what is known."""

    statement: Statement
    losses: Sequence[Loss]


@dataclass(frozen=True, slots=True)
class Verified:
    """A checkpoint that was verified, from what it grew, and with how many received events it agrees."""

    statement: Statement
    checkpoint: Checkpoint
    previous_size: int
    continues: UUID | None
    passed_over: int
    compared: int
    news: bool
    """Whether it is to be told: it holds more than what was witnessed and events of witnesses."""


async def ask(service: str, source: Source, known: Known, own: OwnCopy | None) -> Asked:
    """Ask a source for its newest checkpoint, and look what it lacks that was witnessed or received.

    Raises:
        Contradiction: the statement contradicts what is known.
        NotAnswered: the source does not answer.
    """
    before = await _received(own, known.log_id)
    statement = read_statement(service, await source.statement(), known.verifier_key)
    if statement.log_id == known.log_id:
        if before > statement.size:
            raise Contradiction(
                Finding.SHORTER,
                f"it states {statement.size} events, and {before} of the same log were received",
                statement.size,
            )
        return Asked(statement, ())
    if known.log_id is not None:
        statement.common_with(known.log_id)
    logs = statement.since(known.log_id)
    had = {span.log_id: await _received(own, span.log_id) for span in logs[:-1]}
    if known.log_id is not None:
        had[known.log_id] = max(known.size, before)
    return Asked(statement, losses([(span.log_id, span.size) for span in logs], had))


async def examine(
    service: str, source: Source, known: Known, own: OwnCopy | None, asked: Asked, comparing: bool = True
) -> Verified | None:
    """Examine a source's newest checkpoint; None where there is nothing beyond what is known.

    Args:
        service: the source's name.
        source: answers.
        known: what was witnessed of it.
        own: what was received of it, where that is.
        asked: what it stated.
        comparing: whether what was received can be compared; growth is verified without it.

    Raises:
        Contradiction: it contradicts what is known, or what was received.
        NotAnswered: the source does not answer.
        NotReceived: nothing beyond what is known was received of it, though it has more.
    """
    statement, compared = asked.statement, own if comparing else None
    reached = await check_gap(statement, compared) if compared is not None else 0
    base = await _base(source, statement, known, compared)
    await _check_growth(source, statement, base)
    if compared is not None:
        newest = statement
        statement = await _within_reach(service, source, statement, known, compared, reached)
        if statement is not newest:
            at_base = statement.size == base.size and statement.log_id == known.log_id
            if statement.size < base.size or statement.checkpoint is None or at_base:
                raise NotReceived(f"of {newest.size} events no more than {base.size} were received")
            await _check_growth(source, statement, base)
    if statement.checkpoint is None or (statement.size == base.size and statement.log_id == known.log_id):
        return None
    if compared is not None:
        await compare(source, statement, statement.checkpoint, compared)
    moved = known.log_id is not None and known.log_id != statement.log_id
    news = own is None or await own.leaves.news(statement.parts(), base.size, statement.size)
    return Verified(
        statement,
        statement.checkpoint,
        base.size,
        known.log_id if moved else None,
        max(0, known.size - base.size),
        statement.size if compared is not None else 0,
        news or moved or known.log_id is None,
    )


@dataclass(frozen=True, slots=True)
class _Base:
    """What the log in force must begin with."""

    size: int
    root: bytes


async def _received(own: OwnCopy | None, log_id: UUID | None) -> int:
    """How much of a log was received. Asked before the source is, it cannot state less of it after that."""
    if own is None or log_id is None:
        return 0
    return await own.leaves.received([Part(log_id, None)])


async def _base(source: Source, statement: Statement, known: Known, own: OwnCopy | None) -> _Base:
    if known.log_id is None:
        return _Base(0, EMPTY_ROOT)
    witnessed = _Base(known.size, base64.b64decode(known.root))
    if statement.log_id == known.log_id:
        return witnessed
    common = statement.common_with(known.log_id)
    if common is None:
        return _Base(0, EMPTY_ROOT)
    if common.size >= known.size:
        return witnessed
    if own is not None and common.size:
        await compare(source, statement, common, own)
    return _Base(common.size, common.root)


async def _check_growth(source: Source, statement: Statement, base: _Base) -> None:
    checkpoint = statement.checkpoint or Checkpoint("", 0, EMPTY_ROOT)
    if checkpoint.size < base.size:
        raise Contradiction(
            Finding.SHORTER,
            f"it states {checkpoint.size} events, and {base.size} were witnessed: its end was cut off",
            checkpoint.size,
        )
    if checkpoint.size == base.size:
        if checkpoint.root != base.root:
            raise Contradiction(
                Finding.OTHER_ROOT,
                f"its {base.size} events have another root than those that were witnessed",
                checkpoint.size,
            )
        return
    if base.size == 0:
        return
    path = await source.consistency(base.size, checkpoint.size)
    try:
        verify_consistency(base.size, base.root, checkpoint.size, checkpoint.root, path)
    except BadProof as reason:
        raise Contradiction(
            Finding.NOT_PROVED,
            f"its {checkpoint.size} events are not proved to begin with the {base.size} that were witnessed: "
            f"{reason}",
            checkpoint.size,
        ) from reason


async def _within_reach(
    service: str, source: Source, statement: Statement, known: Known, own: OwnCopy, reached: int
) -> Statement:
    """Wait for the events of a checkpoint; go back to an earlier one where they do not arrive."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + PATIENCE
    while reached < statement.size:
        if clock() > deadline:
            earlier: Any = await source.statement(reached)
            return read_statement(service, earlier, known.verifier_key or statement.verifier_key)
        await asyncio.sleep(LOOK_AGAIN)
        reached = await own.leaves.unbroken(statement.parts(), reached)
    return statement
