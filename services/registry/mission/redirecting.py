"""What an amendment does to a closing that has begun: another receiver, or no closing at all."""

from services.registry.mission.conditions import OF_RECEIVER
from services.registry.mission.mission import Mission
from services.registry.mission.state import MissionState
from shared.contracts.registry import (
    HOST_NOTIFIED,
    Irreversible,
    MissionClosingCancelled,
    MissionReceiving,
    MissionReceivingEnded,
    MissionRetargeted,
)
from shared.domain import Moment, Text


def voided(mission: Mission) -> tuple[int, ...]:
    """The conditions whose accepted evidence speaks of the receiver, and is to be given anew for another."""
    return tuple(condition for condition in OF_RECEIVER if condition in mission.evidence)


def redirect(
    mission: Mission, former: Mission | None, receiver: Mission | None, moment: Moment
) -> tuple[int, ...]:
    """Let a closing mission go to another receiver; return the conditions to be evidenced anew.

    Whoever waived one of those answered for the former receiver: that counts no longer either.
    """
    closing, void = mission.must_be_closing(), voided(mission)
    if receiver is not None:
        receiver.check_open()
    mission.record(
        MissionRetargeted(
            decree=closing.decree,
            measure=closing.measure,
            receiver=None if receiver is None else receiver.id,
            former_receiver=closing.receiver,
            void=void,
            waivers_void=tuple(condition for condition in OF_RECEIVER if condition in mission.waivers),
        ),
        moment,
    )
    if former is not None:
        _no_longer_receives(former, mission.id, closing.decree, closing.measure, moment)
    if receiver is not None:
        receiving = MissionReceiving(decree=closing.decree, measure=closing.measure, from_mission=mission.id)
        receiver.record(receiving, moment)
    return void


def call_off(mission: Mission, former: Mission | None, moment: Moment) -> None:
    """Let a mission whose closing had begun be open again."""
    closing = mission.must_be_closing()
    mission.record(
        MissionClosingCancelled(decree=closing.decree, measure=closing.measure, receiver=closing.receiver),
        moment,
    )
    if former is not None:
        _no_longer_receives(former, mission.id, closing.decree, closing.measure, moment)


def done_already(mission: Mission, measure: str) -> tuple[Irreversible, ...]:
    """What was done under a measure and no amendment undoes: a closing, a note, postings ended."""
    closing = mission.closing
    if closing is None or closing.measure != measure:
        return ()
    if mission.state is not MissionState.CLOSING:
        return (Irreversible(measure=measure, what=CLOSED, references=(mission.id,)),)
    done = []
    if (note := mission.evidence.get(HOST_NOTIFIED)) is not None:
        done.append(
            Irreversible(measure=measure, what=NOTIFIED, condition=HOST_NOTIFIED, references=note.evidence)
        )
    if mission.left:
        done.append(Irreversible(measure=measure, what=LEFT, references=tuple(sorted(mission.left))))
    return tuple(done)


CLOSED = Text(en="The mission is closed.", ar="أُقفلت البعثة.")
NOTIFIED = Text(en="The host State was notified of the closing.", ar="أُبلغت الدولة المضيفة بالإقفال.")
LEFT = Text(en="These people's postings have ended.", ar="انتهى إيفاد هؤلاء.")


def _no_longer_receives(former: Mission, mission: str, decree: str, measure: str, moment: Moment) -> None:
    ended = MissionReceivingEnded(decree=decree, measure=measure, from_mission=mission)
    former.record(ended, moment)
