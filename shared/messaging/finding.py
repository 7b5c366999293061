"""Finding an event again in the stream of its service, for those who keep only where it is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import nats.errors
from nats.aio.client import Client

from shared.contracts.envelope import SUBJECT_ROOT, subjects_of
from shared.messaging.jetstream import MESSAGE_NOT_FOUND, STREAM_NOT_FOUND, JetStreamRefused
from shared.messaging.received import MalformedMessage, Received
from shared.messaging.tail import ask_message, opened, read_message


class EventMissing(Exception):
    """The stream does not hold the event: it is being filled again, or was restored without it."""


class StreamBehind(nats.errors.Error):
    """The stream does not reach as far as the inbox: it was wiped and is being filled again; an outage."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where an event was found when it came: its type, its stream, its position, its id.

    The name of the type may be `*` where only its kind is known.
    """

    type: str
    stream: str
    position: int
    event_id: UUID

    @property
    def service(self) -> str:
        """The service whose event it is."""
        return self.type.partition(".")[0]

    @property
    def subject(self) -> str:
        """The subject on which it was published."""
        return f"{SUBJECT_ROOT}.{self.service}.{self.stream}.{self.type.rpartition('.')[2]}"


async def find_event(nc: Client, event: Found) -> Received:
    """Read an event again: one question where sequence and position agree, else along its subject.

    Raises:
        EventMissing: the stream has no such event now.
        JetStreamRefused, nats.errors.Error: the stream cannot be asked.
    """
    there = await _read(nc, event.service, {"seq": event.position})
    after = 0
    while there is None or there[1].event_id != event.event_id:
        there = await _read(nc, event.service, {"seq": after + 1, "next_by_subj": event.subject})
        if there is None:
            raise EventMissing(f"{event.event_id} is not on {event.subject}")
        after = there[0]
    return there[1]


async def along(nc: Client, service: str, subject: str) -> AsyncIterator[Received]:
    """Read every event that a stream has on a subject, which may hold `*`; none where there is no stream.

    What is no event of ours is passed over.

    Raises:
        JetStreamRefused, nats.errors.Error: the stream cannot be asked.
    """
    sequence = 0
    while True:
        try:
            asked: dict[str, object] = {"seq": sequence + 1, "next_by_subj": subject}
            sequence, message = await ask_message(nc, service, asked)
            yield opened(message)
        except MalformedMessage:
            continue
        except JetStreamRefused as refused:
            if refused.code in (MESSAGE_NOT_FOUND, STREAM_NOT_FOUND):
                return
            raise


async def newest(nc: Client, service: str, subject: str) -> Received | None:
    """Read the last event that a stream has on a subject, which may hold `*` or end in `>`; None of none.

    Raises:
        MalformedMessage: it is no event of ours.
        JetStreamRefused, nats.errors.Error: the stream cannot be asked.
    """
    try:
        return (await read_message(nc, service, {"last_by_subj": subject}))[1]
    except JetStreamRefused as refused:
        if refused.code == MESSAGE_NOT_FOUND:
            return None
        raise


async def check_reaches(nc: Client, service: str, position: int) -> None:
    """Check that a stream holds whatever it will ever have up to a position.

    Raises:
        StreamBehind: it is being filled again.
        JetStreamRefused, MalformedMessage, nats.errors.Error: it cannot be read.
    """
    last = await newest(nc, service, subjects_of(service))
    if last is None or last.position < position:
        raise StreamBehind(f"the stream of {service} does not reach position {position} yet")


async def _read(nc: Client, service: str, asked: dict[str, object]) -> tuple[int, Received] | None:
    try:
        return await read_message(nc, service, asked)
    except MalformedMessage:
        return None
    except JetStreamRefused as refused:
        if refused.code == MESSAGE_NOT_FOUND:
            return None
        raise
