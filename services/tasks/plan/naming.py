"""How the tasks of a plan are named."""

from collections.abc import Container


def task_id(owner: str, number: int) -> str:
    """Name a task after its plan or decree: ``298-2025-a2-r01-t05``, ``298-2025-t40``."""
    return f"{owner}-t{number:02d}"


def next_id(owner: str, number: int, taken: Container[str]) -> str:
    """Name a task of that number; one that is planned anew is told from the earlier ones: ``…-t05-2``."""
    first = name = task_id(owner, number)
    times = 1
    while name in taken:
        times += 1
        name = f"{first}-{times}"
    return name
