"""The terms of a task that a change of its plan may change."""

from shared.contracts.tasks import TaskFact, TaskTerms

TERMS = tuple(name for name in TaskTerms.model_fields if name not in TaskFact.model_fields)
"""Every field of its terms but its query keys, which stay."""
