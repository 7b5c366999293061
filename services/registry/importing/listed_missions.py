"""Lists of missions as steps, and what stands against them, row by row; pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from services.registry.importing.facts import described
from services.registry.importing.plan import mission_step
from services.registry.importing.step import Step
from services.registry.mission import Mission, MissionState
from services.registry.reading import Reading
from shared.contracts.registry import MissionRegistered
from shared.domain import Text
from shared.dossier.lists import ListedMission
from shared.dossier.lists.cells import trimmed
from shared.dossier.lists.missions import OVER
from shared.dossier.lists.tables import problem_at
from shared.dossier.problems import Problem

MISSIONS = "missions"

_COLUMNS = {
    "mission_kind": "kind",
    "name": "name_en",
    "host": "host",
    "city": "city_en",
    "accreditations": "accreditations",
    "posts": "posts",
    "planned": "state",
    "confidence": "confidence",
    "provenance": "provenance",
}
"""The column of each part of a mission's description."""

_FIELDS = {"mission_kind": "kind"}


def mission_steps(missions: Iterable[ListedMission]) -> list[Step]:
    """Register the missions that are not there; one that is stays as it is."""

    def step(listed: ListedMission) -> Step:
        return mission_step(MISSIONS, listed.form.id, described(listed.form, listed.provenance))

    return [step(listed) for listed in missions]


def new_missions(missions: Iterable[ListedMission], reading: Reading) -> list[ListedMission]:
    """Return those that are not there."""
    return [listed for listed in missions if not reading.get(Mission, listed.form.id).exists]


def mission_conflicts(missions: Iterable[ListedMission], reading: Reading) -> list[Problem]:
    """Return what is known otherwise, column by column, and what is over and cannot be entered."""
    return [found for listed in missions for found in _mission_conflicts(listed, reading)]


def _mission_conflicts(listed: ListedMission, reading: Reading) -> Iterator[Problem]:
    if "id" in listed.wrong:
        return
    mission = reading.get(Mission, listed.form.id)
    if mission.registered is None:
        if listed.listed_as in OVER:
            yield problem_at(
                MISSIONS,
                listed.row,
                "state",
                Text(
                    en=f"A mission that is {listed.listed_as} and is not known here cannot be entered.",
                    ar=f"لا يمكن إدخال بعثة حالتها {listed.listed_as} وليست معروفة هنا.",
                ),
                Text(en="Leave the row out.", ar="احذف الصف."),
            )
        return
    told = described(listed.form, listed.provenance)
    known = (mission.registered, _as_it_is(mission, mission.registered))
    for part, column in _COLUMNS.items():
        if _FIELDS.get(part, part) in listed.wrong:
            continue
        if getattr(told, part) not in [_as_listed(getattr(one, part)) for one in known]:
            yield problem_at(
                MISSIONS,
                listed.row,
                column,
                Text(
                    en=f"{mission.id} is already stored with another value here.",
                    ar=f"{mission.id} مخزَّنة بقيمة أخرى هنا.",
                ),
                Text(
                    en="Write what is stored; a decree's measure changes it.",
                    ar="اكتب ما هو مخزَّن؛ والتغيير يكون بإجراء من قرار.",
                ),
            )


def _as_listed(known: Any) -> Any:
    """Return what is known as a list tells it: a text has nothing at its ends that nobody sees."""
    if not isinstance(known, Text):
        return known
    return known.model_copy(update={name: trimmed(text) for name, text in known if text is not None})


def _as_it_is(mission: Mission, registered: MissionRegistered) -> MissionRegistered:
    """Describe a mission with what measures have made of it."""
    now = {
        "mission_kind": mission.mission_kind,
        "city": mission.city,
        "posts": mission.posts,
        "planned": mission.state is MissionState.PLANNED,
        "accreditations": mission.states[1:],
    }
    return registered.model_copy(update=now)
