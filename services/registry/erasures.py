"""Erasures are carried out: whatever is recorded as erased has no key, after any crash and any restore."""

import asyncio
from collections.abc import Iterable, Iterator
from uuid import uuid5

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.registry.reactions import ACTOR
from services.registry.staff import StaffMember
from shared.contracts.registry import ErasureReason, StaffErased
from shared.contracts.sealed import Token
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.record import Record
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.vault import KeyErased, KeyMissing, Vault
from shared.eventstore.sealing.wrapping import VaultUnusable
from shared.eventstore.store import EventStore

PAUSE = 1.0
"""Seconds between looks for new erasures; another replica that erased destroys the key itself, mostly."""
AGAIN = 60.0
"""Seconds between looks through all keys, for those of erased persons that came back."""

log = structlog.get_logger()


class Erasures(Collector):
    """Destroys keys of erased persons, and knows which keys are missing without an erasure."""

    def __init__(self, store: EventStore, vault: Vault | None) -> None:
        self._store = store
        self._vault = vault
        self._upto = 0
        self._one = asyncio.Lock()
        self._looked = False
        self.missing: frozenset[str] = frozenset()
        """Streams of persons whose data cannot be opened, and who were not erased."""
        self.unfinished = False
        """Whether the last attempt to destroy the keys of erased persons failed."""

    async def begin(self) -> None:
        """Bring log and keys in step, before anybody is served: what either knows as erased, both do."""
        if self._vault is None:
            if await self._store.sealed(0, 1):
                log.critical("person-keys.not-given", service=self._store.service)
            return
        await self.finish_recorded()
        await self._record_noted(self._vault)

    async def finish(self) -> None:
        """Destroy what is recorded as erased, as far as that works now; the rest is tried again later."""
        try:
            await self.finish_recorded()
        except Exception:
            self.unfinished = True
            log.exception("erasure.not-finished")
        else:
            self.unfinished = False

    async def finish_recorded(self) -> None:
        """Destroy what is recorded as erased since the last time."""
        if self._vault is None:
            return
        async with self._one:
            while records := await self._store.erased(self._upto):
                for record in records:
                    if isinstance(record.event, StaffErased):
                        await self._destroy(self._vault, record, record.event)
                    self._upto = record.position

    async def run(self, vault: Vault) -> None:
        """Go on as long as the service lives."""
        time = asyncio.get_running_loop().time
        due = time()
        while True:
            head = self._store.head
            await self.finish()
            if time() >= due:
                await self._go_through(vault)
                due = time() + AGAIN
            await asyncio.sleep(PAUSE)
            try:
                await asyncio.wait_for(self._store.advanced(head), AGAIN)
            except TimeoutError:
                continue

    async def look_for_keys(self, vault: Vault) -> None:
        """Find the persons whose key is missing though nobody erased them."""
        missing: set[str] = set()
        seen: set[tuple[str, str]] = set()
        after = 0
        while records := await self._store.sealed(after):
            after = records[-1].position
            tokens = [Token.read(text) for record in records for text in record.event.sealed().values()]
            new = {
                (token.origin.stream, token.key): token
                for token in tokens
                if (token.origin.stream, token.key) not in seen
            }
            missing |= await asyncio.to_thread(_missing, vault, list(new.values()))
            seen |= new.keys()
        if missing - self.missing:
            log.critical("person-keys.missing", persons=sorted(missing), mend="tanfidh keys restore")
        self.missing, self._looked = frozenset(missing), True

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Say how many persons' keys are missing; for Prometheus."""
        yield GaugeMetricFamily(
            "tanfidh_person_keys_missing",
            "Persons whose data cannot be opened though nobody erased it",
            value=len(self.missing),
        )
        yield GaugeMetricFamily(
            "tanfidh_erasure_unfinished",
            "Whether a key of an erased person could not be destroyed yet",
            value=self.unfinished,
        )

    async def _destroy(self, vault: Vault, record: Record, event: StaffErased) -> None:
        erasure = Erasure(
            owner=record.stream,
            event=str(record.event_id),
            recorded_at=record.recorded_at,
            reason=event.reason.value,
            basis=event.basis,
        )
        destroyed = await asyncio.to_thread(vault.erase, erasure)
        if destroyed:
            log.info("erasure.finished", stream=record.stream, keys=destroyed)

    async def _record_noted(self, vault: Vault) -> None:
        """Record again what a restored log has lost, and destroy keys that a restored folder brought back."""
        for erasure in await asyncio.to_thread(vault.erasures):
            kind, _, staff = erasure.owner.partition(".")
            if kind == StaffMember.kind and not await self._store.is_erased(erasure.owner):
                await self._record_again(staff, erasure)
        again = await asyncio.to_thread(vault.destroy_again)
        if again:
            log.warning("erasure.applied-again", keys=again)

    async def _record_again(self, staff: str, erasure: Erasure) -> None:
        def decide(turn: Turn) -> None:
            reason = ErasureReason(erasure.reason)
            turn.get(StaffMember, staff).erase_again(reason, erasure.basis, turn.moment)

        by = Instruction(id=uuid5(self._store.log_id, f"erase again {erasure.owner}"), actor=ACTOR)
        outcome = await self._store.execute(Command("erase-again", by, decide, ((StaffMember, staff),)))
        if outcome.events:
            log.warning("erasure.recorded-again", staff=staff, first=erasure.event)

    async def _go_through(self, vault: Vault) -> None:
        """Look for keys of erased persons that came back, and once for keys that are missing."""
        try:
            await asyncio.to_thread(vault.destroy_again)
            if self.missing or not self._looked:
                await self.look_for_keys(vault)
        except Exception:
            log.exception("person-keys.not-gone-through")


def _missing(vault: Vault, tokens: Iterable[Token]) -> set[str]:
    return {token.origin.stream for token in tokens if not _opens(vault, token)}


def _opens(vault: Vault, token: Token) -> bool:
    try:
        vault.key_of(token)
    except KeyErased:
        return True
    except (KeyMissing, VaultUnusable):
        return False
    return True
