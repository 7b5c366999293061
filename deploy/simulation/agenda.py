"""What is still to be done in a simulation, in the order of its time."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from deploy.simulation.form import ActorForm, ScenarioForm, StepForm, WorkForm


@dataclass(frozen=True)
class Request:
    """A request that somebody sends at a moment. `key` is its idempotency key: the same in every run."""

    step: int
    actor: ActorForm
    method: str
    path: str
    body: dict[str, Any] | None
    key: str
    effective_at: datetime | None = None
    expect: int | str | None = None
    about: StepForm | None = None

    @property
    def service(self) -> str:
        """The service that it goes to."""
        return self.path.split("/")[1]

    def __str__(self) -> str:
        return f"{self.method} {self.path} as {self.actor.subject}"


@dataclass(frozen=True)
class Work:
    """Tasks to be carried through from a moment on; which requests that takes is known only then."""

    step: int
    form: WorkForm
    office: ActorForm
    about: StepForm


@dataclass(order=True)
class Entry:
    """Something at a moment; what was put down first goes first."""

    moment: datetime
    number: int
    what: Request | Work = field(compare=False)


class Agenda:
    """A queue by moment, into which more is put while it is worked off."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._number = 0

    def put(self, moment: datetime, what: Request | Work) -> None:
        """Put something down."""
        self._number += 1
        heapq.heappush(self._entries, Entry(moment.astimezone(UTC), self._number, what))

    @property
    def next_moment(self) -> datetime | None:
        """When the next thing is to be done; None where nothing is left."""
        return self._entries[0].moment if self._entries else None

    def due(self, now: datetime) -> Iterator[Request | Work]:
        """Take what is to be done by a moment, one by one; what is put down meanwhile counts too."""
        while self._entries and self._entries[0].moment <= now:
            yield heapq.heappop(self._entries).what


def agenda_of(form: ScenarioForm) -> Agenda:
    """Put down every step of a scenario."""
    agenda = Agenda()
    for number, step in enumerate(form.steps, 1):
        moment, actor = form.moment(step.at), form.actor(step.actor)
        if step.work is not None:
            agenda.put(moment, Work(number, step.work, actor, step))
            continue
        assert step.do is not None, "the form asks for one of both"
        method, _, path = step.do.partition(" ")
        for index, values in enumerate(step.each):
            effective = None if step.effective_at is None else form.moment(step.effective_at)
            agenda.put(
                moment,
                Request(
                    step=number,
                    actor=actor,
                    method=method,
                    path=_filled(path, values),
                    body=_filled(step.body, values),
                    key=f"{form.name}/{number}/{index}",
                    effective_at=effective,
                    expect=step.expect,
                    about=step,
                ),
            )
    return agenda


def _filled(value: Any, values: dict[str, str]) -> Any:
    """Put the values in place of ``{name}``, in every text of a JSON value."""
    if isinstance(value, str):
        for name, content in values.items():
            value = value.replace(f"{{{name}}}", content)
        return value
    if isinstance(value, dict):
        return {name: _filled(one, values) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values) for one in value]
    return value
