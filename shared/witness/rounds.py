"""The rounds of a witness: at fixed moments every watched log is examined, and what is found is told once."""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from nats.aio.client import Client

from shared.contracts.text import Text
from shared.contracts.witness import Finding, Inconsistent, Witnessed
from shared.domain import Actor, NotFound
from shared.domain.clock import Time
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.log.cosignature import Cosigner
from shared.eventstore.log.note import read_verifier_key
from shared.eventstore.store import EventStore
from shared.messaging.asking import NotAnswered
from shared.messaging.election import Election
from shared.messaging.outage import OUTAGE
from shared.witness.alarms import Alarms
from shared.witness.examining import Asked, Known, Verified, ask, examine
from shared.witness.own_copy import NotReceived, OwnCopy
from shared.witness.permissions import PERMISSIONS
from shared.witness.schedule import Schedule
from shared.witness.source import AskedSource, Source
from shared.witness.statement import Contradiction
from shared.witness.witness import Witness

log = structlog.get_logger()


class Rounds:
    """Witnesses other services' logs for one service; of its replicas one does.

    Args:
        store: where what is witnessed is recorded.
        database_url: for the election's own connection.
        time: tells and awaits the moments of rounds.
        schedule: when they are.
        kind: the service's own class of `Witness`.
        cosigner: signs what was verified.
        watched: the sources, each with the witness's own copy of its log, where it receives its events.
        pinned: verifier keys of sources that are known beforehand; others are trusted on first use.
    """

    def __init__(
        self,
        store: EventStore,
        database_url: str,
        time: Time,
        schedule: Schedule,
        kind: type[Witness],
        cosigner: Cosigner,
        watched: Mapping[str, OwnCopy | None],
        pinned: Mapping[str, str],
    ) -> None:
        self.schedule = schedule
        self.cosigner = cosigner
        self.watched = watched
        self.alarms = Alarms(tuple(watched), time)
        self._store = store
        self._time = time
        self._kind = kind
        self._pinned = pinned
        self._next: datetime | None = None
        self._election = Election(database_url, f"{store.service}/witness")
        self._actor = Actor(subject=f"service:{store.service}", role="service")

    def at_rest(self) -> bool:
        """Whether no round is due now."""
        return self._next is not None and self._next > self._time()

    def now(self) -> datetime:
        """The moment by the clock of the rounds."""
        return self._time()

    async def known(self, source: str) -> Witness:
        """Return what is known of a source."""
        return await self._store.load(self._kind, source)

    async def run(self, nc: Client) -> None:
        """Stand for election and hold rounds while elected; until cancelled."""

        async def hold() -> None:
            try:
                await self._hold(lambda source: AskedSource(nc, source))
            finally:
                self.alarms.forget()

        await self._election.run(hold)

    async def acknowledge(
        self, by: Instruction, source: str, log_id: UUID, known_size: int, reason: Text
    ) -> Outcome[dict[str, Any]]:
        """Take note of what a log lost in a restore; for oversight only.

        Raises:
            NotFound: the source is not watched.
            NotPermitted, NothingToAcknowledge.
        """
        PERMISSIONS.check(by.actor, "loss.acknowledge")
        if source not in self.watched:
            raise NotFound(kind="witness", id=source)

        def decide(turn: Turn) -> dict[str, Any]:
            witness = turn.get(self._kind, source)
            witness.acknowledge(log_id, known_size, reason, turn.actor.role, turn.moment)
            return {"source": source, "log_id": str(log_id), "known_size": known_size}

        return await self._store.execute(Command("acknowledge-loss", by, decide, ((self._kind, source),)))

    async def _hold(self, ask: Callable[[str], Source]) -> None:
        while True:
            self._next = moment = self.schedule.after(self._time())
            await self._time.reached(moment)
            await self.round(moment, ask)

    async def round(self, moment: datetime, ask: Callable[[str], Source]) -> None:
        """Examine every watched log once, one after the other; whatever happens with one, the rest follow."""
        for source in self.watched:
            try:
                await self._examine(source, ask(source), moment)
            except NotAnswered as reason:
                log.info("witness.not-answered", source=source, reason=str(reason))
                self.alarms.missed(source, reason)
            except (NotReceived, *OUTAGE) as reason:
                log.warning("witness.interrupted", source=source, reason=repr(reason))
                self.alarms.missed(source, reason)
            except Exception as error:
                log.exception("witness.failed", source=source)
                self.alarms.missed(source, error)

    async def _examine(self, source: str, asked: Source, moment: datetime) -> None:
        witness = await self.known(source)
        self.alarms.known(source, witness.size, witness.last.witnessed_at if witness.last else None)
        wrong: list[Contradiction] = []
        verified: Verified | None = None
        missed: Exception | None = None
        try:
            verified = await self._verify(witness, asked, wrong)
        except Contradiction as contradiction:
            wrong.append(contradiction)
        except Exception as reason:  # what was found before it is told first
            missed = reason
        for found in wrong:
            await self._contradict(witness, found, moment)
        if wrong:
            witness = await self.known(source)
        if verified is not None and verified.news:
            await self._confirm(witness, verified, moment)
        losses = [f"lost and not acknowledged: {loss.reason}" for loss in witness.losses]
        reasons = losses + [one.reason for one in wrong if one.loss is None]
        if reasons or missed is None:
            self.alarms.wrong(source, reasons)
        if missed is not None:
            raise missed
        self.alarms.witnessed(source, moment)

    async def _verify(self, witness: Witness, source: Source, wrong: list[Contradiction]) -> Verified | None:
        """Examine a log; add what is wrong though the log can still be witnessed."""
        pinned, own = self._pinned.get(witness.id, ""), self.watched[witness.id]
        if pinned and witness.verifier_key and _public(pinned) != _public(witness.verifier_key):
            wrong.append(
                Contradiction(Finding.OTHER_KEY, "the key that was given is not the one trusted before")
            )
        key = pinned or witness.verifier_key
        known = Known(witness.log_id, witness.size, witness.root, key)
        asked: Asked = await ask(witness.id, source, known, own)
        for loss in asked.losses:
            told = Contradiction(Finding.ROLLED_BACK, loss.told(), loss.common, loss.common + 1, loss)
            wrong.append(told)
        try:
            return await examine(witness.id, source, known, own, asked)
        except Contradiction as contradiction:
            if contradiction.finding is not Finding.OWN_COPY:
                raise
            wrong.append(contradiction)  # the log may be well: that it only grows can still be verified
            return await examine(witness.id, source, known, own, asked, comparing=False)

    async def _confirm(self, witness: Witness, verified: Verified, moment: datetime) -> None:
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
            cosigned=self.cosigner.cosign(statement.note, int(moment.timestamp())),
            witnessed_at=moment,
        )
        since = witness.version

        def decide(turn: Turn) -> None:
            turn.get(self._kind, seen.source).confirm(seen, since, turn.moment)

        await self._execute("confirm", seen.source, (seen.log_id, seen.size, since), decide)
        self.alarms.known(seen.source, seen.size, moment)

    async def _contradict(self, witness: Witness, found: Contradiction, moment: datetime) -> None:
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


def _public(verifier_key: str) -> bytes:
    return read_verifier_key(verifier_key)[1]
