"""The closing of a mission: twelve conditions, what each lacks, and who answers where one is not met."""

from services.registry.closing.closing import close
from services.registry.closing.facts import ClosingFacts, gather
from services.registry.closing.judging import Finding, examine

__all__ = ["ClosingFacts", "Finding", "close", "examine", "gather"]
