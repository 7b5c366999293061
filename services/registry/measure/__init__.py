"""Measures: the rows of a decree's table, each an aggregate of its own."""

from services.registry.measure.measure import Measure
from services.registry.measure.state import MeasureState

__all__ = ["Measure", "MeasureState"]
