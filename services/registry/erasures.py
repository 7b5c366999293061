"""Erasures are carried out: whatever is recorded as erased has no key, after any crash and any restore."""

import asyncio
from collections.abc import Iterator, Mapping
from uuid import uuid5

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.registry.key_watch import KeyWatch
from services.registry.reactions import ACTOR
from services.registry.staff import StaffMember
from shared.contracts.registry import ErasureReason, StaffErased
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.line import is_away
from shared.eventstore.record import Record
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.vault import Vault
from shared.eventstore.sealing.wrapping import VaultUnusable
from shared.eventstore.store import EventStore

PAUSE = 1.0
"""Seconds between looks for new erasures; another replica that erased destroys the key itself, mostly."""
AGAIN = 60.0
"""Seconds between looks through the keys, for those of erased persons that came back and for missing ones."""

log = structlog.get_logger()


def who_erased(told: str | None, actor: Mapping[str, str]) -> str | None:
    """Tell whose erasure an event is: whom it names, else who recorded it; None for a service of before."""
    return told if told is not None or actor["role"] == ACTOR.role else actor["subject"]


class Erasures(Collector):
    """Destroys keys of erased persons, and tells which keys are missing without an erasure."""

    def __init__(self, store: EventStore, vault: Vault | None) -> None:
        self._store = store
        self._vault = vault
        self._upto = 0
        self._pending: dict[str, Record] = {}
        self._one = asyncio.Lock()
        self.watch = KeyWatch(store, vault) if vault is not None else None

    async def begin(self) -> None:
        """Bring log and keys in step, before anybody is served: what either knows as erased, both do."""
        if self._vault is None:
            if await self._store.sealed(0, 1):
                log.critical("person-keys.not-given", service=self._store.service)
            return
        await asyncio.to_thread(self._vault.belongs_to, str(self._store.log_id))
        await self.finish_recorded()
        await self._record_noted(self._vault)

    async def finish(self) -> None:
        """Destroy what is recorded as erased, as far as that works now; the rest is tried again later."""
        try:
            await self.finish_recorded()
        except Exception as error:
            if is_away(error):
                log.warning("erasure.interrupted", reason=repr(error))
            else:
                log.exception("erasure.not-finished")

    async def finish_recorded(self) -> None:
        """Destroy what is recorded as erased since the last time."""
        if self._vault is None:
            return
        async with self._one:
            while records := await self._store.erased(self._upto):
                self._pending |= {r.stream: r for r in records if isinstance(r.event, StaffErased)}
                self._upto = records[-1].position
            failures = []
            for record in list(self._pending.values()):
                try:
                    await self._destroy(self._vault, record)
                except (OSError, VaultUnusable) as failure:
                    failures.append(failure)  # the others need not wait for this one
                else:
                    del self._pending[record.stream]
            if failures:
                raise failures[0]

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

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Say how many erasures wait for their key, and whose keys are missing or lost; for Prometheus."""
        yield GaugeMetricFamily(
            "tanfidh_person_erasures_pending",
            "Persons whose erasure is recorded and whose key is not destroyed yet",
            value=len(self._pending),
        )
        yield GaugeMetricFamily(
            "tanfidh_person_keys_missing",
            "Persons whose data cannot be opened though nobody erased it",
            value=len(self.watch.missing) if self.watch is not None else 0,
        )
        yield GaugeMetricFamily(
            "tanfidh_person_keys_lost",
            "Persons whose data was recorded anew, and whose data of before cannot be opened",
            value=len(self.watch.lost) if self.watch is not None else 0,
        )

    async def is_pending(self, stream: str) -> bool:
        """Whether the key of an erased person is not known to be destroyed: what the folder says now."""
        vault = self._vault
        if vault is None:
            return True
        try:
            return not await asyncio.to_thread(lambda: vault.is_erased(stream) and not vault.has_key(stream))
        except OSError:
            return True

    async def overview(self) -> dict[str, int]:
        """Tell what an overview says of erasures: how many are recorded and not finished."""
        return {"erasures_pending": len(self._pending)}

    async def _destroy(self, vault: Vault, record: Record) -> None:
        event = record.event
        assert isinstance(event, StaffErased)
        erasure = Erasure(
            owner=record.stream,
            event=str(record.event_id),
            recorded_at=record.recorded_at,
            reason=event.reason.value,
            basis=event.basis,
            effective_at=record.effective_at,
            by=who_erased(event.erased_by, record.about.actor),
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
            turn.get(StaffMember, staff).erase_again(reason, erasure.basis, erasure.by, turn.moment)

        id = uuid5(self._store.log_id, f"erase again {erasure.owner}")
        by = Instruction(id=id, actor=ACTOR, effective_at=erasure.since)
        outcome = await self._store.execute(Command("erase-again", by, decide, ((StaffMember, staff),)))
        if outcome.events:
            log.warning("erasure.recorded-again", staff=staff, first=erasure.event)

    async def _go_through(self, vault: Vault) -> None:
        """Look for keys of erased persons that came back, and for keys that are missing."""
        try:
            await asyncio.to_thread(vault.destroy_again)
            if self.watch is not None:
                await self.watch.look()
        except Exception:
            log.exception("person-keys.not-gone-through")
