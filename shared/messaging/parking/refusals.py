"""What the rules about parked events refuse."""

from uuid import UUID

from shared.contracts.text import Text
from shared.domain.refusal import Conflicting, Refusal


class NotParked(Refusal):
    """No event of that position is parked."""

    slug = "not-parked"
    status = 404
    title = Text(en="Not parked", ar="ليس موقوفًا")
    detail = Text(
        en="No event at position {position} of {source} is parked: it was taken in or skipped, or never was.",
        ar="لا يوجد حدث موقوف في الموضع {position} من {source}: إما أنه عولج أو تُخطّي أو لم يوقف قط.",
    )


class ParkedEventGone(Conflicting):
    """It is parked by the log, and what it was is not stored any more."""

    slug = "parked-event-gone"
    title = Text(en="What is parked is gone", ar="الحدث الموقوف مفقود")
    detail = Text(
        en="The event at position {position} of {source} is parked, and its row is gone from the database: "
        "put it back from a backup, or skip the event.",
        ar="الحدث في الموضع {position} من {source} موقوف، وقد فُقد صفه من قاعدة البيانات: "
        "أعده من نسخة احتياطية أو تخطَّ الحدث.",
    )


class NotFirst(Conflicting):
    """Another event of its queue waits before it: of the same stream, or of one on which it rests."""

    slug = "not-first-of-its-stream"
    title = Text(en="Another event waits before it", ar="حدث آخر ينتظر قبله")
    detail = Text(
        en="The event at position {position} of {source} waits behind the one at {first}, of the stream "
        "{stream}: retry or skip that one first.",
        ar="الحدث في الموضع {position} من {source} ينتظر خلف الحدث في الموضع {first} من السلسلة "
        "{stream}: أعد محاولة ذلك الحدث أو تخطَّه أولًا.",
    )


class AlreadyParked(Conflicting):
    """An event of an older log of the source still waits under the same position."""

    slug = "already-parked"
    title = Text(en="The position is taken", ar="الموضع مشغول")
    detail = Text(
        en="At position {position} of {source} an event of the log {log} is parked: retry or skip it first.",
        ar="يوجد في الموضع {position} من {source} حدث موقوف من السجل {log}: أعد محاولته أو تخطَّه.",
    )


class NotBehind(Exception):
    """An event was to wait behind others, and none of them waits any more."""


BY_HAND = "the database was changed by hand"


class NotAsParked(Exception):
    """What is stored of a parked event is gone, or is not what was parked, or nothing proves that it is.

    It is no refusal: nothing that the event needs is missing, and to try it again changes nothing.
    """

    def __init__(
        self, source: str, position: int, stream: str = "", event: UUID | None = None,
        how: str = f"not the one in inbox_parked: {BY_HAND}",
    ) -> None:  # fmt: skip
        self.position, self.stream, self.event = position, stream, event
        where = f"position {position} of {source}"
        said = f"the event {event} of {stream} that was parked, {where}, is {how}"
        if event is None:
            said = f"there is an event in inbox_parked that was never parked or has left, {where}: {BY_HAND}"
        super().__init__(said)

    @classmethod
    def gone(cls, source: str, position: int, stream: str, event: UUID) -> "NotAsParked":
        """Say so of what is parked and stored nowhere."""
        return cls(source, position, stream, event, f"gone from inbox_parked: {BY_HAND}")

    @classmethod
    def given_up(cls, source: str, position: int, stream: str, event: UUID) -> "NotAsParked":
        """Say so of what would wait for a person though no attempt was the last one."""
        how = f"given up in inbox_parked and not in the log: {BY_HAND}"
        return cls(source, position, stream, event, how)

    @classmethod
    def lost(cls, source: str, position: int, stream: str, event: UUID) -> "NotAsParked":
        """Say so of what was parked before leaves were told, where the source has it no more."""
        how = f"not in the stream of {source}: nothing proves that the one in inbox_parked is it"
        return cls(source, position, stream, event, how)

    @classmethod
    def never(cls, source: str, position: int) -> "NotAsParked":
        """Say so of what is stored though nothing is parked there."""
        return cls(source, position)
