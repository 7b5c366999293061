"""What a backup of persons' keys may bring and erase here, judged by what log, copies and stream know."""

from collections.abc import Container
from dataclasses import dataclass

from shared.eventstore.sealing.backup import Backup, BackupUnusable
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.vault import Vault


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says: the registry's logs, erasures there and in audit's copies, who is posted."""

    logs: frozenset[str] = frozenset()
    erasures: tuple[Erasure, ...] = ()
    posted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What the engines say of a backup. `published` are erasures in the stream, each with its log's id."""

    stored: Stored | None = None
    published: tuple[tuple[str, Erasure], ...] | None = None

    def erasures(self, logs: Container[str]) -> dict[str, Erasure]:
        """Every erasure that the engines know, by its owner; of the stream what one of `logs` published."""
        published = [erasure for log_id, erasure in self.published or () if log_id in logs]
        recorded = self.stored.erasures if self.stored is not None else ()
        return {erasure.owner: erasure for erasure in (*published, *recorded)}


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """What to do with erasures that are not noted here: `known` ones are noted, since the engines know them,
    `unproven` ones need somebody's word, `left` ones are left out whatever anybody says."""

    known: tuple[Erasure, ...]
    unproven: tuple[Erasure, ...]
    left: tuple[Erasure, ...]


class BackupForeign(BackupUnusable):
    """The backup is not known to be of this installation."""

    def __init__(self) -> None:
        super().__init__(
            "This backup was made by another installation, or names none: its erasures would destroy keys "
            "here. Nothing was changed. If the installation was moved here with its database, say --moved."
        )


def judge(vault: Vault, backup: Backup, known: Known, moved: bool) -> KeyPlan:
    """Say what a backup may do here.

    Whom the engines know as erased stays so. By the backup alone nobody who is posted is erased; where no
    database says who is posted, nobody who has a key here is.

    Raises:
        BackupForeign: it shares no log with this installation, and was not said to be `moved`.
    """
    stored = known.stored
    ours = vault.logs() | (stored.logs if stored is not None else frozenset())
    if not moved and not (backup.logs & ours) and not (backup.logs and not ours and vault.is_blank()):
        raise BackupForeign
    told = known.erasures(ours | backup.logs)
    unproven: list[Erasure] = []
    left: list[Erasure] = []
    for erasure in backup.erasures:
        owner = erasure.owner
        if vault.is_erased(owner) or owner in told:
            continue
        spared = vault.has_key(owner) if stored is None else owner in stored.posted
        (left if spared else unproven).append(erasure)
    noted = tuple(erasure for owner, erasure in told.items() if not vault.is_erased(owner))
    return KeyPlan(noted, tuple(unproven), tuple(left))
