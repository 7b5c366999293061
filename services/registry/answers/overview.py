"""What is counted."""

from services.registry.measure import MeasureState
from services.registry.mission import MissionState
from shared.service.answers import Overview
from shared.web import AnswerModel


class DecreeCounts(AnswerModel):
    """The measures and missions of a decree by state."""

    measures: dict[MeasureState, int]
    missions: dict[MissionState, int]


class RegistryOverview(Overview):
    """How far the registry is; `erasures_pending` counts the keys that are still to be destroyed."""

    decrees: dict[str, DecreeCounts]
    erasures_pending: int
