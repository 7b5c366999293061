"""Archives, placed or destroyed before witnesses, and accountable items, which are counted to zero."""

from services.registry.handover import refusals
from services.registry.handover.entering import enter
from services.registry.handover.handover import Handover
from services.registry.mission import Mission
from shared.contracts.registry import (
    Disposal,
    HandoverArchiveDestroyed,
    HandoverArchiveListed,
    HandoverArchivePlaced,
    HandoverArchiveReleased,
    HandoverItemsCounted,
    HandoverItemsDisposed,
    ItemKind,
)
from shared.domain import Actor, Moment, Text, acting

OF_ITEMS = (Disposal.RETURNED, Disposal.TRANSFERRED, Disposal.DESTROYED)
"""What may become of seals, blank documents and crypto material: they are neither sold nor written off."""


def list_archive(
    handover: Handover, mission: Mission, item: str, title: Text, held: bool, moment: Moment
) -> None:
    """Enter a unit of the archives, or that it is held; one that is gone is not entered again.

    Whoever keeps the ledger would destroy what is held in two steps if an entry could end a hold. Nor does
    a reopening of the mission end it, after which the unit is entered anew.
    """
    mission.must_exist()
    known = handover.archives.get(item)
    if known is not None and (known.placed or known.destroyed):
        raise refusals.AlreadySettled(what=item)
    stands = known or handover.bound.get(item)
    if stands is not None and stands.held and not held:
        raise refusals.OversightReleases(item=item)
    if known is None or known.held != held:
        enter(
            handover,
            mission,
            HandoverArchiveListed(mission=mission.id, item=item, title=title, held=held),
            moment,
        )


def release_archive(
    handover: Handover, mission: Mission, item: str, reference: str, actor: Actor, moment: Moment
) -> None:
    """Let a unit of the archives be held no longer; for oversight alone."""
    _check_there(handover, mission, item)
    if not handover.archives[item].held:
        raise refusals.NotHeld(item=item)
    released = HandoverArchiveReleased(mission=mission.id, item=item, by=acting(actor), reference=reference)
    enter(handover, mission, released, moment)


def place_archive(
    handover: Handover, mission: Mission, item: str, place: str, reference: str, moment: Moment
) -> None:
    """Place a unit of the archives where it is kept."""
    _check_there(handover, mission, item)
    placed = HandoverArchivePlaced(mission=mission.id, item=item, place=place, reference=reference)
    enter(handover, mission, placed, moment)


def destroy_archive(
    handover: Handover,
    mission: Mission,
    item: str,
    witnesses: tuple[str, str],
    reference: str,
    moment: Moment,
) -> None:
    """Destroy a unit of the archives before two people, who did not release it; never one that is held."""
    _check_there(handover, mission, item)
    unit = handover.archives[item]
    if unit.held:
        raise refusals.HeldFromDestruction(item=item)
    if witnesses[0] == witnesses[1]:
        raise refusals.TwoWitnesses(item=item)
    for witness in witnesses:
        if witness in unit.released_by:
            raise refusals.ReleasedByWitness(item=item, witness=witness)
    destroyed = HandoverArchiveDestroyed(
        mission=mission.id, item=item, witnesses=witnesses, reference=reference
    )
    enter(handover, mission, destroyed, moment)


def count_items(
    handover: Handover, mission: Mission, item: str, kind: ItemKind, quantity: int, moment: Moment
) -> None:
    """Enter how many accountable items the register shows; once, since after that only disposals count."""
    mission.must_exist()
    known = handover.items.get(item)
    if known is not None:
        if (known.kind, known.left) == (kind, quantity):
            return
        raise refusals.AlreadyCounted(what=item, left=known.left)
    counted = HandoverItemsCounted(mission=mission.id, item=item, item_kind=kind, quantity=quantity)
    enter(handover, mission, counted, moment)


def dispose_items(
    handover: Handover,
    mission: Mission,
    item: str,
    quantity: int,
    disposal: Disposal,
    reference: str,
    moment: Moment,
) -> None:
    """Return, transfer or destroy accountable items; not more than are there."""
    known = handover.items.get(item)
    if known is None:
        raise refusals.NotListed(mission=mission.id, what=item)
    if disposal not in OF_ITEMS:
        raise refusals.NotForItems(what=item, disposal=disposal.value)
    if quantity > known.left:
        raise refusals.MoreThanThere(what=item, given=quantity, left=known.left)
    disposed = HandoverItemsDisposed(
        mission=mission.id,
        item=item,
        quantity=quantity,
        disposal=disposal,
        reference=reference,
        left=known.left - quantity,
    )
    enter(handover, mission, disposed, moment)


def _check_there(handover: Handover, mission: Mission, item: str) -> None:
    known = handover.archives.get(item)
    if known is None:
        raise refusals.NotListed(mission=mission.id, what=item)
    if known.placed or known.destroyed:
        raise refusals.AlreadySettled(what=item)
