"""The minutes: approved by the chair, or who stands in for the chair, and never by whoever wrote them."""

from services.tasks.meeting.meeting import Meeting
from services.tasks.meeting.refusals import MinutesNotForYou, MinutesOfOwnHand, MinutesState
from services.tasks.meeting.state import MeetingState
from services.tasks.moments import must_follow
from shared.contracts import tasks as said
from shared.domain import Actor, Moment, acting


def write_minutes(meeting: Meeting, minutes: said.Evidence, actor: Actor, moment: Moment) -> None:
    """Enter the document of the minutes; a later one takes the place of one that is not approved."""
    meeting.must_be(MeetingState.HELD)
    meeting.must_follow_holding(moment)
    written = said.MeetingMinutesWritten(
        **meeting.about(actor), minutes=minutes, written_at=moment.effective_at
    )
    meeting.record(written, moment)


def return_minutes(meeting: Meeting, reason: str, actor: Actor, moment: Moment) -> None:
    """Return the minutes to whoever wrote them; for whoever may approve them."""
    _waiting_for(meeting, actor)
    must_follow(moment, meeting.held_at, meeting.written_at)
    meeting.record(said.MeetingMinutesReturned(**meeting.about(actor), reason=reason), moment)


def approve_minutes(meeting: Meeting, actor: Actor, moment: Moment) -> None:
    """Approve the minutes, as the chair or in the chair's place, and never as who wrote them."""
    minutes = _waiting_for(meeting, actor)
    must_follow(moment, meeting.held_at, meeting.written_at)
    minuted = said.MeetingMinuted(
        **meeting.about(actor),
        minutes=minutes,
        written_by=meeting.written_by,
        decisions=tuple(one.decision for one in meeting.decisions),
    )
    meeting.record(minuted, moment)


def _waiting_for(meeting: Meeting, actor: Actor) -> said.Evidence:
    """The minutes that wait, where the actor is who approves them."""
    meeting.must_be(MeetingState.HELD)
    if meeting.minutes is None:
        raise MinutesState(meeting=meeting.id)
    chair, deputy = meeting.chaired_by, meeting.terms.deputy
    if not any(_is(one, actor) for one in (chair, deputy) if one is not None):
        raise MinutesNotForYou(meeting=meeting.id, subject=actor.subject, chair=str(chair))
    for subject in acting(actor):
        if subject in meeting.written_by:
            raise MinutesOfOwnHand(meeting=meeting.id, subject=subject)
    return meeting.minutes


def _is(participant: said.Participant, actor: Actor) -> bool:
    """Whether somebody acts as a participant: as the subject where one is named, else for the department.

    A role alone is an office that no token proves, so it makes nobody the chair.
    """
    if participant.subject is not None:
        return participant.subject in acting(actor)
    return participant.department is not None and participant.department == actor.department
