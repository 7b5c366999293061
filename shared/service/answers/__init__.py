"""What every service answers alike, described: its overview, log, inboxes, read models and histories."""

from shared.service.answers.history import EventTold, StateTold
from shared.service.answers.inboxes import InboxTold, ParkedEvent, ParkedInFull, ParkedSettled
from shared.service.answers.log import Checkpoint, ConsistencyProof, InclusionProof, LogStanding
from shared.service.answers.overview import Overview
from shared.service.answers.projections import ProjectionTold, RebuildTold

__all__ = [
    "Checkpoint",
    "ConsistencyProof",
    "EventTold",
    "InboxTold",
    "InclusionProof",
    "LogStanding",
    "Overview",
    "ParkedEvent",
    "ParkedInFull",
    "ParkedSettled",
    "ProjectionTold",
    "RebuildTold",
    "StateTold",
]
