"""The rounds of a witness: at fixed moments every watched log is examined, and what is found is told once."""

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from nats.aio.client import Client
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.contracts.witness import Inconsistent, Witnessed
from shared.domain import Actor
from shared.domain.clock import Time
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.log.cosignature import Cosigner
from shared.eventstore.store import EventStore
from shared.messaging.asking import NotAnswered
from shared.messaging.election import Election
from shared.messaging.outage import OUTAGE
from shared.witness.examining import Known, Verified, examine
from shared.witness.own_copy import NotReceived, OwnCopy
from shared.witness.schedule import Schedule
from shared.witness.source import AskedSource, Source
from shared.witness.statement import Contradiction
from shared.witness.witness import Witness

log = structlog.get_logger()


class Rounds(Collector):
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
        self.alarms: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
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

    async def check(self) -> str | None:
        """Say which logs were found to be inconsistent in the last round."""
        return "; ".join(f"the log of {source}: {alarm}" for source, alarm in self.alarms.items()) or None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Say up to where each log was witnessed, and whether it was found inconsistent; for Prometheus."""
        sizes = GaugeMetricFamily("tanfidh_witness_size", "Witnessed up to", labels=["source"])
        alarms = GaugeMetricFamily(
            "tanfidh_witness_inconsistent", "Whether the last round found it so", labels=["source"]
        )
        for source in self.watched:
            sizes.add_metric([source], self._sizes.get(source, 0))
            alarms.add_metric([source], int(source in self.alarms))
        yield sizes
        yield alarms

    async def known(self, source: str) -> Witness:
        """Return what is known of a source."""
        return await self._store.load(self._kind, source)

    async def run(self, nc: Client) -> None:
        """Stand for election and hold rounds while elected; until cancelled."""

        async def hold() -> None:
            await self._hold(lambda source: AskedSource(nc, source))

        await self._election.run(hold)

    async def _hold(self, ask: Callable[[str], Source]) -> None:
        while True:
            self._next = moment = self.schedule.after(self._time())
            await self._time.reached(moment)
            await self.round(moment, ask)

    async def round(self, moment: datetime, ask: Callable[[str], Source]) -> None:
        """Examine every watched log once, one after the other."""
        for source in self.watched:
            try:
                await self._examine(source, ask(source), moment)
            except NotAnswered as reason:
                log.info("witness.not-answered", source=source, reason=str(reason))
            except (NotReceived, *OUTAGE) as reason:
                log.warning("witness.interrupted", source=source, reason=repr(reason))

    async def _examine(self, source: str, asked: Source, moment: datetime) -> None:
        witness = await self.known(source)
        self._sizes[source] = witness.size
        key = witness.verifier_key or self._pinned.get(source, "")
        known = Known(witness.log_id, witness.size, witness.root, key)
        try:
            verified = await examine(source, asked, known, self.watched[source])
        except Contradiction as contradiction:
            await self._contradict(witness, contradiction, moment)
            return
        self.alarms.pop(source, None)
        if verified is not None and verified.news:
            await self._confirm(witness, verified, moment)

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
        self._sizes[seen.source] = seen.size

    async def _contradict(self, witness: Witness, found: Contradiction, moment: datetime) -> None:
        self.alarms[witness.id] = found.reason
        log.error("witness.inconsistent", source=witness.id, finding=found.finding, reason=found.reason)
        told = Inconsistent(
            source=witness.id,
            log_id=witness.log_id,
            known_size=witness.size,
            stated_size=found.stated,
            position=found.position,
            finding=found.finding,
            reason=found.reason,
            found_at=moment,
        )

        def decide(turn: Turn) -> None:
            turn.get(self._kind, told.source).contradict(told, turn.moment)

        await self._execute("contradict", told.source, (found.finding, witness.version), decide)

    async def _execute(
        self, name: str, source: str, about: tuple[UUID | str | int, ...], decide: Callable[[Turn], Any]
    ) -> None:
        words = "/".join(str(word) for word in (self._store.service, "witness", source, name, *about))
        by = Instruction(id=uuid5(NAMESPACE_URL, words), actor=self._actor)
        await self._store.execute(Command(f"witness-{name}", by, decide, ((self._kind, source),)))
