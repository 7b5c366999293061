"""Meetings: called, held, minuted, and followed up until nothing they decided is open."""

from services.tasks.meeting.following import DecisionState, state_of_decision
from services.tasks.meeting.meeting import Meeting
from services.tasks.meeting.minutes import approve_minutes, return_minutes, write_minutes
from services.tasks.meeting.refusals import (
    DecisionHasTasks,
    DecisionSettled,
    DecisionsOpen,
    HeldBeforeDecree,
    MeetingExists,
    MinutesNotForYou,
    MinutesOfOwnHand,
    MinutesState,
    NoSuchDecision,
    NoSuchItem,
    ParticipantTwice,
    TooManyDecisions,
    WrongMeetingState,
)
from services.tasks.meeting.state import MeetingState
from services.tasks.meeting.terms import Call, Decision

__all__ = [
    "Call",
    "Decision",
    "DecisionHasTasks",
    "DecisionSettled",
    "DecisionState",
    "DecisionsOpen",
    "HeldBeforeDecree",
    "Meeting",
    "MeetingExists",
    "MeetingState",
    "MinutesNotForYou",
    "MinutesOfOwnHand",
    "MinutesState",
    "NoSuchDecision",
    "NoSuchItem",
    "ParticipantTwice",
    "TooManyDecisions",
    "WrongMeetingState",
    "approve_minutes",
    "return_minutes",
    "state_of_decision",
    "write_minutes",
]
