"""From events that arrived to the commands that take them in."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.contracts.event import CATALOGUE
from shared.eventstore.codec import UnknownEventType
from shared.eventstore.command import Command, InboxStep, Turn
from shared.messaging.parking.by_stream import StrandsOf, by_stream
from shared.messaging.parking.failures import Failed, failed_by
from shared.messaging.parking.orders import instruction_of
from shared.messaging.received import Received

Reaction = Callable[[Received], Command[Any] | None]
"""What a service does when another's event arrives; pure, and None where it does nothing."""

Park = Callable[[Received, Failed | None], Command[None]]
"""Makes the command that parks an event: one that failed, or one that waits behind others."""


def of_known_types(react: Reaction) -> Reaction:
    """React to events of the types that this release knows, and fail with `UnknownEventType` on others.

    What a newer release of the source tells may concern a newer release of this service: it is parked, and
    passed over only by a release that knows it and does nothing about it.
    """

    def known(received: Received) -> Command[Any] | None:
        if received.type not in CATALOGUE:
            raise UnknownEventType(f"no event type {received.type!r} is declared in this release")
        return react(received)

    return known


class ReactionFailed(Exception):
    """An event could neither be taken in nor parked; the text says which and why."""

    def __init__(self, received: Received, source: str, cause: BaseException) -> None:
        self.about = {
            "event_id": str(received.event_id),
            "event_position": received.position,
            "correlation": str(received.about.fields.get("correlation")),
        }
        super().__init__(
            f"event {received.event_id} ({received.type}) at position {received.position} "
            f"of {source} cannot be taken in: {cause!r}"
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A command that moves the inbox up to the event that it takes in, or parks.

    `failed` is why it is parked; one that is parked without waits behind others.
    """

    command: Command[Any]
    received: Received
    parks: bool = False
    failed: Failed | None = None


class Plan:
    """The commands for consecutive events of one source; they must be executed in order.

    Events without a reaction are passed over by the next command, or by one that does nothing else. One whose
    reaction fails is parked, and one for which something that is parked has to be taken in first behind that.
    One of a type that this release does not know is no event without a reaction: see `of_known_types`.

    Args:
        service: the one that takes in.
        inbox: the source.
        react: what is to be done about an event.
        park: see `Park`.
        parked: the strands on which something waits.
        strands_of: what has to wait with what.
    """

    def __init__(
        self,
        service: str,
        inbox: str,
        react: Reaction,
        park: Park,
        parked: Container[str],
        strands_of: StrandsOf = by_stream,
    ) -> None:
        self._service = service
        self._inbox = inbox
        self._react = react
        self._park = park
        self._parked = parked
        self._strands_of = strands_of

    def steps(self, after: int, events: Sequence[Received]) -> list[Step]:
        """Plan for the events that follow a position."""
        steps: list[Step] = []
        stands = after
        passed: Received | None = None
        blocked: set[str] = set()
        for received in events:
            try:
                command = self._react(received)
            except Exception as error:
                step = self.parking(stands, received, failed_by(error), blocked)
            else:
                if command is None:
                    passed = received
                    continue
                if self._waits(received, blocked):
                    step = self.parking(stands, received, None, blocked)
                else:
                    step = Step(self._moving(command, stands, received), received)
            steps.append(step)
            stands, passed = received.position, None
        if passed is not None:
            steps.append(Step(self._moving(self._pass_over(passed), stands, passed), passed))
        return steps

    def parking(
        self, after: int, received: Received, failed: Failed | None, blocked: set[str] | None = None
    ) -> Step:
        """Plan to park an event; what follows in the same plan and has to come after it waits behind it."""
        blocked = set() if blocked is None else blocked
        waits = self._waits(received, blocked)
        why = None if waits else failed
        strands = self._strands_of(received)
        blocked.update(strands.held)
        return Step(
            self._moving(self._park(received, why), after, received), received, parks=True, failed=why
        )

    def _waits(self, received: Received, blocked: set[str]) -> bool:
        """Whether something that has to be taken in before it is parked, or is to be by this plan."""
        asked = self._strands_of(received).asked
        return any(strand in blocked or strand in self._parked for strand in asked)

    def _moving(self, command: Command[Any], after: int, received: Received) -> Command[Any]:
        step = InboxStep(self._inbox, after, received.position)
        return replace(command, by=replace(command.by, inbox=step))

    def _pass_over(self, last: Received) -> Command[None]:
        return Command("pass-over", instruction_of(self._service, last, "passed-over"), _nothing)


def _nothing(_: Turn) -> None:
    """Decide nothing: only the inbox moves."""
