"""Whether each of the twelve closing conditions holds, and what it lacks.

Condition 1 is judged from the decree and the measure alone. The others are judged from what is known of the
mission, its people and its handover, and from the accepted evidence of their gate.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.registry.closing import handed_over
from services.registry.closing.facts import ClosingFacts
from services.registry.decree import DecreeState
from services.registry.measure import MeasureState
from services.registry.mission.conditions import (
    CONDITIONS,
    ORDERED_AND_FREE,
    STAFF_SETTLED,
    STATES_SUCCEEDED,
)
from shared.contracts.registry import HOST_NOTIFIED, MissionConditionEvidenced, MissionConditionWaived
from shared.domain import Text

NO_EVIDENCE = Text(
    en="No evidence has been accepted at the gate of this condition.",
    ar="لم يُقبل بعد أي مستند إثبات عند بوابة هذا الشرط.",
)


@dataclass(frozen=True)
class Finding:
    """A condition with everything that it lacks, and who answers for that, if anybody does."""

    condition: int
    title: Text
    missing: tuple[Text, ...]
    waiver: MissionConditionWaived | None = None

    @property
    def holds(self) -> bool:
        """Whether the condition holds."""
        return not self.missing

    def as_json(self) -> dict[str, object]:
        """Render it for answers."""
        told: dict[str, object] = {
            "condition": self.condition,
            "title": self.title.model_dump(),
            "holds": self.holds,
            "missing": [text.model_dump() for text in self.missing],
        }
        if self.waiver is not None:
            told["waived"] = {"by": self.waiver.by, "reference": self.waiver.reference}
        return told


def examine(facts: ClosingFacts) -> tuple[Finding, ...]:
    """Judge every condition, in order of number."""
    waivers = facts.mission.waivers
    return tuple(
        Finding(
            number,
            title,
            tuple(JUDGED[number](facts)) + _lacking_evidence(facts, number),
            waivers.get(number),
        )
        for number, title in CONDITIONS.items()
    )


def _lacking_evidence(facts: ClosingFacts, condition: int) -> tuple[Text, ...]:
    if condition == ORDERED_AND_FREE or condition in facts.mission.evidence:
        return ()
    return (NO_EVIDENCE,)


def _obstacles_in_law(facts: ClosingFacts) -> Iterator[Text]:
    decree, measure = facts.decree, facts.measure
    if decree.state in (DecreeState.UNKNOWN, DecreeState.ISSUED):
        yield Text(en=f"The decree {decree.id} is not in force.", ar=f"القرار {decree.id} غير نافذ.")
    article, open = measure.listed.article, set(decree.holds)
    held = decree.holds_covering(article, measure.id)
    for hold in held if facts.at is None else decree.held_at(facts.at, article, measure.id):
        if hold in open:
            yield Text(
                en=f"The hold {hold} on {decree.id} is open.", ar=f"الإيقاف {hold} على {decree.id} مفتوح."
            )
        else:
            yield Text(
                en=f"The hold {hold} on {decree.id} was in force then.",
                ar=f"كان الإيقاف {hold} على {decree.id} ساريًا حينها.",
            )
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


def _still_posted(facts: ClosingFacts) -> Iterator[Text]:
    for person in facts.present:
        yield Text(
            en=f"{person.id} ({person.category}) is still posted there; {person.authority} decides.",
            ar=f"ما زال {person.id} ({person.category}) موفدًا إليها، والقرار لدى {person.authority}.",
        )


JUDGED: dict[int, Callable[[ClosingFacts], Iterator[Text]]] = {
    ORDERED_AND_FREE: _obstacles_in_law,
    HOST_NOTIFIED: _dates_not_notified,
    STATES_SUCCEEDED: handed_over.states_without_successor,
    4: handed_over.cases_without_owner,
    STAFF_SETTLED: _still_posted,
    6: handed_over.employees_unsettled,
    7: handed_over.archives_unplaced,
    8: handed_over.items_left,
    9: handed_over.premises_undecided,
    10: handed_over.assets_left,
    11: handed_over.commitments_after_stop,
    12: handed_over.signatures_missing,
}
"""What each condition lacks beside the evidence of its gate."""
