"""The small vocabulary in which every domain rule is written: aggregates, refusals, moments, texts."""

from shared.contracts.identity import Token, check_token, stream_of
from shared.contracts.text import Text
from shared.domain.actor import Actor
from shared.domain.aggregate import Aggregate, Change
from shared.domain.lifecycle import IllegalStep, Lifecycle, Step
from shared.domain.moment import Moment
from shared.domain.refusal import Conflicting, Forbidden, Invalid, NotFound, Refusal

__all__ = [
    "Actor",
    "Aggregate",
    "Change",
    "Conflicting",
    "Forbidden",
    "IllegalStep",
    "Invalid",
    "Lifecycle",
    "Moment",
    "NotFound",
    "Refusal",
    "Step",
    "Text",
    "Token",
    "check_token",
    "stream_of",
]
