"""The keys of persons and the list of erasures, in a folder of their own.

Not in the database: there the log of changes and every base backup keep what is deleted. All replicas of a
service share the folder. Nothing of it is kept in memory: a key which is destroyed is gone everywhere.
All calls block; each is a few small files.
"""

from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Self

import orjson

from shared.contracts.sealed import Token
from shared.eventstore.sealing.cipher import SECRET_BYTES, PersonKey
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.files import destroy, make
from shared.eventstore.sealing.wrapping import Master, VaultUnusable

FORMAT = 1


class KeyErased(Exception):
    """The person was erased, and the key with them."""


class KeyMissing(Exception):
    """There is no such key, and no erasure of its person is known."""


class Vault:
    """Files ``keys/<owner>.<number>``, each a wrapped key, and ``erased/<owner>``, each an erasure.

    Empty files ``logs/<id>`` name the logs that it was used with: so a backup tells whose keys it holds.

    An owner is a stream. Mostly there is one key, number 1; the newest seals, every one of them opens.
    """

    def __init__(self, folder: Path, master: Master) -> None:
        self._keys, self._erased, self._logs = folder / "keys", folder / "erased", folder / "logs"
        self._master = master

    @classmethod
    def open(cls, folder: Path, master: bytes) -> Self:
        """Make the folder or check it. Raises VaultUnusable."""
        read = Master(master)
        try:
            for part in (folder, folder / "keys", folder / "erased", folder / "logs"):
                part.mkdir(mode=0o700, exist_ok=True)
            mark = {"format": FORMAT, "master": read.mark}
            make(folder / "FORMAT", orjson.dumps(mark))
            told = orjson.loads((folder / "FORMAT").read_bytes())
        except (OSError, ValueError) as error:
            raise VaultUnusable(f"the folder of persons' keys {folder} cannot be used: {error}") from error
        if told.get("format") != FORMAT:
            raise VaultUnusable(f"the folder of persons' keys {folder} has a format that is not known")
        if not read.is_that_of(str(told.get("master"))):
            raise VaultUnusable(f"the keys in {folder} were made under another master key than the given one")
        return cls(folder, read)

    def belongs_to(self, log_id: str) -> None:
        """Note a log whose personal data is under these keys."""
        make(self._logs / log_id, b"")

    def logs(self) -> frozenset[str]:
        """The ids of all logs that it was ever used with, before and after restores."""
        return frozenset(file.name for file in self._logs.iterdir() if not file.name.startswith("."))

    def is_blank(self) -> bool:
        """Whether nothing was ever kept here."""
        return not any(any(folder.iterdir()) for folder in (self._keys, self._erased, self._logs))

    def sealing_key(self, owner: str) -> PersonKey:
        """The key to seal with, made where there is none. Raises KeyErased, KeyMissing, VaultUnusable."""
        self._check_not_erased(owner)
        if not self._files_of(owner):
            drawn = PersonKey(token_hex(16), owner, token_bytes(SECRET_BYTES))
            make(self._place(owner, 1), self._master.wrap(drawn))  # of several replicas one makes it
        files = self._files_of(owner)
        key = self._read(files[-1], owner) if files else None
        self._check_not_erased(owner)  # whoever erased in between may have seen no key yet
        if key is None:
            raise KeyMissing(f"the key of {owner} was taken away while it was made")
        return key

    def key_of(self, token: Token) -> PersonKey:
        """The key that opens a token. Raises KeyErased, KeyMissing, VaultUnusable."""
        owner = token.origin.stream
        self._check_not_erased(owner)
        for file in self._files_of(owner):
            key = self._read(file, owner)
            if key is not None and key.id == token.key:
                return key
        self._check_not_erased(owner)
        raise KeyMissing(f"the key {token.key} of {owner} is missing, and no erasure of {owner} is known")

    def add(self, key: PersonKey) -> bool:
        """Keep a key beside those of its owner; return False where it is there already. Raises KeyErased."""
        self._check_not_erased(key.owner)
        number = 1
        while not make(self._place(key.owner, number), self._master.wrap(key)):
            there = self._read(self._place(key.owner, number), key.owner)
            if there is not None and there.id == key.id:
                return False
            number += 1
        self._check_not_erased(key.owner)
        return True

    def every_key(self) -> list[PersonKey]:
        """Every key."""
        found = []
        for file in sorted(self._keys.iterdir()):
            owner, _, number = file.name.rpartition(".")
            if owner and number.isdecimal():
                key = self._read(file, owner)
                if key is not None:
                    found.append(key)
        return found

    def erase(self, erasure: Erasure) -> int:
        """Note an erasure for ever, then destroy the keys; return how many. Again changes nothing."""
        if not self.is_erased(erasure.owner):
            make(self._erased / erasure.owner, erasure.as_bytes())
        # The last first: where it breaks off, those that are left are still numbered without a gap.
        return sum(destroy(file) for file in reversed(self._files_of(erasure.owner)))

    def has_key(self, owner: str) -> bool:
        """Whether there is a key of the owner, readable or not."""
        return bool(self._files_of(owner))

    def destroy_again(self) -> int:
        """Destroy keys of erased persons that came back, or were left when erasing broke off; count them."""
        erased = {file.name for file in self._erased.iterdir()}
        return sum(destroy(file) for file in self._keys.iterdir() if file.name.rpartition(".")[0] in erased)

    def is_erased(self, owner: str) -> bool:
        """Whether an erasure of the owner is noted here."""
        return (self._erased / owner).exists()

    def erasures(self) -> list[Erasure]:
        """Every erasure that is noted. Raises VaultUnusable."""
        found = []
        for file in sorted(self._erased.iterdir()):
            if not file.name.startswith("."):
                try:
                    found.append(Erasure.of_bytes(file.read_bytes()))
                except ValueError as error:
                    raise VaultUnusable(f"the noted erasure {file.name} cannot be read") from error
        return found

    def _check_not_erased(self, owner: str) -> None:
        if self.is_erased(owner):
            raise KeyErased(owner)

    def _place(self, owner: str, number: int) -> Path:
        return self._keys / f"{owner}.{number}"

    def _files_of(self, owner: str) -> list[Path]:
        number, files = 1, []
        while (file := self._place(owner, number)).exists():
            files.append(file)
            number += 1
        return files

    def _read(self, file: Path, owner: str) -> PersonKey | None:
        try:
            return self._master.unwrap(file.read_bytes(), owner)
        except FileNotFoundError:
            return None
        except VaultUnusable:
            self._check_not_erased(owner)  # it may be overwritten at this moment
            raise
