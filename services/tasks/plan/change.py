"""A change of a plan, worked out before anything of it is recorded."""

from dataclasses import dataclass, field

from shared.contracts.tasks import PlannedTask, TaskPlanned, TaskTerms


@dataclass(frozen=True, slots=True)
class Replanning:
    """Which tasks are added, changed, dropped and superseded, and which conditions are void.

    `added` and `changed` are told as they are to be; those changed are open tasks of the plan. What is
    dropped is given up; what is superseded counts no longer.
    """

    added: tuple[TaskPlanned, ...] = ()
    by_hand: bool = False
    changed: dict[str, TaskTerms] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    superseded: tuple[str, ...] = ()
    void: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.added or self.changed or self.dropped or self.superseded or self.void)

    def listed(self) -> tuple[PlannedTask, ...]:
        """The tasks that it adds, as the plan lists them."""
        return tuple(in_plan(task, added=self.by_hand) for task in self.added)


def in_plan(task: TaskTerms, *, added: bool = False) -> PlannedTask:
    """A task as its plan lists it."""
    return PlannedTask(
        task=task.task,
        number=task.number,
        gate=task.gate,
        needs_dates=task.needs_dates,
        completed_by=task.completed_by,
        added=added,
        counts_by=task.counts_by,
    )
