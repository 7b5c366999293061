"""Extensions: more time, asked for, and granted or refused by somebody else."""

from services.tasks.extension.extension import Extension, ExtensionState
from services.tasks.extension.refusals import (
    DecidedByOwnDepartment,
    DecidedByRequester,
    ExtensionDecided,
    ExtensionOpen,
    NothingToExtend,
    UntilNotLater,
    UntilTooFar,
)
from services.tasks.extension.span import MOST_MONTHS, day_granted

__all__ = [
    "MOST_MONTHS",
    "DecidedByOwnDepartment",
    "DecidedByRequester",
    "Extension",
    "ExtensionDecided",
    "ExtensionOpen",
    "ExtensionState",
    "NothingToExtend",
    "UntilNotLater",
    "UntilTooFar",
    "day_granted",
]
