"""The rounds of a witness: at fixed moments every watched log is examined, and what is found is told once."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from nats.aio.client import Client

from shared.contracts.witness import Finding
from shared.domain.clock import Time
from shared.eventstore.log.cosignature import Cosigner
from shared.eventstore.log.note import read_verifier_key
from shared.eventstore.store import EventStore
from shared.messaging.asking import NotAnswered
from shared.messaging.election import Election
from shared.messaging.outage import OUTAGE
from shared.witness.alarms import Alarms
from shared.witness.examining import Asked, Known, Verified, ask, examine
from shared.witness.own_copy import NotReceived, OwnCopy
from shared.witness.recording import Recording
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
        self.recording = Recording(store, kind, cosigner, tuple(watched))
        self._store = store
        self._time = time
        self._kind = kind
        self._pinned = pinned
        self._next: datetime | None = None
        self._election = Election(database_url, f"{store.service}/witness")

    @property
    def election(self) -> Election:
        """Who holds the rounds."""
        return self._election

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
            await self.recording.contradict(witness, found, moment)
        if wrong:
            witness = await self.known(source)
        if verified is not None and verified.news:
            await self.recording.confirm(witness, verified, moment)
            self.alarms.known(source, verified.checkpoint.size, moment)
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


def _public(verifier_key: str) -> bytes:
    return read_verifier_key(verifier_key)[1]
