"""What a witness records: checkpoints that it cosigned, what it found, and what oversight says to that."""

import base64
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog

from shared.contracts.text import Text
from shared.contracts.witness import Inconsistent, Witnessed
from shared.domain import Actor, NotFound
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.log.cosignature import Cosigner
from shared.eventstore.store import EventStore
from shared.witness.examining import Verified
from shared.witness.permissions import PERMISSIONS
from shared.witness.statement import Contradiction
from shared.witness.witness import Witness

log = structlog.get_logger()


class Recording:
    """Records what becomes of the logs that a service watches, by commands of its own.

    Args:
        store: where it is recorded.
        kind: the service's own class of `Witness`.
        cosigner: signs what was verified.
        watched: the sources.
    """

    def __init__(
        self, store: EventStore, kind: type[Witness], cosigner: Cosigner, watched: Collection[str]
    ) -> None:
        self._store = store
        self._kind = kind
        self._cosigner = cosigner
        self._watched = watched
        self._actor = Actor(subject=f"service:{store.service}", role="service")

    async def acknowledge(
        self, by: Instruction, source: str, log_id: UUID, known_size: int, reason: Text
    ) -> Outcome[dict[str, Any]]:
        """Take note of what a log lost in a restore; for oversight only.

        Raises:
            NotFound: the source is not watched.
            NotPermitted, NothingToAcknowledge.
        """
        PERMISSIONS.check(by.actor, "loss.acknowledge")
        if source not in self._watched:
            raise NotFound(kind="witness", id=source)

        def decide(turn: Turn) -> dict[str, Any]:
            witness = turn.get(self._kind, source)
            witness.acknowledge(log_id, known_size, reason, turn.actor.role, turn.moment)
            return {"source": source, "log_id": str(log_id), "known_size": known_size}

        return await self._store.execute(Command("acknowledge-loss", by, decide, ((self._kind, source),)))

    async def confirm(self, witness: Witness, verified: Verified, moment: datetime) -> None:
        """Cosign a verified checkpoint and take it as known."""
        statement, checkpoint = verified.statement, verified.checkpoint
        seen = Witnessed(
            source=witness.id,
            log_id=statement.log_id,
            size=checkpoint.size,
            root=base64.b64encode(checkpoint.root).decode(),
            verifier_key=statement.verifier_key,
            previous_size=verified.previous_size,
            continues=verified.continues,
            passed_over=verified.passed_over,
            compared=verified.compared,
            cosigned=self._cosigner.cosign(statement.note, int(moment.timestamp())),
            witnessed_at=moment,
        )
        since = witness.version

        def decide(turn: Turn) -> None:
            turn.get(self._kind, seen.source).confirm(seen, since, turn.moment)

        await self._execute("confirm", seen.source, (seen.log_id, seen.size, since), decide)

    async def contradict(self, witness: Witness, found: Contradiction, moment: datetime) -> None:
        """Tell a finding, once."""
        log.error("witness.inconsistent", source=witness.id, finding=found.finding, reason=found.reason)
        loss = found.loss
        told = Inconsistent(
            source=witness.id,
            log_id=witness.log_id if loss is None else loss.log_id,
            known_size=witness.size if loss is None else loss.known_size,
            stated_size=found.stated,
            position=found.position,
            upto=loss.known_size if loss is not None else None,
            finding=found.finding,
            reason=found.reason,
            found_at=moment,
        )

        def decide(turn: Turn) -> None:
            turn.get(self._kind, told.source).contradict(told, turn.moment)

        about = (found.finding, witness.version, str(told.log_id), told.known_size, told.stated_size or 0)
        await self._execute("contradict", told.source, about, decide)

    async def _execute(
        self, name: str, source: str, about: tuple[UUID | str | int, ...], decide: Callable[[Turn], Any]
    ) -> None:
        words = "/".join(str(word) for word in (self._store.service, "witness", source, name, *about))
        by = Instruction(id=uuid5(NAMESPACE_URL, words), actor=self._actor)
        await self._store.execute(Command(f"witness-{name}", by, decide, ((self._kind, source),)))
