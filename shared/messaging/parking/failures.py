"""Why an event was not taken in, as it is told to everybody and to operators."""

from dataclasses import dataclass

import orjson

from shared.contracts.inbox import Failure
from shared.contracts.text import Text
from shared.domain.refusal import Refusal
from shared.eventstore.codec import UnknownEventType

LONGEST = 1_000
"""Characters of a reason that are kept."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A failure; `detail` is for operators alone: an error may quote what it stumbled over."""

    failure: Failure
    detail: str

    @property
    def of_newer_release(self) -> bool:
        """Whether the event is of a type, or of a schema, that only a newer release knows."""
        return self.failure.code == UnknownEventType.__name__

    def render(self) -> str:
        """Render it for the table of parked events."""
        told = self.failure.model_dump(mode="json") | {"detail": self.detail}
        return orjson.dumps(told).decode()


def failed_by(error: BaseException) -> Failed:
    """Tell a failure. What a refusal tells is for everybody; of any other error that is its name alone."""
    detail = _cut(repr(error))
    if isinstance(error, Refusal):
        told = error.told()
        reason = Text(en=_cut(told.en) if told.en else None, ar=_cut(told.ar) if told.ar else None)
        return Failed(Failure(code=error.slug, reason=reason), detail)
    name = type(error).__name__
    reason = Text(
        en=f"The reaction to it failed ({name}); the log of the service says how.",
        ar=f"فشلت معالجته ({name})، والتفاصيل في سجل تشغيل الخدمة.",
    )
    return Failed(Failure(code=name, reason=reason), detail)


def _cut(words: str) -> str:
    """Keep what can be stored as text, and not all of what is long."""
    storable = words.encode("utf-8", "replace").decode().replace("\0", "�")
    return storable if len(storable) <= LONGEST else f"{storable[:LONGEST]}…"
