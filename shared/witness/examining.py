"""The examination of a source's log: everything that is verified before its checkpoint is cosigned."""

import asyncio
import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.contracts.witness import Finding
from shared.eventstore.log.note import Checkpoint
from shared.eventstore.log.proof import BadProof, verify_consistency
from shared.eventstore.log.tree import EMPTY_ROOT
from shared.witness.locating import first_difference
from shared.witness.own_copy import OwnCopy
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


async def examine(service: str, source: Source, known: Known, own: OwnCopy | None) -> Verified | None:
    """Examine a source's newest checkpoint; None where there is nothing beyond what is known.

    Raises:
        Contradiction: it contradicts what is known, or what was received.
        NotAnswered: the source does not answer.
        NotReceived: events that are common to two logs of it have not been received.
    """
    before = await _received_before(own, known)
    statement = read_statement(service, await source.statement(), known.verifier_key)
    base = await _base(statement, known, own)
    if before > statement.size and statement.log_id == known.log_id:
        raise Contradiction(
            Finding.SHORTER,
            f"it states {statement.size} events, and {before} of the same log were received",
            statement.size,
        )
    await _check_growth(source, statement, base)
    if own is not None:
        newest, statement = statement, await _within_reach(service, source, statement, known, own)
        if statement.size < base.size:
            return None
        if statement is not newest:
            await _check_growth(source, statement, base)
    if statement.checkpoint is None or (statement.size == base.size and statement.log_id == known.log_id):
        return None
    if own is not None:
        await _compare(source, statement, statement.checkpoint, own)
        news = await own.leaves.news(statement.parts(), base.size, statement.size)
    else:
        news = True
    moved = known.log_id is not None and known.log_id != statement.log_id
    return Verified(
        statement,
        statement.checkpoint,
        base.size,
        known.log_id if moved else None,
        max(0, known.size - base.size),
        statement.size if own is not None else 0,
        news or moved or known.log_id is None,
    )


@dataclass(frozen=True, slots=True)
class _Base:
    """What the log in force must begin with."""

    size: int
    root: bytes


async def _received_before(own: OwnCopy | None, known: Known) -> int:
    """How much of the known log was received before the source is asked: it cannot state less after that."""
    if own is None or known.log_id is None:
        return 0
    return await own.leaves.received([Part(known.log_id, None)])


async def _base(statement: Statement, known: Known, own: OwnCopy | None) -> _Base:
    if known.log_id is None:
        return _Base(0, EMPTY_ROOT)
    witnessed = _Base(known.size, base64.b64decode(known.root))
    if statement.log_id == known.log_id:
        return witnessed
    common = statement.common_with(known.log_id)
    if common is not None and common.size >= known.size:
        return witnessed
    base = _Base(common.size, common.root) if common is not None else _Base(0, EMPTY_ROOT)
    if own is not None and base.size and await own.root(statement, base.size) != base.root:
        raise Contradiction(
            Finding.OTHER_EVENTS,
            f"it says that the first {base.size} events are those of the log before its restore; "
            "those that were received are others",
            statement.size,
        )
    return base


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
    service: str, source: Source, statement: Statement, known: Known, own: OwnCopy
) -> Statement:
    """Wait for the events of a checkpoint; go back to an earlier one where they do not arrive."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + PATIENCE
    while (received := await own.leaves.received(statement.parts())) < statement.size:
        if clock() > deadline:
            earlier: Any = await source.statement(received)
            return read_statement(service, earlier, known.verifier_key or statement.verifier_key)
        await asyncio.sleep(LOOK_AGAIN)
    return statement


async def _compare(source: Source, statement: Statement, checkpoint: Checkpoint, own: OwnCopy) -> None:
    if await own.root(statement, checkpoint.size) == checkpoint.root:
        return
    leaves = await own.all(statement, checkpoint.size)
    position = await first_difference(source, checkpoint, leaves)
    raise Contradiction(
        Finding.OTHER_EVENTS,
        f"its {checkpoint.size} events are not those that were received",
        checkpoint.size,
        position,
    )
