"""What the registry does when an event of another service arrives."""

from collections.abc import Callable
from typing import Any
from uuid import uuid5

from services.registry.measure import Measure
from services.registry.mission import Mission
from services.registry.mission.conditions import CONDITIONS
from services.registry.mission.evidencing import take_evidence
from shared.contracts.tasks import Evidence, PlanGateSatisfied
from shared.domain import Actor
from shared.eventstore.command import Command, Instruction, Turn
from shared.messaging.received import Received

ACTOR = Actor(subject="service:registry", role="service")


class RegistryReactions:
    """Reactions to the events of `tasks`."""

    def react(self, received: Received) -> Command[Any] | None:
        """Return the command with which the registry answers an event, or None."""
        match received.event:
            case PlanGateSatisfied() as gate if gate.condition in CONDITIONS:
                return _command("note-condition-evidence", received, _note_evidence(gate), gate.mission)
        return None


def _note_evidence(gate: PlanGateSatisfied) -> Callable[[Turn], dict[str, Any]]:
    """Note the evidence where the mission closes by this measure; gates of other measures are not ours.

    What comes of a closing that is over has no meaning any more, also where a later one is under way.
    """

    def decide(turn: Turn) -> dict[str, Any]:
        mission, measure = turn.get(Mission, gate.mission), turn.get(Measure, gate.measure)
        if not (measure.closes_mission and measure.ordered_for(mission.id)):
            return {}
        take_evidence(
            mission,
            gate.measure,
            gate.condition,
            gate.tasks,
            tuple(_reference(document) for document in gate.evidence),
            # The clock of tasks may run a little ahead of ours.
            turn.moment.at_latest_now,
            accepted_for=(gate.public_on, gate.official_on),
        )
        return {}

    return decide


def _reference(document: Evidence) -> str:
    """Name a document by its letter number, where it has one, and by the digest that proves it."""
    letter = "" if document.letter_number is None else f"{document.letter_number}: "
    return f"{letter}{document.document} (sha256 {document.sha256})"


def _command(
    name: str, received: Received, decide: Callable[[Turn], dict[str, Any]], mission: str
) -> Command[dict[str, Any]]:
    by = Instruction(
        id=uuid5(received.event_id, f"registry.{name}"),
        actor=ACTOR,
        effective_at=received.effective_at,
        correlation=received.correlation,
        causation=received.event_id,
        traceparent=received.traceparent,
    )
    return Command(name, by, decide, ((Mission, mission),))
