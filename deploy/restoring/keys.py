"""What a backup of persons' keys would erase here, judged by what log and audit's copies know."""

from collections.abc import Iterable
from dataclasses import dataclass

from deploy.restoring.erased import filed_erasures
from services.registry.staff import StaffMember
from shared.eventstore.loading import load
from shared.eventstore.sealing.backup import Backup, BackupUnusable
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.vault import Vault
from shared.eventstore.statements import IS_ERASED
from shared.eventstore.stored import StoredLog


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says of a backup: the registry's logs, who is erased there, who is posted."""

    logs: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()
    posted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """What to do with erasures that are not noted here: `unproven` ones need somebody's word, `left` ones are
    left out whatever anybody says."""

    unproven: tuple[Erasure, ...]
    left: tuple[Erasure, ...]


class BackupForeign(BackupUnusable):
    """The backup is not known to be of this installation."""

    def __init__(self) -> None:
        super().__init__(
            "This backup was made by another installation, or names none: its erasures would destroy keys "
            "here. Nothing was changed. If the installation was moved here with its database, say --moved."
        )


async def ask_database(url: str, owners: Iterable[str]) -> Known:
    """Ask the registry's store about persons, by their streams. Raises UnusableStore where there is none."""
    stored = await StoredLog.open("registry", url)
    try:
        owners = list(owners)
        wanted = [(StaffMember, o.partition(".")[2]) for o in owners if o.startswith(f"{StaffMember.kind}.")]
        members = await load(stored.connection, wanted, stored.head)
        filed = {erasure.owner for erasure in await filed_erasures(stored.connection)}
        return Known(
            frozenset(str(span.log_id) for span in stored.lineage.spans),
            frozenset([o for o in owners if o in filed or await stored.connection.fetchval(IS_ERASED, o)]),
            frozenset(o for o, entry in members.items() if _posted(entry.aggregate)),
        )
    finally:
        await stored.close()


def judge(vault: Vault, backup: Backup, known: Known | None, moved: bool) -> KeyPlan:
    """Say what a backup may do here. `known` is None where no database could be asked.

    Nobody who is posted is erased. Where nobody can say who is posted, nobody who has a key here is.

    Raises:
        BackupForeign: it shares no log with this installation, and was not said to be `moved`.
    """
    ours = vault.logs() | (known.logs if known is not None else frozenset())
    if not moved and not (backup.logs & ours) and not (backup.logs and not ours and vault.is_blank()):
        raise BackupForeign
    unproven: list[Erasure] = []
    left: list[Erasure] = []
    for erasure in backup.erasures:
        owner = erasure.owner
        if vault.is_erased(owner) or (known is not None and owner in known.erased):
            continue
        spared = vault.has_key(owner) if known is None else owner in known.posted
        (left if spared else unproven).append(erasure)
    return KeyPlan(tuple(unproven), tuple(left))


def _posted(member: object) -> bool:
    return isinstance(member, StaffMember) and member.mission is not None
