"""Whose personal data can still be opened: looked at all the time, so many persons at once."""

import asyncio
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

import structlog

from shared.contracts.sealed import Token
from shared.eventstore.sealing.vault import KeyErased, KeyMissing, Vault
from shared.eventstore.sealing.wrapping import VaultUnusable
from shared.eventstore.store import EventStore

AT_ONCE = 1_000
"""Persons whose keys are looked for in one look: some small files each. All have their turn, one after the
other, so that a look costs the same however many there are."""

log = structlog.get_logger()


class _Found(Enum):
    OPENS = "opens"
    MISSING = "missing"
    """The newest data of the person cannot be opened."""
    LOST = "lost"
    """It opens, and older data of the person does not: it was recorded anew under another key."""
    ERASED = "erased"


@dataclass(slots=True)
class _Person:
    """A token for each key that data of a person is under; `newest` is that of the last event."""

    newest: Token
    tokens: dict[str, Token] = field(default_factory=dict)


class KeyWatch:
    """Knows which keys are missing, and which data is lost, though nobody erased it.

    What it keeps of a person are tokens, one for each key; they open nothing without the key.
    """

    def __init__(self, store: EventStore, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._upto = 0
        self._persons: dict[str, _Person] = {}
        self._turn = 0
        self.missing: frozenset[str] = frozenset()
        """Streams of persons whose newest data cannot be opened."""
        self.lost: frozenset[str] = frozenset()
        """Streams of persons whose newest data opens, and some older data does not."""

    async def look(self) -> None:
        """Take in what was recorded since, and look for the keys of the persons whose turn it is.

        Whoever was found missing is looked at each time, so that an alarm ends soon after its cause.
        """
        changed = await self._take_in()
        streams = list(self._persons)
        turn = self._turn % len(streams) if streams else 0
        due = dict.fromkeys([*self.missing, *changed, *islice(streams, turn, turn + AT_ONCE)])
        self._turn = turn + AT_ONCE if turn + AT_ONCE < len(streams) else 0
        looked = {stream: person for stream in due if (person := self._persons.get(stream)) is not None}
        found = await asyncio.to_thread(_find, self._vault, looked)
        for stream, what in found.items():
            if what is _Found.ERASED:
                del self._persons[stream]
        self.missing = self._now(self.missing, found, _Found.MISSING)
        self.lost = self._now(self.lost, found, _Found.LOST)

    async def _take_in(self) -> list[str]:
        changed = []
        while records := await self._store.sealed(self._upto):
            for record in records:
                for text in record.event.sealed().values():
                    token = Token.read(text)
                    person = self._persons.setdefault(record.stream, _Person(token))
                    person.newest = person.tokens.setdefault(token.key, token)
                changed.append(record.stream)
            self._upto = records[-1].position
        return changed if len(changed) <= AT_ONCE else []

    def _now(self, before: frozenset[str], found: dict[str, _Found], what: _Found) -> frozenset[str]:
        now = frozenset(stream for stream, each in found.items() if each is what)
        new = sorted(now - before)
        if new and what is _Found.MISSING:
            log.critical("person-keys.missing", persons=new, mend="tanfidh keys restore")
        elif new:
            log.warning("person-keys.lost", persons=new)
        return now | (before - found.keys())


def _find(vault: Vault, persons: dict[str, _Person]) -> dict[str, _Found]:
    return {stream: _look_for(vault, person) for stream, person in persons.items()}


def _look_for(vault: Vault, person: _Person) -> _Found:
    try:
        if not _opens(vault, person.newest):
            return _Found.MISSING
        return _Found.OPENS if all(_opens(vault, t) for t in person.tokens.values()) else _Found.LOST
    except KeyErased:
        return _Found.ERASED


def _opens(vault: Vault, token: Token) -> bool:
    try:
        vault.key_of(token)
    except (KeyMissing, VaultUnusable, OSError):
        return False
    return True
