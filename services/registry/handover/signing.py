"""The three signatures under the closing minutes, of three distinct people."""

from services.registry.handover import refusals
from services.registry.handover.handover import Handover
from services.registry.mission import Mission
from shared.contracts.registry import HandoverReopened, HandoverSigned, Signatory
from shared.domain import Actor, Moment, Text, acting


def sign(
    handover: Handover,
    mission: Mission,
    signatory: Signatory,
    actor: Actor,
    reference: str,
    moment: Moment,
) -> None:
    """Sign in one capacity; whoever signed in another, or acts for one who did, is refused."""
    mission.must_be_closing()
    if signatory.value in handover.signatures:
        raise refusals.AlreadySigned(
            mission=mission.id, signatory=signatory.value, by=handover.signatures[signatory.value]
        )
    for subject in acting(actor):
        if subject in handover.signatures.values():
            raise refusals.SignedInAnotherCapacity(mission=mission.id, subject=subject)
    moment.must_not_precede(mission.closing_at, mission.id)
    signed = HandoverSigned(
        mission=mission.id,
        signatory=signatory,
        by=actor.on_behalf_of or actor.subject,
        reference=reference,
    )
    handover.record(signed, moment)


def void_signatures(handover: Handover, mission: str, reason: Text, moment: Moment) -> None:
    """Let the signatures count no longer, where there are any."""
    if handover.signatures:
        handover.record(HandoverReopened(mission=mission, reason=reason), moment)
