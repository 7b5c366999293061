"""The three signatures under the closing minutes, of three distinct people who may sign so."""

from services.registry.handover import refusals
from services.registry.handover.anew import REOPENED
from services.registry.handover.handover import Handover
from services.registry.handover.signatories import who_may_sign
from services.registry.mission import Mission
from services.registry.organisation import Organisation
from shared.contracts.registry import HandoverReopened, HandoverSigned, Signatory
from shared.domain import Actor, Moment, Text, acting


def sign(
    handover: Handover,
    mission: Mission,
    organisation: Organisation,
    signatory: Signatory,
    actor: Actor,
    reference: str,
    moment: Moment,
) -> None:
    """Sign in one capacity; whoever signed in another, or had somebody sign for them, is refused.

    The three are distinct as those who act and as those on whose behalf they do (condition 12). A department
    that was not declared to sign for that side at that moment is refused, too. The ledger is signed as it
    stands, so that no signature is of a moment before the last act in it, nor before what voided those that
    were given.
    """
    mission.must_be_closing()
    _check_entitled(organisation, mission, signatory, actor, moment)
    if signatory.value in handover.signatures:
        raise refusals.AlreadySigned(
            mission=mission.id, signatory=signatory.value, by=handover.signatures[signatory.value]
        )
    for subject in acting(actor):
        if subject in handover.signers:
            raise refusals.SignedInAnotherCapacity(mission=mission.id, subject=subject)
    for last in (mission.closing_at, mission.redirected_at, handover.changed_at, handover.reopened_at):
        moment.must_not_precede(last, mission.id)
    signed = HandoverSigned(
        mission=mission.id,
        signatory=signatory,
        by=actor.on_behalf_of or actor.subject,
        deputy=None if actor.on_behalf_of is None else actor.subject,
        reference=reference,
    )
    handover.record(signed, moment)


def void_signatures(handover: Handover, mission: str, reason: Text, moment: Moment) -> None:
    """Let the signatures count no longer, where there are any: from no moment before the last of them."""
    if handover.signatures:
        reopened = HandoverReopened(mission=mission, reason=reason, anew=False)
        handover.record(reopened, _after_the_last(handover, moment))


def begin_anew(handover: Handover, mission: str, moment: Moment) -> None:
    """Let nothing of the ledger count any more, where there is one: the mission was opened again."""
    if handover.exists:
        reopened = HandoverReopened(mission=mission, reason=REOPENED, anew=True)
        handover.record(reopened, _after_the_last(handover, moment))


def _after_the_last(handover: Handover, moment: Moment) -> Moment:
    effective_at = max(moment.effective_at, handover.signed_at or moment.effective_at)
    return Moment(moment.recorded_at, effective_at).at_latest_now


def _check_entitled(
    organisation: Organisation, mission: Mission, signatory: Signatory, actor: Actor, moment: Moment
) -> None:
    """Refuse whoever is not entitled by what was in force at the moment of the signature."""
    entitled = who_may_sign(organisation, mission, signatory, moment.effective_at)
    if entitled.as_head(actor) or actor.department in (entitled.departments or ()):
        return
    if actor.department is not None:
        next_time = organisation.signs_next(actor.department, signatory, moment.effective_at)
        moment.must_not_precede(next_time, actor.department)
    facts = {
        "mission": mission.id,
        "signatory": signatory.value,
        "who": actor.department or actor.subject,
        "head_of": entitled.mission,
        "departments": list(entitled.departments or ()),
    }
    if entitled.departments == ():
        raise refusals.NoDepartmentSigns(**facts)
    raise refusals.NotSignatory(**facts)
