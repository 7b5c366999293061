"""Extensions: more time, asked for, and granted or refused by somebody else."""

from services.tasks.extension.extension import Extension, ExtensionState
from services.tasks.extension.refusals import (
    DecidedByRequester,
    ExtensionDecided,
    ExtensionOpen,
    NothingToExtend,
    UntilNotLater,
)

__all__ = [
    "DecidedByRequester",
    "Extension",
    "ExtensionDecided",
    "ExtensionOpen",
    "ExtensionState",
    "NothingToExtend",
    "UntilNotLater",
]
