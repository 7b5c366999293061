"""What the kernel tells of a process: memory, descriptors, threads."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True)
class Process:
    """One look at a process, or at a family of them: proportional set size in MiB, descriptors, threads."""

    pid: int
    memory: float
    descriptors: int
    threads: int


def look(pid: int) -> Process | None:
    """Look at a process; None where it is gone."""
    folder = Path(f"/proc/{pid}")
    try:
        memory = _pss(folder)
        descriptors = len(list((folder / "fd").iterdir()))
        threads = len(list((folder / "task").iterdir()))
    except OSError:
        return None
    return Process(pid, memory, descriptors, threads)


def look_at_family(pid: int) -> Process | None:
    """Look at a process and its descendants together."""
    looks = [found for one in family(pid) if (found := look(one)) is not None]
    if not looks:
        return None
    return Process(
        pid,
        sum(one.memory for one in looks),
        sum(one.descriptors for one in looks),
        sum(one.threads for one in looks),
    )


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    with suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                yield from family(int(child))


def _pss(folder: Path) -> float:
    for line in (folder / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / MIB
    raise OSError(f"{folder} tells no memory")
