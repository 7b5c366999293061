"""What a handover keeps of each thing that is handed over."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.registry import Disposition, ItemKind, Succession


@dataclass(frozen=True, slots=True)
class StateSettled:
    """What becomes of the representation in a State."""

    succession: Succession
    successor: str | None
    power: str | None
    reference: str


@dataclass(frozen=True, slots=True)
class Cases:
    """Open cases of a group, and how many of them have an owner."""

    open: int
    owned: int = 0

    @property
    def unowned(self) -> int:
        """Cases that nobody looks after when the mission is gone."""
        return self.open - self.owned


@dataclass(frozen=True, slots=True)
class Employee:
    """What a local employee got in writing."""

    notified: bool = False
    settled: bool = False
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveUnit:
    """A unit of the archives; `held` says that it must not be destroyed, `released_by` who once let it be."""

    held: bool
    placed: bool = False
    destroyed: bool = False
    released_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """Accountable items under one key, and how many are still there."""

    kind: ItemKind
    left: int


@dataclass(frozen=True, slots=True)
class Premises:
    """Premises, and what becomes of them."""

    leased: bool = False
    disposition: Disposition | None = None
    custodian: str | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something that the mission owes or gets until a day."""

    until: date
