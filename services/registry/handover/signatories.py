"""Who may sign the closing minutes, and for whom (product design, "Mission", condition 12).

For the outgoing side the head of the mission does, for the receiving side the head of the mission that
receives it or a department, for the inspection a department. Which departments do is data: each declares it.
"""

from dataclasses import dataclass
from datetime import datetime

from services.registry.mission import Mission
from services.registry.organisation import Organisation
from shared.contracts.registry import Signatory
from shared.domain import Actor, Text

HEAD_OF_MISSION = "head-of-mission"
"""The role in which the head of a mission acts, for the mission that the token names."""

SIDES = {
    Signatory.OUTGOING: Text(en="the outgoing side", ar="المسلِّم"),
    Signatory.RECEIVING: Text(en="the receiving side", ar="المستلم"),
    Signatory.INSPECTION: Text(en="the inspection", ar="التفتيش"),
}

NO_DEPARTMENT = Text(en="No department declares that it signs for it.", ar="لم تعلن أي إدارة أنها توقّع عنه.")


@dataclass(frozen=True, slots=True)
class Entitled:
    """Who may sign for a side: the head of `mission`, where one is named, and whoever acts for a department.

    `departments` is None for a side that is no department's.
    """

    mission: str | None
    departments: tuple[str, ...] | None

    def as_head(self, actor: Actor) -> bool:
        """Whether the actor heads the mission whose head may sign, or acts for who does."""
        return actor.role == HEAD_OF_MISSION and actor.mission is not None and actor.mission == self.mission

    def told(self) -> Text:
        """Name them; where departments may and none declares it, that is told."""
        named = [] if self.mission is None else [_HEAD.format(mission=self.mission)]
        named += [_DEPARTMENT.format(department=key) for key in self.departments or ()]
        sentences = [_told(named)] if named else []
        if self.departments == ():
            sentences.append(NO_DEPARTMENT)
        return Text(
            en=" ".join(sentence.in_language("en") for sentence in sentences),
            ar=" ".join(sentence.in_language("ar") for sentence in sentences),
        )


_HEAD = Text(en="the head of {mission}", ar="رئيس البعثة {mission}")
_DEPARTMENT = Text(en="the department {department}", ar="الإدارة {department}")


def _told(named: list[Text]) -> Text:
    en = ", ".join(one.in_language("en") for one in named)
    ar = "، ".join(one.in_language("ar") for one in named)
    return Text(en=f"These may: {en}.", ar=f"يجوز ذلك لكل من: {ar}.")


def who_may_sign(
    organisation: Organisation, mission: Mission, signatory: Signatory, at: datetime | None = None
) -> Entitled:
    """Return who may sign the closing minutes of a mission for a side, now or as of a moment."""
    receiver = None if mission.closing is None else mission.closing.receiver
    match signatory:
        case Signatory.OUTGOING:
            return Entitled(mission.id, None)
        case Signatory.RECEIVING:
            return Entitled(receiver, organisation.who_signs(signatory, at))
        case Signatory.INSPECTION:
            return Entitled(None, organisation.who_signs(signatory, at))
