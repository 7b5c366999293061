"""Premises, assets and commitments of a closing mission."""

from datetime import date

from services.registry.decree import Decree
from services.registry.handover import refusals
from services.registry.handover.entering import enter
from services.registry.handover.handover import Handover
from services.registry.mission import Mission
from services.registry.reading import Reading
from shared.contracts.registry import (
    Disposal,
    Disposition,
    HandoverAssetsCounted,
    HandoverAssetsDisposed,
    HandoverCommitmentEnded,
    HandoverCommitmentEntered,
    HandoverPremisesDisposed,
    HandoverPremisesListed,
    HandoverStopDateSet,
)
from shared.domain import Moment, Text


def list_premises(
    handover: Handover, mission: Mission, premises: str, title: Text, leased: bool, moment: Moment
) -> None:
    """Enter premises; again they change nothing."""
    mission.must_exist()
    if premises not in handover.premises:
        enter(
            handover,
            mission,
            HandoverPremisesListed(mission=mission.id, premises=premises, title=title, leased=leased),
            moment,
        )


def dispose_premises(
    handover: Handover,
    mission: Mission,
    premises: str,
    disposition: Disposition,
    custodian: str,
    reference: str,
    moment: Moment,
) -> None:
    """Say what becomes of premises and who looks after them; a later decision replaces an earlier one."""
    if premises not in handover.premises:
        raise refusals.NotListed(mission=mission.id, what=premises)
    if handover.premises[premises].leased and disposition is Disposition.SOLD:
        raise refusals.LeasedNotSold(premises=premises)
    disposed = HandoverPremisesDisposed(
        mission=mission.id,
        premises=premises,
        disposition=disposition,
        custodian=custodian,
        reference=reference,
    )
    enter(handover, mission, disposed, moment)


def count_assets(handover: Handover, mission: Mission, category: str, quantity: int, moment: Moment) -> None:
    """Enter how many assets the inventory shows; once, since after that only disposals count."""
    mission.must_exist()
    known = handover.assets.get(category)
    if known is None:
        enter(
            handover,
            mission,
            HandoverAssetsCounted(mission=mission.id, category=category, quantity=quantity),
            moment,
        )
    elif known != quantity:
        raise refusals.AlreadyCounted(what=category, left=known)


def dispose_assets(
    handover: Handover,
    mission: Mission,
    category: str,
    quantity: int,
    disposal: Disposal,
    reference: str,
    moment: Moment,
) -> None:
    """Give assets a fate; not more than are without one."""
    left = handover.assets.get(category)
    if left is None:
        raise refusals.NotListed(mission=mission.id, what=category)
    if quantity > left:
        raise refusals.MoreThanThere(what=category, given=quantity, left=left)
    disposed = HandoverAssetsDisposed(
        mission=mission.id,
        category=category,
        quantity=quantity,
        disposal=disposal,
        reference=reference,
        left=left - quantity,
    )
    enter(handover, mission, disposed, moment)


def set_stop_date(reading: Reading, handover: Handover, mission: Mission, on: date, moment: Moment) -> None:
    """Set the day after which the mission commits itself to nothing; a later decision takes its place."""
    mission.must_exist()
    if handover.stop_date != on:
        _check_within_closing(reading, mission, on)
        enter(handover, mission, HandoverStopDateSet(mission=mission.id, on=on), moment)


def enter_commitment(
    handover: Handover, mission: Mission, commitment: str, title: Text, until: date, moment: Moment
) -> None:
    """Enter a commitment of the mission; one key is one commitment."""
    mission.must_exist()
    known = handover.commitments.get(commitment)
    if known is None:
        enter(
            handover,
            mission,
            HandoverCommitmentEntered(mission=mission.id, commitment=commitment, title=title, until=until),
            moment,
        )
    elif known.until != until:
        raise refusals.CommitmentKnown(commitment=commitment, until=known.until.isoformat())


def end_commitment(
    handover: Handover,
    mission: Mission,
    commitment: str,
    until: date,
    reference: str,
    moment: Moment,
) -> None:
    """Let a commitment end earlier than it would."""
    known = handover.commitments.get(commitment)
    if known is None:
        raise refusals.NotListed(mission=mission.id, what=commitment)
    if until > known.until:
        raise refusals.CommitmentKnown(commitment=commitment, until=known.until.isoformat())
    ended = HandoverCommitmentEnded(
        mission=mission.id, commitment=commitment, until=until, reference=reference
    )
    enter(handover, mission, ended, moment)


def _check_within_closing(reading: Reading, mission: Mission, on: date) -> None:
    """Refuse a stop date before the decree that closes the mission, or after the official closing."""
    closing, dates = mission.closing, mission.dates
    if closing is None:
        return
    decree = reading.get(Decree, closing.decree)
    assert decree.issued is not None, "a mission closes by a decree that was issued"
    announced_on = decree.issued.announced_on
    if on < announced_on:
        raise refusals.StopBeforeDecree(
            mission=mission.id, on=on.isoformat(), decree=decree.id, announced_on=announced_on.isoformat()
        )
    if dates is not None and on > dates.official_on:
        raise refusals.StopAfterClosing(
            mission=mission.id, on=on.isoformat(), official_on=dates.official_on.isoformat()
        )
