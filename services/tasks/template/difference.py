"""What differs between two versions of a procedure, task by task and field by field."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.contracts.tasks import DecreeTask, ProcedureTask, TemplateAdopted

Step = ProcedureTask | DecreeTask
HEAD = ("label", "title", "calendar", "roll", "warn_days", "measure_kinds")


def difference(old: TemplateAdopted, new: TemplateAdopted) -> dict[str, Any]:
    """Tell what `new` has otherwise than `old`; tasks are known by their numbers."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    return {
        "template": new.template,
        "from": old.version,
        "to": new.version,
        "changed": {name: _pair(before[name], after[name]) for name in HEAD if before[name] != after[name]},
        "tasks": between(old.tasks, new.tasks),
        "decree_tasks": between(old.decree_tasks, new.decree_tasks),
    }


def between(old: Sequence[Step], new: Sequence[Step]) -> dict[str, Any]:
    """Tell which tasks were added and dropped, and which fields of the others changed."""
    before, after = _by_number(old), _by_number(new)
    return {
        "added": [after[number] for number in after if number not in before],
        "dropped": [before[number] for number in before if number not in after],
        "changed": [
            {"number": number, "fields": changed}
            for number in after
            if number in before and (changed := fields_between(before[number], after[number]))
        ],
    }


def fields_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields that differ, each as it was and as it is."""
    return {
        name: _pair(before[name], after[name])
        for name in after
        if name in before and before[name] != after[name]
    }


def _by_number(steps: Sequence[Step]) -> dict[int, dict[str, Any]]:
    return {step.number: step.model_dump(mode="json") for step in sorted(steps, key=lambda step: step.number)}


def _pair(before: Any, after: Any) -> dict[str, Any]:
    return {"from": before, "to": after}
