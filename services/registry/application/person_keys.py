"""Keys of persons as the use cases need them: off the event loop, and with refusals for what can go wrong."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import structlog

from services.registry.staff import refusals
from shared.contracts.sealed import Token
from shared.domain import stream_of
from shared.eventstore.record import Record
from shared.eventstore.sealing.cipher import PersonKey, SealBroken
from shared.eventstore.sealing.vault import KeyErased, KeyMissing, Vault
from shared.eventstore.sealing.wrapping import VaultUnusable

T = TypeVar("T")

log = structlog.get_logger()


class PersonKeys:
    """The vault of this installation, where it has one. No key outlives the call that asked for it."""

    def __init__(self, vault: Vault | None) -> None:
        self._vault = vault

    def must_be_there(self) -> Vault:
        """Return the vault; refuse where there is none."""
        if self._vault is None:
            raise refusals.PersonalDataNotKept()
        return self._vault

    async def sealing_key(self, staff: str) -> PersonKey:
        """The key with which personal data of a staff member is sealed, made where there is none."""
        vault = self.must_be_there()
        return await self._asked(staff, lambda: vault.sealing_key(stream_of("staff", staff)))

    async def opened(self, record: Record) -> dict[str, str]:
        """Open the personal data of an event, by field."""
        return await self._asked(record.id, self._opening(record))

    async def opened_of_before(self, record: Record) -> dict[str, str] | None:
        """Open personal data that was recorded anew since; None where its key is gone for good."""
        try:
            return await self._asked(record.id, self._opening(record), must_be_there=False)
        except refusals.PersonKeyMissing:
            return None

    def _opening(self, record: Record) -> Callable[[], dict[str, str]]:
        tokens = {field: Token.read(token) for field, token in record.event.sealed().items()}
        vault = self.must_be_there()

        def opened() -> dict[str, str]:
            return {
                field: vault.key_of(token).open(token, record.stream, record.version)
                for field, token in tokens.items()
            }

        return opened

    async def _asked(self, staff: str, ask: Callable[[], T], must_be_there: bool = True) -> T:
        try:
            return await asyncio.to_thread(ask)
        except KeyErased:
            raise refusals.StaffMemberErased(staff=staff) from None
        except KeyMissing as error:
            if must_be_there:
                log.critical("person-key.missing", staff=staff, error=str(error))
            raise refusals.PersonKeyMissing(staff=staff) from error
        except (VaultUnusable, SealBroken, OSError) as error:
            log.critical("person-keys.unusable", staff=staff, error=str(error))
            raise refusals.PersonKeysUnavailable() from error
