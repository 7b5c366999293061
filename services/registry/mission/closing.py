"""Whether a mission may close: each of the twelve conditions, and what it lacks.

Condition 1 is judged from the decree and the measure alone. Conditions 2, 3 and 5 are judged from
facts kept here and from the accepted evidence of their gate. The facts behind the others (cases,
local employees, archives, seals, premises, assets, commitments, signatures) are not kept by the
registry yet: the accepted evidence of their gate satisfies them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from services.registry.decree import Decree, DecreeState
from services.registry.measure import Measure, MeasureState
from services.registry.mission.conditions import (
    CONDITIONS,
    HOST_NOTIFIED,
    ORDERED_AND_FREE,
    STAFF_SETTLED,
    STATES_SUCCEEDED,
)
from services.registry.mission.mission import Mission
from services.registry.mission.refusals import ClosingConditionsUnmet, MissionNotClosing
from services.registry.mission.state import MissionState
from services.registry.reading import Reading
from services.registry.staff import StaffMember
from shared.contracts.registry import MissionConditionEvidenced
from shared.domain import Moment, Text

NO_EVIDENCE = Text(
    en="No evidence has been accepted at the gate of this condition.",
    ar="لم يُقبل بعد أي مستند إثبات عند بوابة هذا الشرط.",
)


@dataclass(frozen=True)
class ClosingFacts:
    """Everything that the decision to close looks at, all read in one command."""

    mission: Mission
    measure: Measure
    decree: Decree
    receiver: Mission | None
    present: tuple[StaffMember, ...]


@dataclass(frozen=True)
class Finding:
    """A condition with everything that it lacks; it holds where nothing is missing."""

    condition: int
    title: Text
    missing: tuple[Text, ...]

    @property
    def holds(self) -> bool:
        """Whether the condition holds."""
        return not self.missing

    def as_json(self) -> dict[str, object]:
        """Render it for answers."""
        return {
            "condition": self.condition,
            "title": self.title.model_dump(),
            "holds": self.holds,
            "missing": [text.model_dump() for text in self.missing],
        }


def gather(reading: Reading, mission: Mission) -> ClosingFacts:
    """Read what the closing of `mission` depends on; refuse where no closing is announced."""
    mission.must_exist()
    closing = mission.closing
    if closing is None:
        raise MissionNotClosing(mission=mission.id, state=mission.state.value)
    return ClosingFacts(
        mission=mission,
        measure=reading.get(Measure, closing.measure),
        decree=reading.get(Decree, closing.decree),
        receiver=None if closing.receiver is None else reading.get(Mission, closing.receiver),
        present=tuple(reading.get(StaffMember, staff) for staff in sorted(mission.posted)),
    )


def examine(facts: ClosingFacts) -> tuple[Finding, ...]:
    """Judge every condition, in order of number."""
    judged = {
        ORDERED_AND_FREE: _obstacles_in_law,
        HOST_NOTIFIED: _dates_not_notified,
        STATES_SUCCEEDED: _no_successor,
        STAFF_SETTLED: _still_posted,
    }
    return tuple(
        Finding(number, title, tuple(judged.get(number, _nothing)(facts)) + _lacking_evidence(facts, number))
        for number, title in CONDITIONS.items()
    )


def close(facts: ClosingFacts, moment: Moment) -> None:
    """Close the mission and execute its measure, or refuse with every condition that does not hold."""
    if facts.mission.state is not MissionState.CLOSING:
        raise MissionNotClosing(mission=facts.mission.id, state=facts.mission.state.value)
    unmet = [finding.as_json() for finding in examine(facts) if not finding.holds]
    if unmet:
        raise ClosingConditionsUnmet(mission=facts.mission.id, unmet=unmet)
    facts.mission.finish_closing(moment)
    facts.measure.execute_by_closing(moment)
    if facts.receiver is not None:
        facts.receiver.absorb(facts.mission, moment)


def _lacking_evidence(facts: ClosingFacts, condition: int) -> tuple[Text, ...]:
    if condition == ORDERED_AND_FREE or condition in facts.mission.evidence:
        return ()
    return (NO_EVIDENCE,)


def _nothing(_facts: ClosingFacts) -> Iterator[Text]:
    yield from ()


def _obstacles_in_law(facts: ClosingFacts) -> Iterator[Text]:
    decree, measure = facts.decree, facts.measure
    if decree.state in (DecreeState.UNKNOWN, DecreeState.ISSUED):
        yield Text(en=f"The decree {decree.id} is not in force.", ar=f"القرار {decree.id} غير نافذ.")
    for hold in decree.holds_covering(measure.listed.article, measure.id):
        yield Text(en=f"The hold {hold} on {decree.id} is open.", ar=f"الإيقاف {hold} على {decree.id} مفتوح.")
    if measure.state not in (MeasureState.ORDERED, MeasureState.EXECUTED):
        yield Text(
            en=f"The measure {measure.id} is {measure.state.value}, not ordered.",
            ar=f"الإجراء {measure.id} حالته {measure.state.value} ولم يؤمر به.",
        )


def _dates_not_notified(facts: ClosingFacts) -> Iterator[Text]:
    dates, note = facts.mission.dates, facts.mission.evidence.get(HOST_NOTIFIED)
    if dates is None:
        yield Text(en="The two closing dates are not set.", ar="لم يحدد تاريخا الإقفال.")
    elif note is not None and not facts.mission.dates_notified:
        en, ar = _dates_of(note)
        yield Text(
            en=f"The note was accepted for {en}; the dates are {dates.public_on} and {dates.official_on}.",
            ar=f"قُبلت المذكرة عن {ar}؛ والتاريخان هما {dates.public_on} و{dates.official_on}.",
        )


def _dates_of(note: MissionConditionEvidenced) -> tuple[str, str]:
    if note.public_on is None or note.official_on is None:
        return "no dates", "غير تاريخ"
    return f"{note.public_on} and {note.official_on}", f"{note.public_on} و{note.official_on}"


def _no_successor(facts: ClosingFacts) -> Iterator[Text]:
    receiver = facts.receiver
    if receiver is not None and receiver.state is not MissionState.OPEN:
        yield Text(
            en=f"The receiving mission {receiver.id} is itself {receiver.state.value}.",
            ar=f"البعثة المستقبلة {receiver.id} نفسها حالتها {receiver.state.value}.",
        )


def _still_posted(facts: ClosingFacts) -> Iterator[Text]:
    for person in facts.present:
        yield Text(
            en=f"{person.id} ({person.category}) is still posted there; {person.authority} decides.",
            ar=f"ما زال {person.id} ({person.category}) موفدًا إليها، والقرار لدى {person.authority}.",
        )
