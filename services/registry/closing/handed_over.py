"""What a handover still lacks, by closing condition: 3, 4 and 6 to 12."""

from collections.abc import Iterator

from services.registry.closing.facts import ClosingFacts
from services.registry.handover.signatories import SIDES, who_may_sign
from services.registry.mission import MissionState
from shared.contracts.registry import MissionKind
from shared.domain import Text

CONSULAR = (MissionKind.CONSULATE_GENERAL, MissionKind.CONSULATE)
"""Missions that are there for their district: without one they would be nothing."""


def states_without_successor(facts: ClosingFacts) -> Iterator[Text]:
    """Condition 3: a State that nobody answers for, or whose successor is not open."""
    for state in facts.mission.states:
        heir = facts.heirs.get(state)
        if heir is not None and heir.state is not MissionState.OPEN:
            yield Text(
                en=f"The mission {heir.id}, which is to answer for {state}, is itself {heir.state.value}.",
                ar=f"البعثة {heir.id} التي تخلفها لدى {state} حالتها هي نفسها {heir.state.value}.",
            )
        elif heir is None and state not in facts.handover.states:
            yield Text(
                en=f"{state} has no successor, no protecting power and no decision for a gap.",
                ar=f"ليس لدولة {state} بعثة خلف ولا دولة حامية ولا قرار بالفراغ.",
            )


def cases_without_owner(facts: ClosingFacts) -> Iterator[Text]:
    """Condition 4: a district that nobody took over, open cases without an owner."""
    if facts.mission.mission_kind in CONSULAR and facts.handover.district is None:
        yield Text(en="The consular district is not transferred.", ar="لم تُنقل دائرة الاختصاص القنصلية.")
    for group, cases in sorted(facts.handover.cases.items()):
        if not cases.unowned:
            continue
        yield Text(
            en=f"{cases.unowned} open cases of {group} have no owner.",
            ar=f"عدد {cases.unowned} من الملفات المفتوحة ({group}) بلا جهة تتولاها.",
        )


def employees_unsettled(facts: ClosingFacts) -> Iterator[Text]:
    """Condition 6: a local employee without notice, or neither settled with nor with a recorded claim."""
    for id, employee in sorted(facts.handover.employees.items()):
        if not employee.notified:
            yield Text(en=f"The local employee {id} was not notified.", ar=f"لم يُخطر المستخدم المحلي {id}.")
        elif not (employee.settled or employee.claimed):
            yield Text(
                en=f"The local employee {id} is not settled with, and no claim is recorded.",
                ar=f"لم تُسوَّ حقوق المستخدم المحلي {id} ولم تُسجل مطالبة.",
            )


def archives_unplaced(facts: ClosingFacts) -> Iterator[Text]:
    """Condition 7: a unit of the archives that is neither placed nor destroyed before witnesses."""
    for id, unit in sorted(facts.handover.archives.items()):
        if not (unit.placed or unit.destroyed):
            held = " It is held from destruction." if unit.held else ""
            held_ar = " وهي موقوف إتلافها." if unit.held else ""
            yield Text(
                en=f"The archive unit {id} is neither placed nor destroyed.{held}",
                ar=f"وحدة المحفوظات {id} لم تُحفظ ولم تُتلف.{held_ar}",
            )


def items_left(facts: ClosingFacts) -> Iterator[Text]:
    """Condition 8: seals, blank documents or crypto material that do not balance to zero."""
    for id, items in sorted(facts.handover.items.items()):
        if not items.left:
            continue
        yield Text(
            en=f"{items.left} of {id} ({items.kind.value}) are not accounted for.",
            ar=f"عدد {items.left} من {id} ({items.kind.value}) لم يُحاسب عليه.",
        )


def premises_undecided(facts: ClosingFacts) -> Iterator[Text]:
    """Condition 9: premises without a disposition and a custodian."""
    for id, premises in sorted(facts.handover.premises.items()):
        if premises.disposition is None or premises.custodian is None:
            yield Text(
                en=f"The premises {id} have no disposition and no custodian.",
                ar=f"ليس للمقر {id} مآل ولا أمين عهدة.",
            )


def assets_left(facts: ClosingFacts) -> Iterator[Text]:
    """Condition 10: assets without a fate."""
    for category, left in sorted(facts.handover.assets.items()):
        if left:
            yield Text(
                en=f"{left} assets of {category} have no fate.",
                ar=f"عدد {left} من الأصول ({category}) بلا مآل.",
            )


def commitments_after_stop(facts: ClosingFacts) -> Iterator[Text]:
    """Condition 11: commitments without a stop date, or dated after it; a stop date after the closing."""
    commitments, stop, dates = facts.handover.commitments, facts.handover.stop_date, facts.mission.dates
    if stop is not None and dates is not None and stop > dates.official_on:
        yield Text(
            en=f"The stop date {stop} is after the official closing on {dates.official_on}.",
            ar=f"تاريخ إيقاف الالتزامات {stop} يلي الإقفال الرسمي في {dates.official_on}.",
        )
    if commitments and stop is None:
        yield Text(en="The stop date of commitments is not set.", ar="لم يحدد تاريخ إيقاف الالتزامات.")
        return
    for id, commitment in sorted(commitments.items()):
        if stop is not None and commitment.until > stop:
            yield Text(
                en=f"The commitment {id} lasts until {commitment.until}, after the stop date {stop}.",
                ar=f"الالتزام {id} يستمر إلى {commitment.until} بعد تاريخ الإيقاف {stop}.",
            )


def signatures_missing(facts: ClosingFacts) -> Iterator[Text]:
    """Condition 12: a side for which nobody has signed, and who can."""
    for signatory, side in SIDES.items():
        if signatory.value not in facts.handover.signatures:
            may = who_may_sign(facts.organisation, facts.mission, signatory).told()
            yield Text(
                en=f"Nobody has signed for {side.en}. {may.en}", ar=f"لم يوقّع أحد عن {side.ar}. {may.ar}"
            )
